"""Notices by push, to the services that the library Apprise speaks to."""
