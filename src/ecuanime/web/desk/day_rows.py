"""The rows of a person's day, each with what can be done with it: correct it, do it again, settle an overlap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from ecuanime.accounts.models import User
from ecuanime.web.desk.fast_line import written
from ecuanime.worklog.access import may_change_entry
from ecuanime.worklog.models import TimeEntry
from ecuanime.worklog.queries import DayLine, Gap, MyDay, UsualWork


@dataclass(frozen=True)
class DayRow:
    """An entry or a gap, in the order of the day. `again` is the line that records the like, or fills the gap."""

    again: str
    line: DayLine | None = None
    gap: Gap | None = None
    may_change: bool = False


@dataclass(frozen=True)
class Usual:
    """Work that comes again and again, and the line that records it."""

    work: UsualWork
    again: str


def rows_of(user: User, found: MyDay, *, is_today: bool) -> list[DayRow]:
    """Entries and gaps by their beginning; what has no clock times comes last.

    Done again on the same day it cannot have the same clock times.
    """
    rows = [
        DayRow(
            again=line_of(line.entry, with_times=not is_today),
            line=line,
            may_change=may_change_entry(user, line.entry),
        )
        for line in found.lines
    ]
    rows += [DayRow(again=f"{_clock(gap.started_at)}-{_clock(gap.ended_at)} ", gap=gap) for gap in found.gaps]
    return sorted(rows, key=_beginning)


def usual_of(works: list[UsualWork]) -> list[Usual]:
    """Usual work with the line of its latest entry, without its clock times."""
    return [Usual(work, line_of(work.entry, with_times=False)) for work in works]


def line_of(entry: TimeEntry, *, with_times: bool) -> str:
    """The line that says what an entry says; without its clock times only how long it took."""
    timed = with_times and entry.started_at is not None and entry.ended_at is not None
    return written(
        number=entry.ticket.number,
        work_type=entry.work_type.code,
        starts=timezone.localtime(entry.started_at).time() if timed else None,
        ends=timezone.localtime(entry.ended_at).time() if timed else None,
        seconds=entry.elapsed_seconds,
        units=entry.units,
        is_urgent=entry.is_urgent,
        is_goodwill=entry.billed_seconds == 0 < entry.elapsed_seconds,
        note=entry.note,
    )


def _clock(at: datetime) -> str:
    return f"{timezone.localtime(at):%H:%M}"


def _beginning(row: DayRow) -> tuple[bool, datetime | None, int]:
    begun = row.gap.started_at if row.gap else row.line.entry.started_at if row.line else None
    key = row.line.entry.pk if row.line else 0
    return (True, None, key) if begun is None else (False, begun, key)
