"""Attendance: when a person is at work, from their weekly hours, the firm's holidays and their own absences.

Weekly hours and holidays are read on the wall clock of the person's zone; absences are absolute instants. See
docs/rules/assignment.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from ecuanime.rules.calendars import MIDNIGHT, Band, Calendar, Interval, end_of_day, local_date

LOOK_AHEAD_DAYS = 14
"""Whoever does not come to work within so many days is simply away."""


@dataclass(frozen=True, slots=True)
class Attendance:
    """Where a person stands at an instant.

    At work `until` an instant; or, when that is None, back `from_` one, None when not within the days looked at.
    `on_leave` tells a leave from an evening.
    """

    until: datetime | None = None
    from_: datetime | None = None
    on_leave: bool = False

    @property
    def is_at_work(self) -> bool:
        """Whether they are there."""
        return self.until is not None


def attendance(week: Calendar, absences: Iterable[Interval], now: datetime) -> Attendance:
    """Whether somebody with this week and these absences is at work `now`, and until or from when."""
    away = [(start, end) for start, end in absences if start < end]
    on_leave = any(start <= now < end for start, end in away)
    for start, end in _without(_hours(week, now), away):
        if start <= now < end:
            return Attendance(until=end)
        if start > now:
            return Attendance(from_=start, on_leave=on_leave)
    return Attendance(on_leave=on_leave)


def _hours(week: Calendar, now: datetime) -> list[Interval]:
    """The week's hours from yesterday's local date on, joined where one follows the other without a gap."""
    first = local_date(now, week.zone)
    days = (first + timedelta(days=n) for n in range(-1, LOOK_AHEAD_DAYS))
    bands = [_on(day, band, week.zone) for day in days for band in week.bands_on(day)]
    joined: list[Interval] = []
    for start, end in sorted(bands):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _on(day: date, band: Band, zone: str) -> Interval:
    place = ZoneInfo(zone)
    opens = datetime.combine(day, band.opens, place).astimezone(UTC)
    if band.closes == MIDNIGHT:
        return opens, end_of_day(day, zone)
    return opens, datetime.combine(day, band.closes, place).astimezone(UTC)


def _without(hours: list[Interval], away: list[Interval]) -> list[Interval]:
    """The hours that no absence takes."""
    left = hours
    for gone, back in away:
        pieces = []
        for start, end in left:
            pieces += [(start, min(end, gone)), (max(start, back), end)]
        left = [(start, end) for start, end in pieces if start < end]
    return sorted(left)
