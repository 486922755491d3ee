"""The legal working-time register: when each person began, ended and paused, from the time they have recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from ecuanime.accounts.models import User
from ecuanime.worklog.models import EntryState, TimeEntry
from ecuanime.worklog.queries.day import GAP, Gap


@dataclass(frozen=True)
class RegisterDay:
    """A person's day: entry and exit, and the breaks of a minute or more between; None where nothing has clock times.

    Seconds: `worked` counts what overlaps once, `untimed` is recorded without clock times. `is_final` says that the
    daily cut has closed all of it.
    """

    day: date
    begun_at: datetime | None
    ended_at: datetime | None
    breaks: tuple[Gap, ...]
    worked_seconds: int
    untimed_seconds: int
    is_final: bool

    @property
    def break_seconds(self) -> int:
        """How long the breaks were together."""
        return sum(int((gap.ended_at - gap.started_at).total_seconds()) for gap in self.breaks)


@dataclass(frozen=True)
class Register:
    """A person's month: the days on which anything was recorded, the earliest first, and the sums in seconds."""

    user: User
    first_day: date
    days: tuple[RegisterDay, ...]

    @property
    def worked_seconds(self) -> int:
        """What was worked with clock times."""
        return sum(day.worked_seconds for day in self.days)

    @property
    def untimed_seconds(self) -> int:
        """What was recorded without clock times."""
        return sum(day.untimed_seconds for day in self.days)


def month_register(user: User, first_day: date) -> Register:
    """The register of a person's month, by its first day; days are those of the firm's zone. One query.

    Rejected entries were worked all the same: what a client does not pay for is still working time. A rejected
    correction says nothing, though: what it corrects stands.
    """
    last_day = (first_day + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    rows = TimeEntry.objects.filter(user=user, work_on__range=(first_day, last_day)).exclude(
        corrects__isnull=False, state=EntryState.REJECTED
    )
    by_day: dict[date, list[TimeEntry]] = {}
    for entry in rows.order_by("work_on", "started_at", "id"):
        by_day.setdefault(entry.work_on, []).append(entry)
    return Register(user, first_day, tuple(_day(day, entries) for day, entries in by_day.items()))


def _day(day: date, entries: list[TimeEntry]) -> RegisterDay:
    stretches = list(_merged(entries))
    return RegisterDay(
        day=day,
        begun_at=stretches[0].started_at if stretches else None,
        ended_at=stretches[-1].ended_at if stretches else None,
        breaks=tuple(_breaks(stretches)),
        worked_seconds=sum(int((each.ended_at - each.started_at).total_seconds()) for each in stretches),
        untimed_seconds=sum(entry.elapsed_seconds for entry in entries if entry.started_at is None),
        is_final=all(entry.state != EntryState.OPEN for entry in entries),
    )


def _merged(entries: Iterable[TimeEntry]) -> Iterator[Gap]:
    """The stretches of work, those that touch or overlap as one."""
    start: datetime | None = None
    end: datetime | None = None
    for entry in entries:
        if entry.started_at is None or entry.ended_at is None:
            continue
        if start is not None and end is not None and entry.started_at - end >= GAP:
            yield Gap(start, end)
            start = end = None
        start = start or entry.started_at
        end = entry.ended_at if end is None else max(end, entry.ended_at)
    if start is not None and end is not None:
        yield Gap(start, end)


def _breaks(stretches: list[Gap]) -> Iterator[Gap]:
    for before, after in pairwise(stretches):
        yield Gap(before.ended_at, after.started_at)
