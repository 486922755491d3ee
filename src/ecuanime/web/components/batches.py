"""Entries that one click approves together: everything that waits, or all of one ticket."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ecuanime.tickets.models import Ticket
from ecuanime.worklog.queries import EntryLine


@dataclass(frozen=True)
class Batch:
    """Entries approved together: what each posts (`id:version`), and their rounded minutes. No `ticket`: everything."""

    ticket: Ticket | None
    seen: tuple[str, ...]
    minutes: int

    @property
    def count(self) -> int:
        """How many entries they are."""
        return len(self.seen)


def batches_of(lines: Iterable[tuple[EntryLine, str]]) -> list[Batch]:
    """Everything, then each ticket that has several of these lines (each with what it posts); none below two lines."""
    listed = list(lines)
    if len(listed) < 2:
        return []
    by_ticket: dict[int, list[tuple[EntryLine, str]]] = {}
    for line, seen in listed:
        by_ticket.setdefault(line.entry.ticket_id, []).append((line, seen))
    several = [rows for rows in by_ticket.values() if 1 < len(rows) < len(listed)]
    return [_batch(None, listed), *(_batch(rows[0][0].entry.ticket, rows) for rows in several)]


def _batch(ticket: Ticket | None, rows: list[tuple[EntryLine, str]]) -> Batch:
    minutes = sum(line.figures.rounded_minutes for line, _seen in rows if line.figures)
    return Batch(ticket, tuple(seen for _line, seen in rows), minutes)
