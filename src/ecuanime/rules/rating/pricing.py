"""Pricing: which weights, surcharge and price per hour belong to a piece of work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..calendars import local_date
from ..money import multiply
from .cutting import Piece
from .values import ONE, Cover, FixedPrice, Rate, Surcharge, Terms, When, Work, WorkType


@dataclass(frozen=True, slots=True)
class Price:
    """A price per hour and what it was made of; a fixed one replaces rate, weight and surcharge."""

    per_hour: Decimal
    base: Decimal
    type_weight: Decimal
    surcharge_factor: Decimal
    is_fixed: bool


def work_type_of(work: Work, terms: Terms) -> WorkType:
    """The terms of the work's type; one without a row weighs 1."""
    return next((row for row in terms.work_types if row.code == work.work_type), WorkType(work.work_type))


def level_weight_of(work: Work, terms: Terms) -> Decimal:
    """How much more the work's competence level draws from a pack."""
    return next((row.weight for row in terms.level_weights if row.level == work.level), ONE)


def circumstances(piece: Piece, terms: Terms) -> frozenset[When]:
    """What is true of a piece and may cost more. Work without clock times is never after hours."""
    found = set()
    if piece.work.urgent:
        found.add(When.URGENT)
    if piece.work.emergency:
        found.add(When.EMERGENCY)
    calendar = terms.calendar
    if calendar is not None:
        start = piece.started_at
        if calendar.is_holiday(piece.day if start is None else local_date(start, calendar.zone)):
            found.add(When.HOLIDAY)
        if start is not None and not calendar.covers(start):
            found.add(When.AFTER_HOURS)
    return frozenset(found)


def competing_surcharges(when: frozenset[When], terms: Terms) -> list[Surcharge]:
    """The surcharges that apply, the largest first; that one alone is charged."""
    applying = [row for row in terms.surcharges if row.when in when]
    return sorted(applying, key=lambda row: (-row.factor, row.code))


def cover_of(work: Work, when: frozenset[When], terms: Terms) -> Cover | None:
    """What the plan covers of such work, the narrowest that fits: area and type, area, type, any."""
    is_outside_hours = not when.isdisjoint({When.AFTER_HOURS, When.HOLIDAY})
    fitting = [
        row
        for row in terms.covers
        if row.area in (None, work.area)
        and row.work_type in (None, work.work_type)
        and not (row.in_hours_only and is_outside_hours)
    ]
    return max(
        fitting, key=lambda row: (row.area is not None, row.work_type is not None, -row.id), default=None
    )


def price_of(piece: Piece, terms: Terms, when: frozenset[When], factor: Decimal) -> Price | None:
    """The price per hour of what no lot covers, or None where the contract names none."""
    fixed = _fixed_price(piece, terms, when)
    if fixed is not None:
        return Price(fixed, fixed, ONE, ONE, is_fixed=True)
    base = terms.overage.price_per_hour
    if base is None:
        base = _base_rate(piece, terms)
    if base is None:
        return None
    weight = work_type_of(piece.work, terms).weight
    return Price(multiply(base, weight, factor), base, weight, factor, is_fixed=False)


def _fixed_price(piece: Piece, terms: Terms, when: frozenset[When]) -> Decimal | None:
    """The most specific fixed price: for the type in a circumstance, for the type, for a circumstance.

    Circumstances compete as surcharges do: of several that are equally specific the largest price applies.
    """
    fitting = [row for row in terms.fixed_prices if _fits(row, piece, when)]
    best = max(
        fitting,
        key=lambda row: (row.work_type is not None, row.when is not None, row.price_per_hour),
        default=None,
    )
    return None if best is None else best.price_per_hour


def _fits(row: FixedPrice, piece: Piece, when: frozenset[When]) -> bool:
    return (
        row.work_type in (None, piece.work.work_type)
        and (row.when is None or row.when in when)
        and _is_valid(piece.day, row.valid_from, row.valid_to)
    )


def _base_rate(piece: Piece, terms: Terms) -> Decimal | None:
    """The most specific row of the rate card on the day: area and level, area, level, general; then the newest."""
    work = piece.work
    fitting = [
        row
        for row in terms.rates
        if row.area in (None, work.area)
        and row.level in (None, work.level)
        and _is_valid(piece.day, row.valid_from, row.valid_to)
    ]
    best = max(fitting, key=_specificity, default=None)
    return None if best is None else best.price_per_hour


def _specificity(row: Rate) -> tuple[bool, bool, date, Decimal]:
    # The price comes last so that two contradicting rows give the same answer in any order: the client's.
    return (row.area is not None, row.level is not None, row.valid_from or date.min, -row.price_per_hour)


def _is_valid(day: date, valid_from: date | None, valid_to: date | None) -> bool:
    return (valid_from is None or valid_from <= day) and (valid_to is None or day <= valid_to)
