"""Charges, runs and documents, with their lines, taxes, discounts and annex."""
