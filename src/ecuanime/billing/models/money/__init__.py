"""Payments, and the ways by which they come: the bank, direct debits, cards."""
