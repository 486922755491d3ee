"""Money that comes, is held, is disputed, is asked for again or is given up."""
