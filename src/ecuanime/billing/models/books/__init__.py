"""How the books are kept: series, closed periods, accounts, other currencies, what others issued."""
