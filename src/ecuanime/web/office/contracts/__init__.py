"""Contracts from offer to end, their lots and their statements."""
