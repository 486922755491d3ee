"""Notices by mail, through the outbox."""
