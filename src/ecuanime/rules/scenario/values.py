"""What a scenario says: one contract's terms, its lots, what was worked, what is booked already, and the tax."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from ..calendars import local_date
from ..packs import Lot
from ..rating import Booked, Terms, Work

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
    level: str | None = None
    urgent: bool = False
    emergency: bool = False
    units: Decimal = _ONE

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
        return Work(
            id=self.id,
            ticket_id=self.ticket_id,
            work_on=on,
            elapsed_seconds=elapsed,
            billable_seconds=elapsed if self.billable_seconds is None else self.billable_seconds,
            work_type=self.work_type,
            approved_order=place if self.approved_order is None else self.approved_order,
            started_at=self.started_at,
            ended_at=self.ended_at,
            visit_id=self.visit_id,
            area=self.area,
            level=self.level,
            urgent=self.urgent,
            emergency=self.emergency,
            units=self.units,
        )


@dataclass(frozen=True)
class Scenario:
    """Everything that rating needs, and nothing that it looks up elsewhere.

    `used_overage_hundredths` is the overage that counts against the contract's limit already.
    """

    contract: Terms
    entries: tuple[Entry, ...]
    lots: tuple[Lot, ...] = ()
    booked: tuple[Booked, ...] = ()
    used_overage_hundredths: int = 0
    tax: Taxation = NO_TAX

    @property
    def works(self) -> tuple[Work, ...]:
        """The entries as rating takes them."""
        return tuple(entry.work(self.contract.zone, place) for place, entry in enumerate(self.entries))
