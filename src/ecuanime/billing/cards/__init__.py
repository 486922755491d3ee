"""Card payments by Stripe: what is asked of its API, what its events say, and in which units it counts money.

Nothing here reads or writes the database; what is done with it is in the actions.
"""
