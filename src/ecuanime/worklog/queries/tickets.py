"""The time of one ticket, and of one entry."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F

from ecuanime.tickets.models import Ticket
from ecuanime.worklog.figures import Totals
from ecuanime.worklog.models import TimeEntry
from ecuanime.worklog.queries.lines import EntryLine, lines_of, totals_of_lines
from ecuanime.worklog.rating import with_relations


@dataclass(frozen=True)
class TicketTime:
    """A ticket's entries in the order of the work, and their sums."""

    lines: tuple[EntryLine, ...]
    totals: Totals


def time_of_ticket(ticket: Ticket, *, limit: int = 200) -> TicketTime:
    """What was worked on a ticket; of very many entries the latest `limit`."""
    rows = with_relations(TimeEntry.objects.filter(ticket=ticket)).select_related("cut")
    latest = rows.order_by("-work_on", F("started_at").desc(nulls_last=True), "-id")[:limit]
    lines = lines_of(list(reversed(latest)))
    return TicketTime(tuple(lines), totals_of_lines(lines))


def entry_line(entry: TimeEntry) -> EntryLine:
    """One entry with all that its page shows."""
    rows = with_relations(TimeEntry.objects.filter(pk=entry.pk)).select_related("cut")
    return lines_of(list(rows))[0]
