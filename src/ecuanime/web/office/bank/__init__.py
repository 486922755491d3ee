"""What passes by the bank: statements, direct debits, card payments."""
