"""The time of one ticket."""

from __future__ import annotations

from dataclasses import dataclass

from ecuanime.tickets.models import Ticket
from ecuanime.worklog.figures import Totals
from ecuanime.worklog.models import TimeEntry
from ecuanime.worklog.queries.cuts import EntryLine


@dataclass(frozen=True)
class TicketTime:
    """A ticket's entries in the order of the work, and their sums."""

    lines: tuple[EntryLine, ...]
    totals: Totals


def time_of_ticket(ticket: Ticket, *, limit: int = 200) -> TicketTime:
    """What was worked on a ticket; of very many entries the latest `limit`."""
    raise NotImplementedError


def entry_line(entry: TimeEntry) -> EntryLine:
    """One entry with all that its page shows."""
    raise NotImplementedError
