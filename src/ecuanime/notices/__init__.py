"""What people of the firm are told: notices in the product, and the same by mail or push, bundled.

It knows no ticket: a higher room says whom it concerns, in which words and where it leads. How something is told is a
registry with one folder per kind, `notifiers`.
"""
