"""Issuing a document, many at once, by mail, or in another program."""
