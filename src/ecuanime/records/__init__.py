"""Keeping: backup, restore and the checks that prove that nothing was lost or altered."""
