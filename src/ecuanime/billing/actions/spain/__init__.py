"""What Spain asks of issued documents: their records, and the tax agency that takes them."""
