"""How a draft is written: its lines of time, their taxes and discounts, and what its customer keeps back."""
