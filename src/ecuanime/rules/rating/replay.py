"""Replay: runs of rating chained through the state they share, and corrections of an earlier run.

A correction never edits a run: later runs are taken back last first, the corrected one is rated anew, and
the later ones follow in the order in which they were approved. The outcome is that of a history in which
the corrected work had been right from the start.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..packs import Lot, after_drawing
from .engine import rate
from .values import Booked, Included, Rated, Terms, Work, total_booked, total_included


@dataclass(frozen=True)
class State:
    """What one run leaves to the next: the lots, what is booked by group, the overage used of a limit, what is
    included of each ticket, and the tickets that hold an incident.
    """

    lots: tuple[Lot, ...] = ()
    booked: tuple[Booked, ...] = ()
    used_overage: int = 0
    included: tuple[Included, ...] = ()
    incidents: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Run:
    """Works approved together, and what came of them."""

    works: tuple[Work, ...]
    rated: Rated


def approve(state: State, works: Sequence[Work], terms: Terms) -> tuple[Run, State]:
    """Rate one run and give the state it leaves."""
    rated = rate(
        works,
        terms,
        state.lots,
        state.booked,
        used_overage=state.used_overage,
        included=state.included,
        incidents=state.incidents,
    )
    lots = {lot.id: lot for lot in state.lots}
    for drawdown in rated.drawdowns:
        lots[drawdown.lot_id] = after_drawing(lots[drawdown.lot_id], drawdown)
    after = State(
        lots=tuple(lots.values()),
        booked=tuple(total_booked((*state.booked, *rated.added)).values()),
        used_overage=state.used_overage + _used(rated),
        included=_summed((*state.included, *rated.included)),
        incidents=state.incidents | _tickets(rated),
    )
    return Run(tuple(works), rated), after


def take_back(state: State, run: Run) -> State:
    """The state without a run: its drawdowns restored to their own lots, its minutes no longer booked.

    It is for the last run: the incident that a ticket drew in an earlier one stays.
    """
    lots = {lot.id: lot for lot in state.lots}
    for drawdown in reversed(run.rated.drawdowns):
        lot, part = lots[drawdown.lot_id], drawdown.from_expired
        balance = lot.balance + drawdown.hundredths - part
        lots[lot.id] = replace(lot, balance=balance, expired=lot.expired + part)
    minus = (Booked(row.group, -row.billable_seconds, -row.rounded_minutes) for row in run.rated.added)
    booked = total_booked((*state.booked, *minus)).values()
    less = (replace(row, hundredths=-row.hundredths) for row in run.rated.included)
    return State(
        lots=tuple(lots.values()),
        booked=tuple(row for row in booked if row.billable_seconds or row.rounded_minutes),
        used_overage=state.used_overage - _used(run.rated),
        included=_summed((*state.included, *less)),
        incidents=state.incidents - _tickets(run.rated),
    )


def replay(state: State, approvals: Sequence[Sequence[Work]], terms: Terms) -> tuple[tuple[Run, ...], State]:
    """Rate approvals one after the other, each a run of its own."""
    runs: list[Run] = []
    for works in approvals:
        run, state = approve(state, works, terms)
        runs.append(run)
    return tuple(runs), state


def correct(
    state: State, history: Sequence[Run], place: int, works: Sequence[Work], terms: Terms
) -> tuple[tuple[Run, ...], State]:
    """Replace the works of the run at `place`, whatever was approved since; no works takes it out.

    `state` is the one that `history` led to. Returns the runs from `place` on and the new state.
    """
    for run in reversed(history[place:]):
        state = take_back(state, run)
    return replay(state, [works, *(run.works for run in history[place + 1 :])], terms)


def _summed(rows: Iterable[Included]) -> tuple[Included, ...]:
    return tuple(Included(*place, total) for place, total in total_included(rows).items() if total)


def _tickets(rated: Rated) -> frozenset[int]:
    return frozenset(incident.ticket_id for incident in rated.incidents)


def _used(rated: Rated) -> int:
    return sum(segment.limited_hundredths for segment in rated.segments)
