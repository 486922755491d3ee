"""Reading clocks because time has passed, or because what is promised to many has changed."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import DatabaseError, transaction

from ecuanime.tickets.actions.clocks import keep_clocks
from ecuanime.tickets.actions.common import lock
from ecuanime.tickets.models import OPEN_STATES, Deadline, Ticket

BATCH = 500

logger = logging.getLogger(__name__)


def tell_due_deadlines(*, now: datetime) -> int:
    """Read the clocks of the tickets whose warning or end has come, each by itself; returns how many were read."""
    due = Deadline.objects.filter(next_due_at__isnull=False, next_due_at__lte=now).order_by("next_due_at")
    keys = dict.fromkeys(due.values_list("ticket_id", flat=True)[:BATCH])
    return sum(_read_again(key, now) for key in keys)


def renew_promises(*, now: datetime) -> int:
    """Look at every open ticket again after what is promised, or a holiday, has changed; returns how many were read."""
    keys = Ticket.objects.filter(state__in=OPEN_STATES).order_by("pk").values_list("pk", flat=True)
    return sum(_read_again(key, now) for key in keys.iterator())


def _read_again(key: int, now: datetime) -> bool:
    """Read one ticket's clocks; one that fails is left as it was. Its version stays: nobody has changed it."""
    try:
        with transaction.atomic():
            ticket = lock(Ticket(pk=key))
            keep_clocks(ticket, now=now)
            Ticket.objects.filter(pk=key).update(due_at=ticket.due_at, due_metric=ticket.due_metric)
    except DatabaseError:
        logger.exception("the clocks of ticket row %s could not be read; they stay due", key)
        return False
    return True
