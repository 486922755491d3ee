"""Noting who has a ticket before them: no change of the ticket, and no line anywhere."""

from __future__ import annotations

from datetime import datetime

from ecuanime.accounts.models import User
from ecuanime.tickets.models import Presence, Ticket


def note_presence(*, ticket: Ticket, user: User, now: datetime) -> None:
    """Somebody's page says that it is still open; one statement, whatever was noted before."""
    Presence.objects.bulk_create(
        [Presence(ticket=ticket, user=user, seen_at=now)],
        update_conflicts=True,
        unique_fields=["ticket", "user"],
        update_fields=["seen_at"],
    )
