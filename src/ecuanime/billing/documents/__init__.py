"""A document as it stands: its parties, number and tag, and the frozen values that its PDF is drawn from."""
