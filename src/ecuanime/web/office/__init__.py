"""Clients, contracts, hours, invoices, settings: what runs the firm."""
