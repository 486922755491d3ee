"""The Django floor every room stands on.

Keeps the audit chain, published events, files stored by hash, sealed secrets, the settings reader and the
embedded database. It knows no noun of the trade: those live in the rooms above.
"""
