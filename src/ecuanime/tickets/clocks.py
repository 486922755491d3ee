"""From a ticket's rows to what its clocks are read from: what happened to it, and what it was promised from when on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from ecuanime.contracts.service_levels import Promised
from ecuanime.rules.calendars import Band, Calendar
from ecuanime.rules.sla import Change, History, Metric, Reading, Target, changes_for, read, rounds_of
from ecuanime.tickets.models import Message, Promise, State, Ticket, TicketPromise

STATE_FIELDS = ("state", "state_undone")
NORMAL = "normal"
UNDELIVERED = "undelivered"
MERGE_UNDONE = "merge_undone"
BEGAN, STOOD, ASKED, ANSWERED = "thread_began", "thread_state", "thread_question", "thread_answer"
SHARED = (BEGAN, STOOD, ASKED, ANSWERED)
"""What a ticket keeps of a thread that it shared with another one, whose number is in `before`: since when its clocks
run, how that thread stood then (in `after`), what was asked and answered. People see none of these lines."""
ONCE = (Metric.FIRST_RESPONSE, Metric.NORMALISATION, Metric.SOLUTION)

NOTHING: dict[str, Any] = {"source": "", "targets": {}}
"""The content of a promise that promises nothing (any more)."""


@dataclass(frozen=True)
class Clock:
    """One clock of a ticket: which, of which round, and what it does from when on."""

    metric: Metric
    number: int
    changes: tuple[Change, ...]


def history_of(ticket: Ticket) -> History:
    """What happened to a ticket, in two queries. An answer that did not arrive is no answer.

    What was written before its clocks began belongs to the thread it was split off.
    """
    states: list[tuple[datetime, str]] = [(ticket.created_at, State.NEW.value)]
    normal: list[tuple[datetime, bool]] = []
    lost: set[str] = set()
    shared: dict[str, list[datetime]] = {field: [] for field in SHARED}
    fields = (*STATE_FIELDS, NORMAL, UNDELIVERED, MERGE_UNDONE, *SHARED)
    told = ticket.events.filter(field__in=fields).order_by("at", "id")
    for at, field, before, after in told.values_list("at", "field", "before", "after"):
        if field in STATE_FIELDS:
            states.append((at, after))
        elif field == MERGE_UNDONE:
            states = [each for each in states if each[1] != State.CLOSED]
        elif field == NORMAL:
            normal.append((datetime.fromisoformat(after), True) if after else (at, False))
        elif field in SHARED:
            shared[field].append(at)
            states += [(at, after)] if field == STOOD else []
        else:
            lost.add(before)
    states.sort(key=lambda each: each[0])
    if states[-1][1] != ticket.state:
        states.append((states[-1][0], ticket.state))
    asked, answered = shared[ASKED], shared[ANSWERED]
    public = ticket.messages.exclude(kind=Message.Kind.NOTE).filter(is_automatic=False)
    for at, kind, outgoing in public.order_by("created_at", "id").values_list(
        "created_at", "kind", "outgoing_id"
    ):
        if kind == Message.Kind.INBOUND:
            asked.append(at)
        elif str(outgoing) not in lost:
            answered.append(at)
    opened_at = min([ticket.created_at, *shared[BEGAN]])
    return History(
        opened_at,
        tuple(states),
        tuple(sorted(at for at in asked if at >= opened_at)),
        tuple(sorted(at for at in answered if at >= opened_at)),
        tuple(sorted(normal)),
    )


def clocks_of(history: History) -> list[Clock]:
    """Every clock that has started, in the order in which their rounds began."""
    once = [Clock(metric, 1, changes_for(metric, history)) for metric in ONCE]
    again = [
        Clock(Metric.NEXT_RESPONSE, number, changes_for(Metric.NEXT_RESPONSE, history, number))
        for number, _ in enumerate(rounds_of(history), start=1)
    ]
    return once + again


def reading_of(clock: Clock, promises: Iterable[TicketPromise], *, now: datetime) -> Reading:
    """What a clock says, given what its ticket was promised."""
    return read(clock.changes, targets_for(clock.metric, promises), now=now)


def targets_for(metric: Metric, promises: Iterable[TicketPromise]) -> tuple[Target, ...]:
    """What was promised of one thing, from when on."""
    return tuple(
        Target(
            since=row.since,
            minutes=row.promise.content["targets"].get(metric.value),
            calendar=calendar_of(row.promise),
            warn_percent=row.promise.content.get("warn_percent", 75),
        )
        for row in promises
    )


def content_of(promised: Promised | None) -> dict[str, Any]:
    """A promise as it is kept."""
    if promised is None:
        return NOTHING
    return {
        "source": promised.source,
        "source_name": promised.source_name,
        "zone": promised.zone,
        "calendar_name": promised.calendar_name,
        "calendar": _written(promised.calendar) if promised.calendar else None,
        "targets": dict(sorted(promised.minutes.items())),
        "warn_percent": promised.warn_percent,
        "level": promised.level_id,
        "credit_minutes": promised.credit_minutes,
        "credit_most_minutes": promised.credit_most_minutes,
    }


def digest_of(content: dict[str, Any]) -> str:
    """What tells one content from another."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def calendar_of(promise: Promise) -> Calendar | None:
    """The calendar in which a promise counts; None for every hour."""
    kept = promise.content.get("calendar")
    return _read(json.dumps(kept, sort_keys=True)) if kept else None


def _written(calendar: Calendar) -> dict[str, Any]:
    return {
        "zone": calendar.zone,
        "bands": [
            [band.weekday, band.opens.isoformat("minutes"), band.closes.isoformat("minutes")]
            for band in calendar.bands
        ],
        "holidays": [day.isoformat() for day in sorted(calendar.holidays)],
        "open_on_holidays": calendar.open_on_holidays,
    }


@lru_cache(maxsize=256)
def _read(kept: str) -> Calendar:
    """One value for all promises with the same calendar, so that what it covers of a day is worked out once."""
    facts = json.loads(kept)
    return Calendar(
        zone=facts["zone"],
        bands=tuple(
            Band(weekday, time.fromisoformat(opens), time.fromisoformat(closes))
            for weekday, opens, closes in facts["bands"]
        ),
        holidays=frozenset(date.fromisoformat(day) for day in facts["holidays"]),
        open_on_holidays=facts["open_on_holidays"],
    )
