"""Spain: the register of invoice records, and the tax agency."""
