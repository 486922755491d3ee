"""A realistic firm to try the product with: filled in by one click, marked on everything it issues, and removable.

It writes through the rooms' own actions, so what it shows is what the product does.
"""
