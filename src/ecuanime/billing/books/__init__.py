"""What the books say: accounts, closed days, journal, taxes, other currencies, and files for other programs."""
