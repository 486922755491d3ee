"""Requests of anybody through the public form: nothing opens before the address is proved by a link."""
