"""The firm's settings and the steps of the set-up."""
