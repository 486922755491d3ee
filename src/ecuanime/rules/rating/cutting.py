"""Cutting: one work becomes the pieces inside which its terms do not change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from ..calendars import local_date, segment
from ..money import spread
from .values import Terms, Work

_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a work, on one local day. `share` is its exact part of the work's billable seconds.

    The shares of a work sum to its billable seconds, or to 0 where the contract lets it pass for free.
    """

    work: Work
    place: int
    day: date
    started_at: datetime | None
    ended_at: datetime | None
    elapsed_seconds: int
    billable_seconds: int
    share: int | Fraction


def cut(work: Work, terms: Terms, *, whole: bool = False) -> tuple[Piece, ...]:
    """The pieces of a work in time order; billable time is shared by wall-clock fraction.

    A work without clock times, or one that is to stay `whole` because it is priced by the unit, is one
    piece.
    """
    if work.started_at is None or work.ended_at is None or whole:
        return (_uncut(work, work.work_on, work.started_at, work.ended_at),)
    spans = segment(work.started_at, work.ended_at, terms.zone, terms.calendar, terms.cuts)
    if len(spans) == 1:
        [(start, end)] = spans
        return (_uncut(work, local_date(start, terms.zone), start, end),)
    lengths = [(end - start) // _MICROSECOND for start, end in spans]
    elapsed = spread(work.elapsed_seconds, lengths)
    billable = spread(work.billable_seconds, lengths)
    return tuple(
        Piece(
            work=work,
            place=place,
            day=local_date(start, terms.zone),
            started_at=start,
            ended_at=end,
            elapsed_seconds=elapsed[place],
            billable_seconds=billable[place],
            share=Fraction(work.billable_seconds * lengths[place], sum(lengths)),
        )
        for place, (start, end) in enumerate(spans)
    )


def _uncut(work: Work, day: date, start: datetime | None, end: datetime | None) -> Piece:
    billable = work.billable_seconds
    return Piece(work, 0, day, start, end, work.elapsed_seconds, billable, billable)


def in_approval_order(works: Iterable[Work]) -> list[Work]:
    """Who was approved first draws first; the id decides between works approved together.

    Raises ValueError for a work given twice.
    """
    ordered = sorted(works, key=lambda work: (work.approved_order, work.id))
    if len({work.id for work in ordered}) != len(ordered):
        raise ValueError("a work is rated once in a run")
    return ordered
