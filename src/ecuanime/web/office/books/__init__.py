"""The books: closed periods, taxes, journal, received invoices, and files for other programs."""
