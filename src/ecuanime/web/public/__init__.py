"""What anybody may open: sign-in, set-up, health."""
