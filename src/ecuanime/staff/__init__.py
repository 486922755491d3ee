"""The firm itself: who it is, its hours and holidays, and what it is competent in.

People are accounts with roles (`accounts`); this room keeps what the firm says about itself and about them.
"""
