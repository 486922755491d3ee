"""Walks all that billing keeps and says what is wrong: what `ecuanime verify` asks of this room."""
