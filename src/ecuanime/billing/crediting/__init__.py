"""How what was issued is corrected: what is left of each line, and what stands in its place."""
