"""Giving tickets out by themselves, where the firm wants so."""

from __future__ import annotations

import json
from datetime import datetime

from django.db import transaction

from ecuanime.rules.assignment import Candidate
from ecuanime.staff.models import Firm
from ecuanime.tickets.actions.changing import assign
from ecuanime.tickets.actions.common import lock
from ecuanime.tickets.actions.giving import is_given_out
from ecuanime.tickets.models import Ticket, TicketEvent
from ecuanime.tickets.queries.assignment import suggestion_for


@transaction.atomic
def assign_by_policy(*, ticket: Ticket, now: datetime) -> Ticket:
    """Give an open ticket of a known client to whoever should answer it, if its queue or the firm wants so.

    Nothing happens when somebody has it already or nobody can be asked, so a repeat changes nothing. The firm's row is
    held meanwhile: two tickets at once are given out one after the other, each with the other's in the load.
    """
    Firm.objects.select_for_update().get()
    ticket = lock(ticket)
    if not is_given_out(ticket):
        return ticket
    suggestion = suggestion_for(ticket, now=now)
    chosen = suggestion.ranking.best
    if chosen is None:
        return ticket
    ticket = assign(ticket=ticket, assignee=suggestion.people[chosen.key], by=None, now=now)
    why = _facts(chosen)
    TicketEvent.objects.create(ticket=ticket, at=now, field="assignee_why", after=why)
    return ticket


def _facts(chosen: Candidate) -> str:
    """The reason as facts; the words are made when it is read."""
    until, from_ = chosen.attendance.until, chosen.attendance.from_
    facts: dict[str, int | str] = {"level": chosen.level, "open": chosen.open_tickets}
    if until is not None:
        facts["until"] = until.isoformat()
    elif from_ is not None:
        facts["from"] = from_.isoformat()
    return json.dumps(facts)
