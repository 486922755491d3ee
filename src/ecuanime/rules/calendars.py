"""Calendars: when a contract covers work, and where an interval must be cut.

Intervals are absolute instants (aware datetimes, given back in UTC); bands and holidays are read on the
wall clock of an IANA zone. An hour that the clock repeats in autumn is two hours, and an hour it skips in
spring is none. See docs/rules/calendars.md.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
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

    def is_holiday(self, day: date) -> bool:
        """Whether the local date is one of the calendar's holidays."""
        return day in self.holidays

    def covers(self, instant: datetime) -> bool:
        """Whether the instant falls in a band, read on the wall clock of the calendar's zone."""
        local = instant.astimezone(ZoneInfo(self.zone))
        return any(band.holds(local.time()) for band in self.bands_on(local.date()))

    def bands_on(self, day: date) -> tuple[Band, ...]:
        """The bands that are open on a local date."""
        if self.is_holiday(day) and not self.open_on_holidays:
            return ()
        return tuple(band for band in self.bands if band.weekday == day.weekday())


def local_date(instant: datetime, zone: str) -> date:
    """The date that the wall clock of a zone shows at an instant."""
    return instant.astimezone(ZoneInfo(zone)).date()


def start_of_day(day: date, zone: str) -> datetime:
    """The first instant of a local date, in UTC; not 00:00 where the clock skips midnight."""
    found = _instants(datetime.combine(day, MIDNIGHT), zone)
    if found:
        return found[0]
    before = datetime.combine(day, MIDNIGHT, ZoneInfo(zone)).astimezone(UTC) - timedelta(hours=12)
    return clock_changes(before, before + timedelta(days=1), zone)[0]


def end_of_day(day: date, zone: str) -> datetime:
    """The instant at which a local date is over, in UTC: itself no longer part of the date."""
    return start_of_day(day + timedelta(days=1), zone)


def segment(
    starts: datetime,
    ends: datetime,
    zone: str,
    calendar: Calendar | None = None,
    at: Iterable[datetime] = (),
) -> tuple[Interval, ...]:
    """Cut an interval, in UTC, wherever the terms of work may change inside it.

    The cuts are local midnights and clock changes of `zone`, the calendar's own midnights, clock changes,
    and band edges, and the instants in `at`. Holidays, rates, lots and contracts begin and end with a local
    date, so they need no cut of their own. The pieces follow each other without gap; an empty interval
    gives one empty piece.
    """
    start, end = starts.astimezone(UTC), ends.astimezone(UTC)
    cuts = _zone_cuts(start, end, zone)
    if calendar is not None:
        if calendar.zone != zone:
            cuts |= _zone_cuts(start, end, calendar.zone)
        cuts |= _band_edges(start, end, calendar)
    cuts |= {instant.astimezone(UTC) for instant in at}
    points = [start, *sorted(cut for cut in cuts if start < cut < end), end]
    return tuple(pairwise(points))


def open_intervals(calendar: Calendar | None, starts: datetime, ends: datetime) -> Iterator[Interval]:
    """The stretches of an interval that a calendar covers, in UTC and in order; without a calendar all of it.

    They are found a local day at a time, so that who looks for the first ones alone does not wait for the rest.
    """
    start, end = starts.astimezone(UTC), ends.astimezone(UTC)
    if calendar is None:
        if start < end:
            yield start, end
        return
    day, last = local_date(start, calendar.zone), local_date(end, calendar.zone)
    while day <= last:
        for begins, closes in _open_on(calendar, day):
            if begins < end and closes > start:
                yield max(begins, start), min(closes, end)
        day += timedelta(days=1)


@lru_cache(maxsize=4096)
def _open_on(calendar: Calendar, day: date) -> tuple[Interval, ...]:
    """What a calendar covers of a local date; nothing is looked at on a day without bands."""
    if not calendar.bands_on(day):
        return ()
    whole = start_of_day(day, calendar.zone), end_of_day(day, calendar.zone)
    pieces = segment(*whole, calendar.zone, calendar)
    return tuple(piece for piece in pieces if calendar.covers(piece[0]))


def _zone_cuts(start: datetime, end: datetime, zone: str) -> set[datetime]:
    cuts: set[datetime] = set(clock_changes(start, end, zone))
    cuts.update(start_of_day(day, zone) for day in _local_days(start, end, zone))
    return cuts


def _band_edges(start: datetime, end: datetime, calendar: Calendar) -> set[datetime]:
    edges: set[datetime] = set()
    for day in _local_days(start, end, calendar.zone):
        for band in calendar.bands_on(day):
            for clock in (band.opens, band.closes):
                edges.update(_instants(datetime.combine(day, clock), calendar.zone))
    return edges


def _local_days(start: datetime, end: datetime, zone: str) -> list[date]:
    first, last = local_date(start, zone), local_date(end, zone)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@lru_cache(maxsize=4096)
def _instants(wall: datetime, zone: str) -> tuple[datetime, ...]:
    """The instants at which a zone's clock shows `wall`: none when it is skipped, two when it is repeated."""
    found: list[datetime] = []
    for fold in (0, 1):
        instant = wall.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)
        if instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall and instant not in found:
            found.append(instant)
    return tuple(found)


def clock_changes(start: datetime, end: datetime, zone: str) -> list[datetime]:
    """The instants, in UTC, after `start` and up to `end` at which the zone's offset changes."""
    place = ZoneInfo(zone)
    left, changes = start.astimezone(UTC), []
    final = end.astimezone(UTC)
    while left < final:
        right = min(left + timedelta(days=1), final)
        if left.astimezone(place).utcoffset() != right.astimezone(place).utcoffset():
            changes.append(_change_between(left, right, place))
        left = right
    return changes


def _change_between(left: datetime, right: datetime, place: ZoneInfo) -> datetime:
    """The whole second at which the offset changes; zones change on whole seconds."""
    before = left.astimezone(place).utcoffset()
    early, late = int(left.timestamp()), -int(-right.timestamp() // 1)
    while late - early > 1:
        middle = (early + late) // 2
        if datetime.fromtimestamp(middle, place).utcoffset() == before:
            early = middle
        else:
            late = middle
    return datetime.fromtimestamp(late, UTC)


def add_months(day: date, count: int) -> date:
    """The same day of the month `count` months later, or the month's last day where it has no such day."""
    year, month = _month_after(day, count)
    return date(year, month, min(day.day, _days_in(year, month)))


def last_day_of_term(starts_on: date, term_months: int) -> date:
    """The last day, inclusive, of a term of months: start + N months − 1 day, clamped to the month's end.

    The day is taken off before clamping, so that a term from 31 January lasts one month to 28 (or 29)
    February.
    Raises ValueError for a term shorter than one month.
    """
    if term_months < 1:
        raise ValueError("a term lasts at least one month")
    if starts_on.day == 1:
        return add_months(starts_on, term_months) - timedelta(days=1)
    return add_months(starts_on - timedelta(days=1), term_months)


def _month_after(day: date, count: int) -> tuple[int, int]:
    years, month = divmod(day.month - 1 + count, 12)
    return day.year + years, month + 1


def _days_in(year: int, month: int) -> int:
    return months.monthrange(year, month)[1]


def is_working_day(
    day: date, holidays: Collection[date] = (), weekdays: Collection[int] = WORKING_WEEK
) -> bool:
    """Whether a date is a working day: one of the weekdays (Monday is 0) and no holiday."""
    return day.weekday() in weekdays and day not in holidays


def add_working_days(
    day: date, count: int, holidays: Collection[date] = (), weekdays: Collection[int] = WORKING_WEEK
) -> date:
    """The date `count` working days after `day`, which itself is not counted; 0 gives `day` back.

    Raises ValueError for a negative count and for a week without working days.
    """
    if count < 0:
        raise ValueError("working days are counted forwards")
    if not weekdays:
        raise ValueError("a week has at least one working day")
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day, holidays, weekdays)
    return day
