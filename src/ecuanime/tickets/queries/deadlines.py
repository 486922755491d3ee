"""How a ticket's clocks stand, read anew with the reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from ecuanime.foundation.prepared import prepared
from ecuanime.rules.sla import Metric, Outcome, Reading
from ecuanime.tickets.clocks import clocks_of, history_of, reading_of
from ecuanime.tickets.models import Deadline, DeadlineEvent, Ticket

_ORDER = [metric.value for metric in Metric]


@dataclass(frozen=True)
class Standing:
    """One clock with its reading, and what was promised last: its source, calendar and zone."""

    metric: Metric
    number: int
    reading: Reading
    promise: dict[str, Any]
    read_at: datetime


def deadlines_of(ticket: Ticket) -> list[Deadline]:
    """A ticket's clocks as they were last read, the latest round of each, with what was promised. One query."""
    return sorted(_latest(ticket=ticket.pk), key=lambda row: _ORDER.index(row.metric))


@prepared
def _latest(*, ticket: int) -> QuerySet[Deadline]:
    rows = Deadline.objects.filter(ticket=ticket).exclude(outcome=Deadline.Outcome.NOTHING_PROMISED)
    return rows.select_related("promise").order_by("metric", "-number").distinct("metric")


def standings(ticket: Ticket, *, now: datetime) -> list[Standing]:
    """Every clock of a ticket for which something was promised, in a constant number of queries.

    Of the rounds of the next response only the last is given.
    """
    promises = list(ticket.promises.select_related("promise"))
    if not promises:
        return []
    clocks = {clock.metric: clock for clock in clocks_of(history_of(ticket))}
    content = promises[-1].promise.content
    read = ((clock, reading_of(clock, promises, now=now)) for clock in clocks.values())
    return [
        Standing(clock.metric, clock.number, reading, content, now)
        for clock, reading in sorted(read, key=lambda pair: _ORDER.index(pair[0].metric))
        if reading.outcome is not Outcome.NOTHING_PROMISED
    ]


def deadline_events_of(ticket: Ticket) -> list[DeadlineEvent]:
    """What came of the promises of a ticket, in the order in which it was noted."""
    return list(DeadlineEvent.objects.filter(deadline__ticket=ticket).select_related("deadline")[:200])
