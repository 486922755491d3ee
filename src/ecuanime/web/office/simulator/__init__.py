"""What work would cost, and why."""
