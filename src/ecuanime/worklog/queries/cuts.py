"""The daily cut as the supervisor sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from ecuanime.clients.models import Client, Contact
from ecuanime.worklog.figures import Figures, Totals
from ecuanime.worklog.models import Cut, Decision, TimeEntry
from ecuanime.worklog.queries.day import StuckTimer


@dataclass(frozen=True)
class EntryLine:
    """An entry (with ticket, person, work type and contract) and what it comes to.

    `figures` is None while it has no contract. `problems` are codes of what keeps it from being approved:
    `no_contract`, `overlap`, `no_rate`, `outside_contract`, `consent`; `warnings` only inform: `no_evidence` (nothing
    was written on the ticket that day), `late` (done before the cut's day), `own_time`.
    """

    entry: TimeEntry
    figures: Figures | None
    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    overlaps: tuple[TimeEntry, ...]
    last_decision: Decision | None


@dataclass(frozen=True)
class ClientCut:
    """One client's part of the day. `cut` is None while the day is not closed for them."""

    client: Client
    cut: Cut | None
    lines: tuple[EntryLine, ...]
    totals: Totals
    leads: tuple[Contact, ...]

    def count(self, state: str) -> int:
        """How many of its entries are in a state."""
        return sum(line.entry.state == state for line in self.lines)

    @property
    def waits_for_notice(self) -> bool:
        """Whether reviewed entries wait to be sent to the client."""
        return any(line.entry.state == "reviewed" and line.entry.told_at is None for line in self.lines)


@dataclass(frozen=True)
class CutPage:
    """A day: by client, those that wait for the supervisor first."""

    day: date
    closed_at: datetime | None
    clients: tuple[ClientCut, ...]
    totals: Totals
    stuck: tuple[StuckTimer, ...]


@dataclass(frozen=True)
class CutDay:
    """A day in the list: how many entries are in each state (values of EntryState), and when it was closed."""

    day: date
    closed_at: datetime | None
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many entries it has."""
        return sum(self.counts.values())


def cut_page(day: date, *, now: datetime) -> CutPage:
    """The cut of a day: its closed entries by client, and those of that day which are still open."""
    raise NotImplementedError


def cut_days(*, before: date | None = None, limit: int = 14) -> list[CutDay]:
    """The days that have entries, the newest first, from the one before `before` on."""
    raise NotImplementedError


def days_to_close(now: datetime) -> list[date]:
    """The days whose hour of closing has come and that were not closed yet, the oldest first."""
    raise NotImplementedError


def due_cuts(now: datetime, *, limit: int = 100) -> list[Cut]:
    """Cuts whose client's term is over and that were not looked at since, the longest due first."""
    raise NotImplementedError


def open_disputes(*, limit: int = 50) -> list[Decision]:
    """The disputes that wait for an answer (entry, ticket, client and contact at hand), the oldest first."""
    raise NotImplementedError
