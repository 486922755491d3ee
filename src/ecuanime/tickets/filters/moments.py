"""Dates, ages and times left as a query writes them: `2026-01-31`, `2026-01`, `today`, `4h`, `2d`, `3w`."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

YEARS = range(1990, 2101)
LONGEST_DAYS = 36_500
DAYS_AGO = {"today": 0, "hoy": 0, "yesterday": 1, "ayer": 1}
_SPAN = re.compile(r"(\d{1,6})(m|h|d|w|s)")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks", "s": "weeks"}
_DATE = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")


def span_of(text: str) -> timedelta | None:
    """`90m`, `4h`, `2d`, `3w` (or `3s`, semanas); None for anything else and beyond a hundred years."""
    found = _SPAN.fullmatch(text.lower())
    if found is None:
        return None
    span = timedelta(**{_UNITS[found[2]]: int(found[1])})
    return span if span <= timedelta(days=LONGEST_DAYS) else None


def days_of(text: str, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """The beginning of a day or month and the beginning of what follows it, in `zone`; None if it is neither."""
    found = dates_of(text, now.astimezone(zone).date())
    return (_begins(found[0], zone), _begins(found[1], zone)) if found else None


def dates_of(text: str, today: date) -> tuple[date, date] | None:
    """A day, or the first of a month, and the day after it; None if it is neither."""
    ago = DAYS_AGO.get(text.lower())
    if ago is not None:
        first = today - timedelta(days=ago)
        return first, first + timedelta(days=1)
    found = _DATE.fullmatch(text)
    if found is None or int(found[1]) not in YEARS:
        return None
    try:
        first = date(int(found[1]), int(found[2]), int(found[3] or 1))
    except ValueError:
        return None
    following = first + timedelta(days=1) if found[3] else (first + timedelta(days=32)).replace(day=1)
    return first, following


def _begins(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), zone).astimezone(UTC)
