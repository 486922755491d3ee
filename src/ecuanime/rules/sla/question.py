"""The clock open to whoever wants to check it: calendar, states and target come in, due and broken come out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from ecuanime.rules.calendars import Calendar
from ecuanime.rules.scenario.reading import Problem, Wrong, parsed, read_as
from ecuanime.rules.sla.clock import read
from ecuanime.rules.sla.histories import changes_for
from ecuanime.rules.sla.values import History, Metric, Outcome, Reading, Run, Target, Why

LONGEST = timedelta(days=3 * 366)
LONGEST_TARGET = 3 * 366 * 24 * 60


class TicketState(StrEnum):
    """Where a ticket may stand; of these `waiting_client` pauses, `solved` and `closed` stop."""

    NEW = "new"
    OPEN = "open"
    WAITING_CLIENT = "waiting_client"
    WAITING_THIRD = "waiting_third"
    SOLVED = "solved"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class StateChange:
    """From this moment on the ticket stood there."""

    at: datetime
    state: TicketState


@dataclass(frozen=True, slots=True)
class NormalChange:
    """From this moment on service was, or was no longer, normal."""

    at: datetime
    is_normal: bool


@dataclass(frozen=True, slots=True)
class SlaTarget:
    """What was promised from a moment on (None: from the opening); minutes None promises nothing."""

    minutes: int | None
    calendar: Calendar | None = None
    since: datetime | None = None
    warn_percent: int = 75


@dataclass(frozen=True, slots=True)
class SlaQuestion:
    """What happened to a ticket, what was promised, and the moment at which the clock is read."""

    opened_at: datetime
    now: datetime
    targets: tuple[SlaTarget, ...]
    metric: Metric = Metric.SOLUTION
    number: int = 1
    states: tuple[StateChange, ...] = ()
    asked: tuple[datetime, ...] = ()
    answered: tuple[datetime, ...] = ()
    normal: tuple[NormalChange, ...] = ()


@dataclass(frozen=True, slots=True)
class SlaPiece:
    """A stretch of time, why it counts or not, and the seconds that had counted at its end."""

    starts_at: datetime
    ends_at: datetime
    why: Why
    counted_seconds: int


@dataclass(frozen=True, slots=True)
class SlaAnswer:
    """What the clock says; see `Reading`. Moments are in UTC."""

    outcome: Outcome
    run: Run
    minutes: int | None
    counted_seconds: int
    left_seconds: int | None
    warns_at: datetime | None
    due_at: datetime | None
    breached_at: datetime | None
    stopped_at: datetime | None
    pieces: tuple[SlaPiece, ...]


def read_question(text: str | bytes) -> SlaQuestion:
    """A question written as JSON. Raises `Wrong`, naming what cannot be and where."""
    question: SlaQuestion = read_as(SlaQuestion, parsed(text))
    if question.now < question.opened_at:
        raise Wrong("now", Problem.BEFORE_START)
    if question.now - question.opened_at > LONGEST:
        raise Wrong("now", Problem.TOO_LATE, days=LONGEST.days)
    for place, target in enumerate(question.targets):
        if target.minutes is not None and not 1 <= target.minutes <= LONGEST_TARGET:
            raise Wrong(f"targets[{place}].minutes", Problem.RANGE, least=1, most=LONGEST_TARGET)
        if not 1 <= target.warn_percent <= 100:
            raise Wrong(f"targets[{place}].warn_percent", Problem.RANGE, least=1, most=100)
    _refuse_disorder(question)
    return question


def answer(question: SlaQuestion) -> SlaAnswer:
    """What the clock of the question says. Raises `Wrong` where it has not started by then."""
    return _answer(reading_of(question))


def reading_of(question: SlaQuestion) -> Reading:
    """The reading of the question's clock. Raises `Wrong` where it has not started by then."""
    changes = changes_for(question.metric, history_of(question), question.number)
    if not changes or changes[0].at > question.now:
        raise Wrong("metric", Problem.NOT_STARTED)
    return read(changes, targets_of(question), now=question.now)


def history_of(question: SlaQuestion) -> History:
    """What happened, as the clocks ask for it."""
    opening = ((question.opened_at, TicketState.NEW.value),)
    return History(
        opened_at=question.opened_at,
        states=opening + tuple((each.at, each.state.value) for each in question.states),
        asked=tuple(sorted(question.asked)),
        answered=tuple(sorted(question.answered)),
        normal=tuple((each.at, each.is_normal) for each in question.normal),
    )


def targets_of(question: SlaQuestion) -> tuple[Target, ...]:
    """What was promised, in order of time."""
    return tuple(
        Target(each.since or question.opened_at, each.minutes, each.calendar, each.warn_percent)
        for each in question.targets
    )


def _refuse_disorder(question: SlaQuestion) -> None:
    """States, targets and normal service are told in the order in which they came, from the opening on."""
    told = {
        "states": [each.at for each in question.states],
        "normal": [each.at for each in question.normal],
        "targets": [each.since or question.opened_at for each in question.targets],
    }
    for name, moments in told.items():
        for place, (before, after) in enumerate(pairwise([question.opened_at, *moments])):
            if after < before:
                raise Wrong(f"{name}[{place}]", Problem.BEFORE_START)


def _answer(reading: Reading) -> SlaAnswer:
    second = timedelta(seconds=1)
    return SlaAnswer(
        outcome=reading.outcome,
        run=reading.run,
        minutes=reading.minutes,
        counted_seconds=reading.counted // second,
        left_seconds=None if reading.left is None else reading.left // second,
        warns_at=reading.warns_at,
        due_at=reading.due_at,
        breached_at=reading.breached_at,
        stopped_at=reading.stopped_at,
        pieces=tuple(
            SlaPiece(each.starts_at, each.ends_at, each.why, each.counted // second)
            for each in reading.pieces
        ),
    )
