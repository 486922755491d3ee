"""What passes by the bank: statements, mandates and direct debits."""
