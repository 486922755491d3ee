"""Correcting what was issued: credit notes, fees not used, documents replaced or taken back."""
