"""The hour in which the firm says whether it can help: counted in its Express hours, on the clock of the promises."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..calendars import Calendar
from ..sla import Change, Reading, Run, Target, read

ANSWER_MINUTES = 60


def clock_of(
    declared_at: datetime, answered_at: datetime | None, hours: Calendar | None, *, now: datetime
) -> Reading:
    """What the clock of the answer says: it runs from the declaration to the answer and nothing pauses it.

    `hours` are the Express hours (None: always); outside them it stands still. An hour that the wall clock repeats in
    autumn counts twice, and one that it skips in spring not at all: it is an hour of real time.
    """
    changes = [Change(declared_at, Run.RUNNING)]
    if answered_at is not None:
        changes.append(Change(answered_at, Run.STOPPED))
    return read(changes, [Target(declared_at, ANSWER_MINUTES, hours)], now=max(now, declared_at))


def covered_after(at: datetime, minutes: int, hours: Calendar | None) -> datetime | None:
    """The instant at which so many minutes of the Express hours have passed since `at`; None if they never open."""
    return read([Change(at, Run.RUNNING)], [Target(at, minutes, hours)], now=at).due_at


def confirmed_by_silence_at(told_at: datetime, hours: int) -> datetime | None:
    """When silence confirms that service is normal: so many hours of real time after the client was told; 0: never."""
    return told_at + timedelta(hours=hours) if hours > 0 else None
