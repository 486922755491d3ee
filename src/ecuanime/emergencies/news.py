"""When the client is due news: the rhythm that was agreed, counted from the last they had."""

from __future__ import annotations

from datetime import datetime, timedelta

from ecuanime.emergencies.conditions import the_service
from ecuanime.emergencies.models import WORKED, Emergency
from ecuanime.tickets.models import Message

RHYTHM_MINUTES = range(5, 7 * 24 * 60 + 1)
"""From five minutes to a week."""


def rhythm_of(emergency: Emergency) -> int:
    """The minutes between news that hold in a case: those agreed, else the firm's."""
    return emergency.update_minutes or the_service().update_minutes


def last_news_at(emergency: Emergency) -> datetime | None:
    """When the client last heard from the firm about the case: every reply on its ticket counts."""
    replies = Message.objects.filter(ticket=emergency.ticket_id, kind=Message.Kind.REPLY)
    said: datetime | None = replies.order_by("-created_at").values_list("created_at", flat=True).first()
    return max(filter(None, (said, emergency.opened_at)), default=None)


def news_due_at(emergency: Emergency) -> datetime | None:
    """When the client is due news; None while no work is open."""
    since = last_news_at(emergency) if emergency.stage in WORKED else None
    return None if since is None else since + timedelta(minutes=rhythm_of(emergency))
