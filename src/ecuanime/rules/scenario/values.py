"""What a scenario says: one contract's terms, what was worked, what earlier runs left, and the tax."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from ..calendars import local_date
from ..rating import State, Terms, Work

_ZERO = Decimal(0)
_ONE = Decimal(1)
_SECOND = timedelta(seconds=1)


class TaxRounding(StrEnum):
    """Where a tax is rounded: once on the sum of its lines, or line by line."""

    SUM = "sum"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Taxation:
    """The tax on every line, in per cent, and where it is rounded."""

    percent: Decimal = _ZERO
    rounding: TaxRounding = TaxRounding.SUM


NO_TAX = Taxation()
NOTHING_BEFORE = State()


@dataclass(frozen=True, slots=True)
class Entry:
    """One approved time entry. What the clock times tell need not be said again: day, duration, billable time.

    Without clock times it says its day and its duration. Entries are approved in the order given, unless
    `approved_order` says otherwise.
    """

    id: int
    work_type: str
    started_at: datetime | None = None
    ended_at: datetime | None = None
    work_on: date | None = None
    elapsed_seconds: int | None = None
    billable_seconds: int | None = None
    approved_order: int | None = None
    ticket_id: int = 0
    visit_id: int | None = None
    area: str | None = None
    site: str | None = None
    level: str | None = None
    urgent: bool = False
    emergency: bool = False
    units: Decimal = _ONE
    ticket_opened_on: date | None = None

    def work(self, zone: str, place: int) -> Work:
        """The entry as rating takes it, read in the contract's zone.

        Raises ValueError for an entry that says neither clock times nor day and duration.
        """
        on, elapsed = self.work_on, self.elapsed_seconds
        if self.started_at is not None and self.ended_at is not None:
            on = on or local_date(self.started_at, zone)
            elapsed = (self.ended_at - self.started_at) // _SECOND if elapsed is None else elapsed
        if on is None or elapsed is None:
            raise ValueError("an entry has clock times, or its day and its duration")
        said = {each.name: getattr(self, each.name) for each in fields(self)}
        told = {
            "work_on": on,
            "elapsed_seconds": elapsed,
            "billable_seconds": elapsed if self.billable_seconds is None else self.billable_seconds,
            "approved_order": place if self.approved_order is None else self.approved_order,
        }
        return Work(**said | told)


@dataclass(frozen=True)
class Scenario:
    """Everything that rating needs, and nothing that it looks up elsewhere: `before` is what earlier runs left."""

    contract: Terms
    entries: tuple[Entry, ...]
    before: State = NOTHING_BEFORE
    tax: Taxation = NO_TAX

    @property
    def works(self) -> tuple[Work, ...]:
        """The entries as rating takes them."""
        return tuple(entry.work(self.contract.zone, place) for place, entry in enumerate(self.entries))
