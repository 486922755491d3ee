"""Promised times as they are shown: a clock for each, and why it stands as it does."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from ecuanime.contracts.models import Metric
from ecuanime.foundation import formats
from ecuanime.rules.sla import Outcome, Piece, Reading, Why
from ecuanime.tickets.models import Deadline
from ecuanime.tickets.queries import Standing

SOON = timedelta(hours=1)
RING = timedelta(hours=8)
MOST_STEPS = 20
_SECOND = timedelta(seconds=1)


class Clock(NamedTuple):
    """A deadline's clock, as `{% clock %}` draws it and in its words."""

    state: str
    text: str
    note: str = ""
    left: int = 0
    of: int = 1
    due_at: datetime | None = None
    counting: bool = False


@dataclass(frozen=True)
class Step:
    """A line of the why."""

    text: str
    value: str
    note: str = ""
    is_sum: bool = False


@dataclass(frozen=True)
class Shown:
    """One promised time: what, its clock, what was promised, and where asked for the steps that lead to it."""

    label: str
    clock: Clock
    promised: str
    steps: list[Step] = field(default_factory=list)


def clock_until(due_at: datetime, metric: str, now: datetime) -> Clock:
    """The clock of what is due, or was, at a moment. The note says what it is."""
    note, left = short_name(metric), due_at - now
    if left < timedelta():
        return Clock("late", _late(-left, due_at), note)
    text = formats.time_left(left // _SECOND) if left <= RING else moment(due_at)
    state = "soon" if left <= SOON else "running"
    ring = min(left, RING) // _SECOND
    return Clock(state, text, note, ring, RING // _SECOND, due_at, counting=left <= RING)


def shown(row: Deadline, now: datetime) -> Shown:
    """One promised time as it was last read: it says what is due without reading the ticket's history."""
    content = row.promise.content if row.promise else {}
    return Shown(str(row.get_metric_display()), _clock_of(row, now), promised_words(row.minutes, content))


def explained(standing: Standing) -> Shown:
    """One promised time with every step that leads to it."""
    reading = standing.reading
    clock = clock_of(
        reading.outcome.value,
        counted=reading.counted,
        left=reading.left,
        due_at=reading.due_at,
        is_done=reading.stopped_at is not None,
        now=standing.read_at,
    )
    return Shown(
        label=str(Metric(standing.metric.value).label),
        clock=clock,
        promised=promised_words(reading.minutes, standing.promise),
        steps=steps_of(reading, standing.promise),
    )


def clock_of(
    outcome: str,
    *,
    counted: timedelta,
    left: timedelta | None,
    due_at: datetime | None,
    is_done: bool,
    now: datetime,
) -> Clock:
    """The clock of a promise that stands so (a value of `Outcome`)."""
    if outcome == Outcome.MET:
        return Clock("met", hours(counted), _("in time"))
    if outcome == Outcome.BREACHED and is_done and left is not None:
        return Clock("late", hours(-left), _("late, done"))
    if outcome == Outcome.PAUSED and left is not None:
        return Clock("paused", hours(left), _("left, paused"))
    if due_at is None:
        return Clock("waiting", hours(counted), _("no due moment"))
    return clock_until(due_at, "", now)


def _clock_of(row: Deadline, now: datetime) -> Clock:
    counted = timedelta(seconds=row.counted_seconds)
    left = timedelta(minutes=row.minutes) - counted if row.minutes is not None else None
    facts = {"due_at": row.due_at, "is_done": row.stopped_at is not None, "now": now}
    return clock_of(row.outcome, counted=counted, left=left, **facts)  # type: ignore[arg-type]  # of three kinds


def promised_words(minutes: int | None, promise: dict[str, Any]) -> str:
    """`4 h in the hours of 8x5, by contract CT-0001`."""
    facts = {
        "hours": hours(timedelta(minutes=minutes or 0)),
        "calendar": promise.get("calendar_name") or "24x7",
        "name": promise.get("source_name", ""),
    }
    words = {
        "contract": _("%(hours)s in the hours of %(calendar)s, by contract %(name)s"),
        "plan": _("%(hours)s in the hours of %(calendar)s, by the plan of contract %(name)s"),
        "client": _("%(hours)s in the hours of %(calendar)s, as agreed with %(name)s"),
        "queue": _("%(hours)s in the hours of %(calendar)s, as for queue %(name)s"),
    }
    return (
        words.get(promise.get("source", ""), _("%(hours)s in the hours of %(calendar)s, as for everybody"))
        % facts
    )


def steps_of(reading: Reading, promise: dict[str, Any]) -> list[Step]:
    """What counted and what did not, the latest stretches of it, and what that leaves."""
    zone = ZoneInfo(promise.get("zone") or "UTC")
    told = [piece for piece in reading.pieces if piece.why is not Why.CLOSED]
    if told and told[-1].why is Why.STOPPED:
        told.pop()
    steps = [_step(piece, zone) for piece in told[-MOST_STEPS:]]
    if len(told) > MOST_STEPS:
        steps.insert(0, Step(_("Before that"), hours(told[-MOST_STEPS - 1].counted)))
    counted = hours(reading.counted)
    steps.append(Step(_("Counted"), counted, is_sum=True))
    if reading.due_at is not None:
        name = _("Time was up") if reading.breached_at else _("Due")
        steps.append(Step(name, moment(reading.due_at, zone), zone.key))
    return steps


def _step(piece: Piece, zone: ZoneInfo) -> Step:
    begins, ends = piece.starts_at.astimezone(zone), piece.ends_at.astimezone(zone)
    same_day = begins.date() == ends.date()
    until = formats.time_of_day(ends) if same_day else moment(ends, zone)
    return Step(
        text=f"{moment(begins, zone)} – {until}",
        value=hours(piece.ends_at - piece.starts_at) if piece.why is Why.COUNTED else "–",
        note=_why(piece.why),
    )


def _why(why: Why) -> str:
    return {
        Why.COUNTED: _("counts"),
        Why.PAUSED: _("waited for the client"),
        Why.STOPPED: _("it was done"),
        Why.NOTHING_PROMISED: _("nothing was promised yet"),
        Why.CLOSED: _("outside the hours"),
    }[why]


def short_name(metric: str) -> str:
    """What is due, in a word or two."""
    names = {
        Metric.FIRST_RESPONSE.value: pgettext("deadline", "to answer"),
        Metric.NEXT_RESPONSE.value: pgettext("deadline", "to answer again"),
        Metric.NORMALISATION.value: pgettext("deadline", "to be normal"),
        Metric.SOLUTION.value: pgettext("deadline", "to solve"),
    }
    return names.get(metric, "")


def hours(span: timedelta) -> str:
    """Whole minutes of a span: `2 h 56`."""
    return formats.hours_of_minutes(span // timedelta(minutes=1), formats.locale_for(get_language()))


def moment(at: datetime, zone: ZoneInfo | None = None) -> str:
    """`10:42` today, `Tue 10 Nov, 10:42` on another day, on the clock of a zone or of the reader."""
    local = timezone.localtime(at, zone)
    today = timezone.localdate(timezone=zone)
    return formats.moment(local, formats.locale_for(get_language()), today=today)


def _late(over: timedelta, due_at: datetime) -> str:
    if over < timedelta(days=1):
        return formats.time_left(over // _SECOND)
    return _("since %(day)s") % {"day": moment(due_at)}
