"""The catalogue and the plan editor."""
