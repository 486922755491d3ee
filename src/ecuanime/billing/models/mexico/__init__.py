"""What the country pack of Mexico keeps: how it stamps, and what was stamped."""
