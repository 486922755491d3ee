"""What the screens are drawn with: formats and geometry as plain functions, which the template tags call."""
