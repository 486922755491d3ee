"""Recurrence: the periods of a contract, counted in months from its first day.

Dates are local to the contract and inclusive. See docs/rules/rollover.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from .calendars import last_day_of_term


@dataclass(frozen=True, slots=True)
class Period:
    """One period of a contract, the first being number 1; both days belong to it.

    `counted_from` is the day from which a whole period would run: before its first day where months of the calendar
    are counted and the contract began within one.
    """

    number: int
    first_day: date
    last_day: date
    counted_from: date


def period(starts_on: date, months: int, number: int, *, by_month: bool = False) -> Period:
    """The period of so many months with this number, of those that follow each other from a start day.

    Each is counted from the start itself, so that a short month shifts no later period, and the last day of the
    twelfth month is that of a term of a year. With `by_month` they are counted from the first of that day's month, and
    the first one is shorter. Raises ValueError for a number or a length below 1.
    """
    if number < 1:
        raise ValueError("periods are counted from 1")
    base = starts_on.replace(day=1) if by_month else starts_on
    last_day = last_day_of_term(base, months * number)
    if number == 1:
        return Period(1, starts_on, last_day, base)
    first_day = last_day_of_term(base, months * (number - 1)) + timedelta(days=1)
    return Period(number, first_day, last_day, first_day)
