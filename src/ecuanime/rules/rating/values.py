"""What rating takes and gives: frozen values, no behaviour beyond their own sums.

Seconds and minutes are integers, ledger quantities are hundredths of a minute, prices are Decimal per hour
(or per unit), amounts are exact Fractions of minor units until an invoice line rounds them once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

from ..calendars import Calendar
from ..hours import Rounding
from ..packs import Drawdown
from .trace import Code, Step

T = TypeVar("T")
K = TypeVar("K")

ONE = Decimal(1)
EVERY_MINUTE_UP = Rounding()


class When(StrEnum):
    """The circumstance that a surcharge or a band's price belongs to."""

    AFTER_HOURS = "after_hours"
    HOLIDAY = "holiday"
    URGENT = "urgent"
    EMERGENCY = "emergency"


class OveragePolicy(StrEnum):
    """What becomes of work that no lot covers."""

    BILL = "bill"
    OVERDRAFT = "overdraft"
    HOLD = "hold"


class HoldReason(StrEnum):
    """Why work waits for a person instead of being billed."""

    CONSENT = "consent"
    LIMIT = "limit"
    OUTSIDE_CONTRACT = "outside_contract"
    NO_RATE = "no_rate"


@dataclass(frozen=True, slots=True)
class Work:
    """One approved time entry, as rating needs it.

    `billable_seconds` is a person's decision: the elapsed time by default, 0 for goodwill. `work_on` is the
    local date in the contract's zone. Clock times come both or not at all; without them nothing can be cut.
    `units` counts what a work type with a unit price counts (one call-out, 37 kilometres). `ticket_opened_on` is the
    local date that decides which incidents its ticket may draw (None: the work's own).
    Raises ValueError where these do not hold.
    """

    id: int
    ticket_id: int
    work_on: date
    elapsed_seconds: int
    billable_seconds: int
    work_type: str
    approved_order: int
    started_at: datetime | None = None
    ended_at: datetime | None = None
    visit_id: int | None = None
    area: str | None = None
    site: str | None = None
    level: str | None = None
    urgent: bool = False
    emergency: bool = False
    units: Decimal = ONE
    ticket_opened_on: date | None = None

    def __post_init__(self) -> None:
        if self.elapsed_seconds < 0 or self.billable_seconds < 0 or self.units < 0:
            raise ValueError("a duration or a number of units is never negative")
        if (self.started_at is None) != (self.ended_at is None):
            raise ValueError("clock times come both or not at all")
        if self.started_at is not None and self.ended_at is not None:
            if self.started_at.tzinfo is None or self.ended_at.tzinfo is None:
                raise ValueError("clock times name their zone")
            if self.ended_at < self.started_at:
                raise ValueError("work ends after it starts")


@dataclass(frozen=True, slots=True)
class WorkType:
    """A work type's terms. `weight` multiplies the rounded minutes, for packs and for money.

    With a `unit_price` its works are priced by the unit, without surcharge, and draw no hours. Below
    `free_under` (minutes of billable time, or units where there is a unit price) a work costs nothing.
    """

    code: str
    weight: Decimal = ONE
    unit_price: Decimal | None = None
    free_under: Decimal | None = None


@dataclass(frozen=True, slots=True)
class LevelWeight:
    """How much more a competence level draws from a pack; money knows the level from its base rate."""

    level: str
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Cover:
    """Work that the plan itself covers, in an area and of a type (None: any), so that it neither draws nor costs.

    `cap_hundredths` is the most it covers of one ticket, in weighted hundredths of a minute. With `needs_incident` it
    covers only tickets that hold an incident; with `in_hours_only` nothing outside the coverage hours or on holidays.
    """

    id: int
    area: str | None = None
    work_type: str | None = None
    cap_hundredths: int | None = None
    needs_incident: bool = False
    in_hours_only: bool = False


@dataclass(frozen=True, slots=True)
class Surcharge:
    """A factor that applies in one circumstance. Several compete: the largest alone applies."""

    code: str
    when: When
    factor: Decimal

    def __post_init__(self) -> None:
        if self.factor < 1:
            raise ValueError("a surcharge never lowers a price")


@dataclass(frozen=True, slots=True)
class Rate:
    """One row of the rate card: the base price per hour, for an area and a level (None: any), between two dates."""

    price_per_hour: Decimal
    area: str | None = None
    level: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class FixedPrice:
    """A price per hour for a work type, a circumstance or both, instead of rate × weight × surcharge."""

    price_per_hour: Decimal
    work_type: str | None = None
    when: When | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Overage:
    """The contract's choice for work that no lot covers.

    `limit_hundredths` is the most that may be billed or overdrawn without asking again (None: no limit);
    the rest is held. `price_per_hour` replaces the base rate of the rate card where the contract agreed
    one. `is_consented` says that the client let this work be charged: what would be held for the limit or for
    consent is billed, and does not count against the limit.
    """

    policy: OveragePolicy = OveragePolicy.BILL
    limit_hundredths: int | None = None
    price_per_hour: Decimal | None = None
    is_consented: bool = False


BILL_ALL = Overage()


@dataclass(frozen=True)
class Terms:
    """What one contract version says about work. Dates are local to `zone` and inclusive.

    `calendar` None means always covered. `cuts` are further instants at which an entry is cut, such as the
    declared moment of normalisation in an emergency. A work type without a row weighs 1. Where `sites` are named, what
    is covered is covered there alone.
    """

    contract_id: int
    zone: str
    starts_on: date
    currency: str
    ends_on: date | None = None
    rounding: Rounding = EVERY_MINUTE_UP
    work_types: tuple[WorkType, ...] = ()
    level_weights: tuple[LevelWeight, ...] = ()
    surcharges: tuple[Surcharge, ...] = ()
    calendar: Calendar | None = None
    rates: tuple[Rate, ...] = ()
    fixed_prices: tuple[FixedPrice, ...] = ()
    overage: Overage = BILL_ALL
    covers: tuple[Cover, ...] = ()
    sites: frozenset[str] = frozenset()
    cuts: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Booked:
    """What earlier runs booked of one rounding group of this contract (see `group_of`)."""

    group: str
    billable_seconds: int
    rounded_minutes: int


@dataclass(frozen=True, slots=True)
class Included:
    """What a cover took of one ticket's work, in weighted hundredths of a minute."""

    ticket_id: int
    cover_id: int
    hundredths: int


@dataclass(frozen=True, slots=True)
class Incident:
    """The incident that a ticket has drawn, by the work that drew it: `drawdown` takes 1 from a lot of incidents."""

    ticket_id: int
    work_id: int
    drawdown: Drawdown


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of one work inside one set of terms, rated.

    `drawn + included_hundredths + overage_hundredths = weighted_hundredths`, always; what is included is taken by the
    cover `cover_id`. Of the overage, `overdraft_hundredths` wait
    for the next lot, `held_hundredths` wait for a person, and the rest is billed (`consented_hundredths` of it only
    because the client let it be): `billed_minutes × price_per_hour`, exact, in `amount`. `overage_minutes` is the
    whole overage in rounded minutes. A work
    priced by the unit has `units` and `unit_price` instead. `amount` is None when there is nothing to pay.
    """

    work_id: int
    group: str | None
    work_on: date
    started_at: datetime | None
    ended_at: datetime | None
    elapsed_seconds: int
    billable_seconds: int
    rounded_minutes: int
    work_type: str
    type_weight: Decimal
    level_weight: Decimal
    surcharge_code: str | None
    surcharge_factor: Decimal
    weighted_hundredths: int
    included_hundredths: int
    cover_id: int | None
    drawdowns: tuple[Drawdown, ...]
    overage_hundredths: int
    overage_minutes: Fraction
    overdraft_hundredths: int
    held_hundredths: int
    hold_reason: HoldReason | None
    billed_minutes: Fraction
    price_per_hour: Decimal | None
    amount: Fraction | None
    units: Decimal | None = None
    unit_price: Decimal | None = None
    consented_hundredths: int = 0

    @property
    def limited_hundredths(self) -> int:
        """The overage that counts against the contract's limit."""
        return self.overage_hundredths - self.held_hundredths - self.consented_hundredths

    @property
    def held(self) -> bool:
        """Whether any of it waits for a person's decision."""
        return self.hold_reason is not None

    @property
    def drawn_hundredths(self) -> int:
        """What the lots cover."""
        return sum(drawdown.hundredths for drawdown in self.drawdowns)


@dataclass(frozen=True)
class Rated:
    """A run's outcome: segments in the order drawn, what it adds to each rounding group and takes of each ticket by a
    cover, the incidents it draws, and the trace.

    A later run is given, as `booked`, the sum of what earlier runs `added` to a group; `included` likewise.
    """

    segments: tuple[Segment, ...]
    added: tuple[Booked, ...]
    included: tuple[Included, ...]
    incidents: tuple[Incident, ...]
    trace: tuple[Step, ...]

    @property
    def rounded_minutes(self) -> int:
        """Minutes after rounding, of the whole run."""
        return sum(segment.rounded_minutes for segment in self.segments)

    @property
    def weighted_hundredths(self) -> int:
        """Weighted minutes of the whole run, in hundredths."""
        return sum(segment.weighted_hundredths for segment in self.segments)

    @property
    def drawn_hundredths(self) -> int:
        """What the run draws from lots, in hundredths of a minute."""
        return sum(segment.drawn_hundredths for segment in self.segments)

    @property
    def included_hundredths(self) -> int:
        """What the plan itself covers, in hundredths of a minute."""
        return sum(segment.included_hundredths for segment in self.segments)

    @property
    def overage_hundredths(self) -> int:
        """What nothing covers, in hundredths of a minute."""
        return sum(segment.overage_hundredths for segment in self.segments)

    @property
    def amount(self) -> Fraction:
        """The exact sum to pay in minor units, before any line rounds it."""
        return sum((segment.amount for segment in self.segments if segment.amount is not None), Fraction(0))

    @property
    def drawn_by_lot(self) -> dict[int, int]:
        """What is drawn from each lot in its unit; for works not yet approved, what is pending on it."""
        drawn: dict[int, int] = {}
        for drawdown in self.drawdowns:
            drawn[drawdown.lot_id] = drawn.get(drawdown.lot_id, 0) + drawdown.hundredths
        return drawn

    @property
    def drawdowns(self) -> tuple[Drawdown, ...]:
        """Everything taken from lots: hours in the order drawn, then incidents."""
        hours = (drawdown for segment in self.segments for drawdown in segment.drawdowns)
        return (*hours, *(incident.drawdown for incident in self.incidents))

    def of_work(self, work_id: int) -> tuple[Segment, ...]:
        """The segments of one work, in time order."""
        return self._segments_by_work.get(work_id, ())

    def why(self, work_id: int) -> tuple[Step, ...]:
        """The steps of one work, with that of its rounding group before its first piece, wherever the engine named it.

        Work that counts no time was not rounded.
        """
        own = self._steps_by_work.get(work_id, ())
        if any(step.code == Code.FREE_UNDER_THRESHOLD for step in own):
            return own
        groups = {segment.group for segment in self.of_work(work_id) if segment.billable_seconds}
        rounding = tuple(self._rounding_by_group[group] for group in groups if group is not None)
        place = next((n for n, step in enumerate(own) if step.code == Code.SEGMENT), len(own))
        return own[:place] + rounding + own[place:]

    @cached_property
    def _segments_by_work(self) -> dict[int, tuple[Segment, ...]]:
        return _by(lambda segment: segment.work_id, self.segments)

    @cached_property
    def _rounding_by_group(self) -> dict[str, Step]:
        steps = (step for step in self.trace if step.code == Code.GROUP_ROUNDED)
        return {str(dict(step.figures)["group"]): step for step in steps}

    @cached_property
    def _steps_by_work(self) -> dict[int | None, tuple[Step, ...]]:
        return _by(lambda step: step.work_id, self.trace)


def _by(key: Callable[[T], K], rows: Iterable[T]) -> dict[K, tuple[T, ...]]:
    """The rows in their order, by a key."""
    found: dict[K, list[T]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return {name: tuple(members) for name, members in found.items()}


def total_booked(rows: Iterable[Booked]) -> dict[str, Booked]:
    """What several runs booked, summed by group."""
    totals: dict[str, Booked] = {}
    for row in rows:
        so_far = totals.get(row.group, Booked(row.group, 0, 0))
        seconds = so_far.billable_seconds + row.billable_seconds
        totals[row.group] = Booked(row.group, seconds, so_far.rounded_minutes + row.rounded_minutes)
    return totals


def total_included(rows: Iterable[Included]) -> dict[tuple[int, int], int]:
    """What several runs included, summed by ticket and cover."""
    totals: dict[tuple[int, int], int] = {}
    for row in rows:
        place = (row.ticket_id, row.cover_id)
        totals[place] = totals.get(place, 0) + row.hundredths
    return totals
