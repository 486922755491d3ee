"""Regular jobs of tickets."""

from __future__ import annotations

from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.jobs import job
from ecuanime.tickets import actions


@job(name="tickets.close_silent_tickets", queue="tickets", queueing_lock="tickets.close_silent_tickets")
def close_silent_tickets(timestamp: int) -> None:
    """Close the solved tickets nobody has written on for the firm's number of days."""
    actions.close_silent_tickets(now=read_clock())
