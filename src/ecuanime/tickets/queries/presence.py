"""Who else looks at a ticket, and who is writing on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Subquery

from ecuanime.accounts.models import User
from ecuanime.tickets.models import Draft, Presence, Ticket

LOOKS_FOR = timedelta(seconds=50)
"""A page says every 20 seconds that it is open: after two that were missed it is taken to be closed."""
WRITES_FOR = timedelta(seconds=30)
"""A draft is kept every few seconds while somebody types."""


@dataclass(frozen=True)
class Present:
    """Somebody with the ticket before them; `writes` is the kind of draft they are at, or empty."""

    name: str
    writes: str


def others_present(ticket: Ticket, user: User, *, now: datetime) -> list[Present]:
    """Who else has the ticket before them, those who write first, in one query."""
    drafts = Draft.objects.filter(ticket=ticket, user=OuterRef("user"), saved_at__gt=now - WRITES_FOR)
    writes = Subquery(drafts.order_by("-saved_at").values("kind")[:1])
    rows = Presence.objects.filter(ticket=ticket, seen_at__gt=now - LOOKS_FOR).exclude(user=user)
    found = rows.annotate(writes=writes).order_by("user__name").values_list("user__name", "writes")
    return sorted((Present(name, kind or "") for name, kind in found), key=lambda one: not one.writes)
