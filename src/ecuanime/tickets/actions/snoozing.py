"""Putting a ticket off until a moment: it is out of sight till then, or till the client writes."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from ecuanime.accounts.models import User
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish
from ecuanime.foundation.rounds import work_through
from ecuanime.tickets.actions.common import leave_line, lock, save, wake
from ecuanime.tickets.events import TicketWoken
from ecuanime.tickets.models import OPEN_STATES, Ticket
from ecuanime.tickets.notices import page_of

LONGEST_SNOOZE = timedelta(days=366)
WAKING_BATCH = 500
WAKING = gettext_noop("Bringing back tickets that were put off")


@transaction.atomic
def snooze(
    *, ticket: Ticket, until: datetime, by: User, now: datetime, expected_version: int | None = None
) -> Ticket:
    """Put the ticket off until `until`. The clocks of what was promised run on.

    Refuses `stale`, `not_open`, `past` and `too_far` (more than a year).
    """
    ticket = lock(ticket, expected_version)
    if ticket.state not in OPEN_STATES:
        text = _("#%(number)s is done already: there is nothing to put off.")
        raise Refused("not_open", text % {"number": ticket.number})
    if until <= now:
        raise Refused("past", _("That moment has passed. Choose a later one."))
    if until - now > LONGEST_SNOOZE:
        raise Refused("too_far", _("A ticket can be put off for a year at most."))
    if ticket.snoozed_until == until:
        return ticket
    ticket.snoozed_until = until
    save(ticket)
    leave_line(ticket, "snoozed", "", until.isoformat(), by=by, now=now)
    return ticket


@transaction.atomic
def wake_ticket(*, ticket: Ticket, by: User, now: datetime) -> Ticket:
    """Bring it back before its time; nothing happens when it was not put off."""
    ticket = lock(ticket)
    if ticket.snoozed_until is not None:
        wake(ticket, by=by, now=now)
        save(ticket)
    return ticket


def wake_due_tickets(*, now: datetime) -> int:
    """Bring back the tickets whose moment has come, each by itself; returns how many."""
    due = Ticket.objects.filter(snoozed_until__isnull=False, snoozed_until__lte=now).order_by("snoozed_until")
    tickets = due.only("number")[:WAKING_BATCH]
    return sum(work_through(tickets, lambda ticket: _wake_if_due(ticket, now), work=WAKING, page=page_of))


@transaction.atomic
def _wake_if_due(ticket: Ticket, now: datetime) -> bool:
    ticket = lock(ticket)
    if ticket.snoozed_until is None or ticket.snoozed_until > now:
        return False
    wake(ticket, by=None, now=now)
    save(ticket)
    publish(TicketWoken(ticket.pk, ticket.number))
    return True
