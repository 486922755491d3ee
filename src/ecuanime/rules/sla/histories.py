"""From what happened to a ticket to what each of its clocks does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from ecuanime.rules.sla.values import Change, History, Metric, Run

WAITING_FOR_CLIENT = "waiting_client"
DONE = frozenset({"solved", "closed"})

T = TypeVar("T")


def changes_for(metric: Metric, history: History, number: int = 1) -> tuple[Change, ...]:
    """What a clock of the ticket does from when on; empty when it never started.

    `number` is the round, for the next response: its clock starts anew with each question after an answer.
    """
    if metric is Metric.NEXT_RESPONSE:
        rounds = rounds_of(history)
        if not 1 <= number <= len(rounds):
            return ()
        starts_at, ends_at = rounds[number - 1]
    else:
        starts_at, ends_at = history.opened_at, None
    if metric is Metric.FIRST_RESPONSE:
        ends_at = _first(history.answered, _solved(history))
    return tuple(_changes(metric, history, starts_at, ends_at))


def rounds_of(history: History) -> tuple[tuple[datetime, datetime | None], ...]:
    """The client's questions after our first answer, each with when it was answered or the ticket solved."""
    first = _first(history.answered, ())
    if first is None:
        return ()
    ends = sorted([*history.answered, *_solved(history)])
    rounds: list[tuple[datetime, datetime | None]] = []
    for at in sorted(history.asked):
        waiting = rounds and (rounds[-1][1] is None or at < rounds[-1][1])
        if at > first and not waiting:
            rounds.append((at, next((end for end in ends if end > at), None)))
    return tuple(rounds)


def first_unanswered(history: History, asked: Iterable[datetime]) -> datetime | None:
    """The first of these questions that was neither answered nor followed by a solution; None when all were."""
    last = max([*history.answered, *_solved(history)], default=None)
    return min((at for at in asked if last is None or at > last), default=None)


def stood_between(history: History, since: datetime, until: datetime) -> tuple[tuple[datetime, str], ...]:
    """How a ticket stood at `since`, and what changed before `until`."""
    later = tuple((at, state) for at, state in history.states if since < at < until)
    return ((since, _at(history.states, since, "")), *later)


def _changes(metric: Metric, history: History, starts_at: datetime, ends_at: datetime | None) -> list[Change]:
    moments = {starts_at, *(at for at, _ in history.states), *(at for at, _ in history.normal)}
    changes: list[Change] = []
    for at in sorted(moment for moment in moments if moment >= starts_at):
        if ends_at is not None and at >= ends_at:
            break
        run = _run(metric, _at(history.states, at, ""), _at(history.normal, at, False))
        if not changes or changes[-1].run is not run:
            changes.append(Change(at, run))
    if ends_at is not None:
        changes.append(Change(ends_at, Run.STOPPED))
    return changes


def _run(metric: Metric, state: str, is_normal: bool) -> Run:
    if state in DONE or (metric is Metric.NORMALISATION and is_normal):
        return Run.STOPPED
    return Run.PAUSED if state == WAITING_FOR_CLIENT else Run.RUNNING


def _at(told: tuple[tuple[datetime, T], ...], at: datetime, before: T) -> T:
    """What held at an instant; of several at the same one the last."""
    held = before
    for since, value in told:
        if since <= at:
            held = value
    return held


def _solved(history: History) -> tuple[datetime, ...]:
    return tuple(at for at, state in history.states if state in DONE)


def _first(*some: tuple[datetime, ...]) -> datetime | None:
    return min((at for each in some for at in each), default=None)
