"""Ecuánime runs a support company: tickets, contracts, approved hours and invoices that explain themselves."""

__version__ = "0.1.0"
