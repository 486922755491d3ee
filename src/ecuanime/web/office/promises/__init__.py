"""What is promised about time, and how it was kept."""
