"""The periods of global invoices (c_Periodicidad): a day, a week from Monday on, half a month, a month."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

DAILY, WEEKLY, FORTNIGHTLY, MONTHLY = "01", "02", "03", "04"
_HALF = 15


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Both days inclusive."""

    first: date
    last: date


def span_of(day: date, periodicity: str) -> Span:
    """The period that a day is in. Raises KeyError for a periodicity that is none."""
    end = day.replace(day=monthrange(day.year, day.month)[1])
    if periodicity == DAILY:
        return Span(day, day)
    if periodicity == WEEKLY:
        monday = day - timedelta(days=day.weekday())
        return Span(monday, monday + timedelta(days=6))
    if periodicity == FORTNIGHTLY:
        is_first = day.day <= _HALF
        return (
            Span(day.replace(day=1), day.replace(day=_HALF)) if is_first else Span(day.replace(day=16), end)
        )
    if periodicity == MONTHLY:
        return Span(day.replace(day=1), end)
    raise KeyError(periodicity)
