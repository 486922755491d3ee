"""Replay: runs of rating chained through the state they share, and corrections of an earlier run.

A correction never edits a run: later runs are taken back last first, the corrected one is rated anew, and
the later ones follow in the order in which they were approved. The outcome is that of a history in which
the corrected work had been right from the start.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..packs import Drawdown, Lot, after_drawing
from .engine import rate
from .values import Booked, Rated, Terms, Work, total_booked


@dataclass(frozen=True)
class State:
    """What one run leaves to the next: the lots, what is booked by group, the overage used of a limit."""

    lots: tuple[Lot, ...] = ()
    booked: tuple[Booked, ...] = ()
    used_overage: int = 0


@dataclass(frozen=True)
class Run:
    """Works approved together, and what came of them."""

    works: tuple[Work, ...]
    rated: Rated


def approve(state: State, works: Sequence[Work], terms: Terms) -> tuple[Run, State]:
    """Rate one run and give the state it leaves."""
    rated = rate(works, terms, state.lots, state.booked, used_overage=state.used_overage)
    lots = {lot.id: lot for lot in state.lots}
    for drawdown in _drawdowns(rated):
        lots[drawdown.lot_id] = after_drawing(lots[drawdown.lot_id], drawdown)
    booked = tuple(total_booked((*state.booked, *rated.added)).values())
    return Run(tuple(works), rated), State(tuple(lots.values()), booked, state.used_overage + _used(rated))


def take_back(state: State, run: Run) -> State:
    """The state without a run: its drawdowns restored to their own lots, its minutes no longer booked."""
    lots = {lot.id: lot for lot in state.lots}
    for drawdown in reversed(_drawdowns(run.rated)):
        lot, part = lots[drawdown.lot_id], drawdown.from_expired
        balance = lot.balance + drawdown.hundredths - part
        lots[lot.id] = replace(lot, balance=balance, expired=lot.expired + part)
    minus = (Booked(row.group, -row.billable_seconds, -row.rounded_minutes) for row in run.rated.added)
    booked = total_booked((*state.booked, *minus)).values()
    kept = tuple(row for row in booked if row.billable_seconds or row.rounded_minutes)
    return State(tuple(lots.values()), kept, state.used_overage - _used(run.rated))


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


def _drawdowns(rated: Rated) -> list[Drawdown]:
    return [drawdown for segment in rated.segments for drawdown in segment.drawdowns]


def _used(rated: Rated) -> int:
    return sum(segment.overage_hundredths - segment.held_hundredths for segment in rated.segments)
