"""Keeping the books: closed periods, series, accounts, taxes, rates of exchange, received invoices."""
