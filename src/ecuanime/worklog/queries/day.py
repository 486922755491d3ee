"""A person's day: their entries, the gaps and overlaps between them, and the timer that runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from ecuanime.accounts.models import User
from ecuanime.worklog.models import TimeEntry, Timer


@dataclass(frozen=True)
class DayLine:
    """An entry, and the other entries of the same person that it overlaps."""

    entry: TimeEntry
    overlaps: tuple[TimeEntry, ...]
    is_late: bool
    """Its day was cut before it was recorded: the next cut takes it."""


@dataclass(frozen=True)
class Gap:
    """A stretch between two entries in which nothing was recorded."""

    started_at: datetime
    ended_at: datetime


@dataclass(frozen=True)
class MyDay:
    """A person's day: entries with clock times in order, then those without; sums in seconds."""

    day: date
    lines: tuple[DayLine, ...]
    gaps: tuple[Gap, ...]
    worked_seconds: int
    billed_seconds: int
    timer: Timer | None
    timer_is_long: bool


@dataclass(frozen=True)
class StuckTimer:
    """A timer that has run for more than four hours, and the end that its last trace on the ticket suggests.

    `trace` is the kind of that trace, "reply", "note" or "change"; empty when there is none.
    """

    timer: Timer
    seconds: int
    proposed_end: datetime | None
    trace: str


def running_timer(user: User) -> Timer | None:
    """The person's running timer with its ticket and client, or None."""
    return Timer.objects.select_related("ticket__client", "work_type").filter(user=user).first()


def my_day(user: User, day: date, *, now: datetime) -> MyDay:
    """What a person has recorded on a day of the firm's zone."""
    raise NotImplementedError


def overlaps_of(entries: Iterable[TimeEntry]) -> dict[int, tuple[TimeEntry, ...]]:
    """For each entry that overlaps others of its person, those others (with their ticket), by its id."""
    raise NotImplementedError


def stuck_timers(now: datetime) -> list[StuckTimer]:
    """Everybody's timers that have run too long, the longest first."""
    raise NotImplementedError
