"""Fees: what a period costs and brings, and the part of it that a contract has. See docs/rules/fees.md."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .hours import HUNDREDTHS_PER_MINUTE
from .money import currency_exponent, round_half_up, to_minor
from .packs import Unit
from .recurrence import Period


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a period that are paid: both inclusive, so many of those of the whole."""

    first: date
    last: date
    paid: int
    whole: int


def paid_days(period: Period, ends_on: date | None) -> Days:
    """The days of a period that a contract has which ends on a day; none has no end.

    Raises ValueError for a contract that ended before the period.
    """
    last = period.last_day if ends_on is None else min(period.last_day, ends_on)
    if last < period.first_day:
        raise ValueError("the contract ended before this period")
    return Days(
        first=period.first_day,
        last=last,
        paid=(last - period.first_day).days + 1,
        whole=(period.last_day - period.counted_from).days + 1,
    )


def fee_for(price: Decimal, days: Days, currency: str) -> Decimal:
    """The share of a period's fee by days, in major units, rounded half-up to the currency's minor unit."""
    share = round_half_up(to_minor(price, currency) * Fraction(days.paid, days.whole))
    return Decimal(share).scaleb(-currency_exponent(currency))


def allowance_for(quantity: int, days: Days, unit: Unit) -> int:
    """The share by days of what a period brings, of the ledger (hundredths of a minute, or incidents).

    It is rounded up to the whole minute or incident, in the client's favour.
    """
    step = HUNDREDTHS_PER_MINUTE if unit == Unit.MINUTES else 1
    return -(-quantity * days.paid // (days.whole * step)) * step
