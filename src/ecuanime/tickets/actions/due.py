"""Reading clocks because time has passed, or because what is promised to many has changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from ecuanime.foundation.rounds import work_through
from ecuanime.tickets.actions.clocks import keep_clocks
from ecuanime.tickets.actions.common import lock
from ecuanime.tickets.models import OPEN_STATES, Deadline, Ticket
from ecuanime.tickets.notices import page_of

BATCH = 500
READING = gettext_noop("Reading the promised times of tickets")


def tell_due_deadlines(*, now: datetime) -> int:
    """Read the clocks of the tickets whose warning or end has come, each by itself; returns how many were read."""
    due = Deadline.objects.filter(next_due_at__isnull=False, next_due_at__lte=now).order_by("next_due_at")
    keys = dict.fromkeys(due.values_list("ticket_id", flat=True)[:BATCH])
    found = Ticket.objects.only("number").in_bulk(keys)
    return _read_again([found[key] for key in keys if key in found], now)


def renew_promises(*, now: datetime) -> int:
    """Look at every open ticket again after what is promised, or a holiday, has changed; returns how many were read.

    A ticket that fails does not stop the others: raises RuntimeError at the end, so that it is done again.
    """
    tickets = list(Ticket.objects.filter(state__in=OPEN_STATES).only("number").order_by("pk"))
    read = _read_again(tickets, now)
    if read < len(tickets):
        raise RuntimeError(f"{len(tickets) - read} tickets keep their former promised times, see the log")
    return read


def _read_again(tickets: Sequence[Ticket], now: datetime) -> int:
    return len(work_through(tickets, lambda ticket: _read(ticket, now), work=READING, page=page_of))


@transaction.atomic
def _read(ticket: Ticket, now: datetime) -> None:
    """Read one ticket's clocks. Its version stays: nobody has changed it."""
    ticket = lock(ticket)
    keep_clocks(ticket, now=now)
    Ticket.objects.filter(pk=ticket.pk).update(due_at=ticket.due_at, due_metric=ticket.due_metric)
