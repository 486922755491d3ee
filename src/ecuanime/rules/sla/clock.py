"""Reading a clock: its history is replayed from the start, so the same history always gives the same answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from ecuanime.rules.calendars import open_intervals
from ecuanime.rules.sla.values import Change, Outcome, Piece, Reading, Run, Target, Why

LOOKS_AHEAD = timedelta(days=800)
"""A calendar that does not open often enough to use up a target in this time leaves it without a due moment."""

ZERO = timedelta()


@dataclass
class _Count:
    """What has counted so far, and when it reached what it was measured against."""

    counted: timedelta = ZERO
    warns_at: datetime | None = None
    due_at: datetime | None = None
    pieces: list[Piece] = field(default_factory=list)


@dataclass(frozen=True)
class _Stretch:
    """A stretch in which neither what the clock does nor what is promised changes."""

    starts_at: datetime
    ends_at: datetime
    run: Run
    target: Target | None


def read(changes: Sequence[Change], targets: Sequence[Target], *, now: datetime) -> Reading:
    """What a clock says at `now`, given what it did and what was promised from when on, both in order of time.

    What has counted goes on counting under a new target; one that is shorter than what has already counted is due at
    the instant of the change, never before. Time is up at the first instant at which the whole target has counted; what
    is done at that very instant was done in time. Raises ValueError for a clock that has not started.
    """
    known = [each for each in changes if each.at <= now]
    if not known:
        raise ValueError("the clock has not started")
    run, target = known[-1].run, _target_at(targets, now)
    count = _Count()
    for stretch in _stretches(known, targets, now):
        _replay(count, stretch)
    breached_at = count.due_at
    if run is Run.RUNNING and target is not None:
        _look_ahead(count, target, now)
    minutes = target.minutes if target else None
    return Reading(
        outcome=_outcome(run, minutes, breached_at),
        run=run,
        minutes=minutes,
        counted=count.counted,
        left=None if minutes is None else timedelta(minutes=minutes) - count.counted,
        warns_at=count.warns_at,
        due_at=count.due_at,
        breached_at=breached_at,
        stopped_at=known[-1].at if run is Run.STOPPED else None,
        pieces=tuple(count.pieces),
    )


def _outcome(run: Run, minutes: int | None, breached_at: datetime | None) -> Outcome:
    if breached_at is not None:
        return Outcome.BREACHED
    if minutes is None:
        return Outcome.NOTHING_PROMISED
    return {Run.RUNNING: Outcome.RUNNING, Run.PAUSED: Outcome.PAUSED, Run.STOPPED: Outcome.MET}[run]


def _stretches(changes: Sequence[Change], targets: Sequence[Target], now: datetime) -> Iterator[_Stretch]:
    start = changes[0].at
    moments = {each.at for each in changes} | {each.since for each in targets if each.since > start}
    for begins, ends in pairwise([*sorted(moment for moment in moments if moment < now), now]):
        run = next(each.run for each in reversed(changes) if each.at <= begins)
        yield _Stretch(begins, ends, run, _target_at(targets, begins))


def _target_at(targets: Sequence[Target], at: datetime) -> Target | None:
    return next((each for each in reversed(targets) if each.since <= at), None)


def _replay(count: _Count, stretch: _Stretch) -> None:
    """Let a stretch pass. A target that is used up exactly at its end is due only if the clock then goes on."""
    if stretch.run is not Run.RUNNING:
        _note(count, stretch.starts_at, stretch.ends_at, Why(stretch.run.value))
        return
    target = stretch.target
    if target is None or target.minutes is None:
        _note(count, stretch.starts_at, stretch.ends_at, Why.NOTHING_PROMISED)
        return
    limit, warning = _limits(target)
    at = stretch.starts_at
    if count.counted >= limit:
        count.due_at = count.due_at or at
    if count.counted >= warning:
        count.warns_at = count.warns_at or at
    for begins, ends in open_intervals(target.calendar, at, stretch.ends_at):
        _note(count, at, begins, Why.CLOSED)
        due, warns = begins + (limit - count.counted), begins + (warning - count.counted)
        if count.due_at is None and begins <= due <= ends and due < stretch.ends_at:
            count.due_at = due
        if count.warns_at is None and begins <= warns <= ends and warns < stretch.ends_at:
            count.warns_at = warns
        count.counted += ends - begins
        _note(count, begins, ends, Why.COUNTED)
        at = ends
    _note(count, at, stretch.ends_at, Why.CLOSED)


def _limits(target: Target) -> tuple[timedelta, timedelta]:
    """All of the target, and the part of it after which somebody is warned."""
    limit = timedelta(minutes=target.minutes or 0)
    return limit, limit * target.warn_percent / 100


def _note(count: _Count, starts_at: datetime, ends_at: datetime, why: Why) -> None:
    """Keep a piece of the history, joined to the one before it where nothing is different."""
    if starts_at >= ends_at:
        return
    last = count.pieces[-1] if count.pieces else None
    if last is not None and last.why is why:
        starts_at = last.starts_at
        count.pieces.pop()
    count.pieces.append(Piece(starts_at, ends_at, why, count.counted))


def _look_ahead(count: _Count, target: Target, now: datetime) -> None:
    """When what is left will be used up, if nothing changes."""
    if target.minutes is None:
        return
    limit, warning = _limits(target)
    count.due_at = count.due_at or _when(target, limit - count.counted, now)
    count.warns_at = count.warns_at or _when(target, warning - count.counted, now)


def _when(target: Target, left: timedelta, now: datetime) -> datetime | None:
    """The first instant from `now` on at which so much covered time has passed."""
    if left <= ZERO:
        return now
    for begins, ends in open_intervals(target.calendar, now, now + LOOKS_AHEAD):
        if left <= ends - begins:
            return begins + left
        left -= ends - begins
    return None
