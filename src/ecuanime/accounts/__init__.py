"""Who can sign in: people of the firm and contacts of its clients alike, their roles, tokens and links.

It leaves to `staff` who the firm is, and to `clients` whose contact an account belongs to.
"""
