"""A day drawn to scale: what was recorded side by side where it overlaps, the gaps, and the timer that runs.

Sizes along the day are per cent, across it pixels: attributes of an SVG, since the policy forbids inline style.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from django.utils import timezone
from django.utils.translation import gettext as _

from ecuanime.web.components.geometry import clamp, percentage
from ecuanime.worklog.models import EntryState, TimeEntry
from ecuanime.worklog.queries import MyDay

LANE, TOP = 30, 20
_EARLIEST, _LATEST = 8, 18
_HOUR = timedelta(hours=1)
_ROOM = 5  # hundredths of the drawing's width


@dataclass(frozen=True)
class Block:
    """A stretch of the day: `worked`, `overlaps` or `running`; `name` is what is read out, `url` where it leads."""

    kind: str
    x: str
    width: str
    y: int
    text: str
    name: str
    url: str

    @property
    def has_room(self) -> bool:
        """Whether a ticket's number fits into it."""
        return Decimal(self.width) >= _ROOM


@dataclass(frozen=True)
class Tick:
    """A full hour; every second one is left out on a phone."""

    x: str
    text: str
    is_minor: bool


@dataclass(frozen=True)
class Drawing:
    """The day between two full hours; `height` is that of all its lanes."""

    ticks: Sequence[Tick]
    blocks: Sequence[Block]
    gaps: Sequence[Block]
    height: int


@dataclass(frozen=True)
class _Scale:
    since: datetime
    until: datetime

    def at(self, moment: datetime) -> Fraction:
        whole = self.until - self.since
        return clamp(Fraction((moment - self.since) // timedelta(seconds=1), whole // timedelta(seconds=1)))

    def place(self, start: datetime, end: datetime) -> tuple[str, str]:
        return percentage(self.at(start)), percentage(self.at(end) - self.at(start))


def drawing_of(found: MyDay, *, now: datetime) -> Drawing | None:
    """The drawing of a day; None when nothing of it has clock times."""
    timed = [
        line.entry
        for line in found.lines
        if line.entry.started_at is not None and line.entry.state != EntryState.REJECTED
    ]
    timer = (
        found.timer
        if found.timer and timezone.localtime(found.timer.started_at).date() == found.day
        else None
    )
    starts = [entry.started_at for entry in timed if entry.started_at]
    ends = [entry.ended_at for entry in timed if entry.ended_at]
    if timer is not None:
        starts, ends = [*starts, timer.started_at], [*ends, now]
    if not starts:
        return None
    scale = _scale(min(starts), max(ends))
    overlapping = {line.entry.pk for line in found.lines if line.overlaps}
    lanes = _lanes(timed)
    blocks = [_block(entry, scale, lanes[entry.pk], entry.pk in overlapping) for entry in timed]
    depth = max(lanes.values(), default=-1) + 1
    if timer is not None:
        x, width = scale.place(timer.started_at, now)
        text = f"#{timer.ticket.number}"
        name = _("Timer running on %(ticket)s") % {"ticket": text}
        blocks.append(Block("running", x, width, TOP + depth * LANE, text, name, "#h-line"))
        depth += 1
    height = TOP + max(depth, 1) * LANE
    gaps = [_gap(gap.started_at, gap.ended_at, scale) for gap in found.gaps]
    return Drawing(_ticks(scale), blocks, gaps, height)


def _scale(first: datetime, last: datetime) -> _Scale:
    """From a full hour to a full hour: the usual working day, or more where more was worked."""
    first, last = timezone.localtime(first), timezone.localtime(last)
    since = first.replace(minute=0, second=0, microsecond=0)
    until = last.replace(minute=0, second=0, microsecond=0) + _HOUR
    since = min(since, first.replace(hour=_EARLIEST, minute=0, second=0, microsecond=0))
    until = max(until, first.replace(hour=_LATEST, minute=0, second=0, microsecond=0))
    return _Scale(since, until)


def _ticks(scale: _Scale) -> list[Tick]:
    hours = int((scale.until - scale.since) / _HOUR)
    moments = [scale.since + number * _HOUR for number in range(hours)]
    return [
        Tick(percentage(scale.at(moment)), f"{timezone.localtime(moment):%H}", number % 2 == 1)
        for number, moment in enumerate(moments)
    ]


def _lanes(timed: Sequence[TimeEntry]) -> dict[int, int]:
    """The lane of each entry, by its id: the first that is free when it begins."""
    free: list[datetime] = []
    found: dict[int, int] = {}
    for entry in timed:
        if entry.started_at is None or entry.ended_at is None:
            continue
        lane = next((place for place, until in enumerate(free) if until <= entry.started_at), len(free))
        free[lane : lane + 1] = [entry.ended_at]
        found[entry.pk] = lane
    return found


def _block(entry: TimeEntry, scale: _Scale, lane: int, overlaps: bool) -> Block:
    if entry.started_at is None or entry.ended_at is None:
        raise ValueError("only what has clock times is drawn")
    x, width = scale.place(entry.started_at, entry.ended_at)
    text = f"#{entry.ticket.number}"
    name = f"{_times(entry.started_at, entry.ended_at)} {text}, {entry.work_type}"
    if overlaps:
        name += ", " + _("overlaps")
    kind = "overlaps" if overlaps else "worked"
    return Block(kind, x, width, TOP + lane * LANE, text, name, f"#e{entry.pk}")


def _gap(start: datetime, end: datetime, scale: _Scale) -> Block:
    x, width = scale.place(start, end)
    times = _times(start, end)
    name = _("Nothing recorded %(times)s: record it") % {"times": times}
    return Block("gap", x, width, TOP, "", name, f"?linea={times.replace('–', '-')}+")


def _times(start: datetime, end: datetime) -> str:
    return f"{timezone.localtime(start):%H:%M}–{timezone.localtime(end):%H:%M}"
