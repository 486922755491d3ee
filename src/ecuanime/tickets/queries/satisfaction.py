"""How content clients were, in figures, with the answers behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from ecuanime.clients.models import Client
from ecuanime.tickets.models import Level, Opinion, Ticket


@dataclass(frozen=True)
class Satisfaction:
    """Of the questions asked in a span: how many, and how many answers of each level (those of `Level`)."""

    asked: int
    by_level: Mapping[int, int]

    @property
    def answered(self) -> int:
        """How many were answered."""
        return sum(self.by_level.values())

    @property
    def content(self) -> int:
        """How many were answered with good or very good."""
        return self.by_level[Level.GOOD] + self.by_level[Level.VERY_GOOD]


def satisfaction_between(start: datetime, end: datetime, *, client: Client | None = None) -> Satisfaction:
    """What was asked from `start` up to `end`, of one client or of all, in one query."""
    rows = opinions_between(start, end, client=client).values_list("level").annotate(Count("pk")).order_by()
    counts = dict(rows)
    by_level = {level: counts.get(level, 0) for level in Level.values}
    return Satisfaction(asked=sum(counts.values()), by_level=by_level)


def opinions_between(start: datetime, end: datetime, *, client: Client | None = None) -> QuerySet[Opinion]:
    """The questions asked in a span, answered or not, with ticket and contact: the list behind the figures."""
    rows = Opinion.objects.filter(asked_at__gte=start, asked_at__lt=end).select_related("ticket", "contact")
    return rows.filter(ticket__client=client) if client else rows


def opinion_of(ticket: Ticket) -> Opinion | None:
    """What was asked about this ticket, and answered."""
    return Opinion.objects.filter(ticket=ticket).first()
