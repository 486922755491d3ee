"""Calendars: when a contract covers work, and where an interval must be cut.

Intervals are absolute instants (aware datetimes, given back in UTC); bands and holidays are read on the
wall clock of an IANA zone. An hour that the clock repeats in autumn is two hours, and an hour it skips in
spring is none. See docs/rules/calendars.md.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MIDNIGHT = time(0)
WORKING_WEEK = frozenset({0, 1, 2, 3, 4})

Interval = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Band:
    """Opening hours on one weekday (Monday is 0); a band that closes at 00:00 lasts to the day's end.

    A band never passes midnight: a night shift is two bands.
    """

    weekday: int
    opens: time
    closes: time

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise ValueError("a weekday is 0 (Monday) to 6 (Sunday)")
        if self.closes != MIDNIGHT and self.closes <= self.opens:
            raise ValueError("a band closes after it opens; write a night shift as two bands")

    def holds(self, clock: time) -> bool:
        """Whether the wall clock's time of day falls in the band: opening included, closing not."""
        return self.opens <= clock and (self.closes == MIDNIGHT or clock < self.closes)


@dataclass(frozen=True)
class Calendar:
    """The hours a contract covers: bands per weekday, holidays (local dates) and the zone both are read in.

    A holiday is not covered, whatever its weekday, unless `open_on_holidays`.
    """

    zone: str
    bands: tuple[Band, ...]
    holidays: frozenset[date] = frozenset()
    open_on_holidays: bool = False
