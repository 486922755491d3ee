"""Lots, the double-entry ledger, balances: the only room that draws.

What a plan offers and what a contract says is in `contracts`; why something is drawn is known by the caller, who
names it in the movement's idempotency key.
"""
