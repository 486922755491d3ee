"""What the clock is given and what it answers. All instants are aware."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ecuanime.rules.calendars import Calendar


class Metric(StrEnum):
    """What is promised."""

    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    NORMALISATION = "normalisation"
    SOLUTION = "solution"


class Run(StrEnum):
    """What the clock does: it counts, it waits for the client, or what was promised is done."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


class Why(StrEnum):
    """Why a stretch of time counts or does not."""

    COUNTED = "counted"
    CLOSED = "closed"
    PAUSED = "paused"
    STOPPED = "stopped"
    NOTHING_PROMISED = "nothing_promised"


class Outcome(StrEnum):
    """Where a promise stands at the moment of the reading."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"
    NOTHING_PROMISED = "nothing_promised"


@dataclass(frozen=True, slots=True)
class Change:
    """From this instant on the clock does that."""

    at: datetime
    run: Run


@dataclass(frozen=True, slots=True)
class Target:
    """What is promised from an instant on: so many covered minutes of a calendar (None: always open).

    `minutes` is None where nothing is promised. `warn_percent` of it gone is when somebody is warned.
    """

    since: datetime
    minutes: int | None
    calendar: Calendar | None = None
    warn_percent: int = 75


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the clock's history, and how much had counted at its end."""

    starts_at: datetime
    ends_at: datetime
    why: Why
    counted: timedelta


@dataclass(frozen=True, slots=True)
class Reading:
    """What the clock says.

    `due_at` is the instant at which time is (or was) up; None while it waits for the client with time left, when
    it was stopped in time, and where nothing is promised. `breached_at` is that instant once it has passed without
    being done. `left` is below zero by what has counted since.
    """

    outcome: Outcome
    run: Run
    minutes: int | None
    counted: timedelta
    left: timedelta | None
    warns_at: datetime | None
    due_at: datetime | None
    breached_at: datetime | None
    stopped_at: datetime | None
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class History:
    """What happened to a ticket, as far as the clocks ask.

    `states` are the ticket's states in order, the first from its opening; `asked` and `answered` are the instants of
    the client's and of our messages; `normal` says from when on service was, or was no longer, normal again.
    """

    opened_at: datetime
    states: tuple[tuple[datetime, str], ...] = ()
    asked: tuple[datetime, ...] = ()
    answered: tuple[datetime, ...] = ()
    normal: tuple[tuple[datetime, bool], ...] = ()
