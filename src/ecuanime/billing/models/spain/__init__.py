"""The invoice records of Spain, and their sending to its tax agency."""
