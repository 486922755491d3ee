"""Statements of the firm's bank accounts, read from camt.053 and from CSV; what is done with them is in the actions."""
