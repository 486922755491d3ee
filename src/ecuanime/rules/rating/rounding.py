"""Rounding groups: which works are rounded together, and how a group's minutes are spread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from ..hours import Group, round_to_minutes
from ..money import spread
from .cutting import Piece
from .trace import Code, Step, step
from .values import Booked, Terms, Work

_DAWN = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class RoundedGroup:
    """What a run adds to one group, the minutes of each of its pieces by (work id, place), and why."""

    added: Booked
    minutes: dict[tuple[int, int], int]
    step: Step


def group_of(work: Work, group: Group) -> str:
    """The stable name of the group that a work is rounded in, unique within one contract.

    Work outside any visit is rounded by entry under a policy that groups by visit.
    """
    if group == Group.TICKET:
        return f"ticket:{work.ticket_id}"
    if group == Group.TICKET_DAY:
        return f"ticket_day:{work.ticket_id}:{work.work_on.isoformat()}"
    if group == Group.DAY:
        return f"day:{work.work_on.isoformat()}"
    if group == Group.VISIT and work.visit_id is not None:
        return f"visit:{work.visit_id}"
    return f"entry:{work.id}"


def round_groups(
    pieces: Iterable[Piece], terms: Terms, booked: Mapping[str, Booked]
) -> dict[str, RoundedGroup]:
    """Round each group once, together with what earlier runs booked of it.

    A group gets `round(total) − already booked`, never below 0, spread over its new pieces by largest
    remainder; ties go to the earliest start, then the id.
    """
    members: dict[str, list[Piece]] = {}
    for piece in pieces:
        members.setdefault(group_of(piece.work, terms.rounding.group), []).append(piece)
    return {
        name: _round(name, pieces, terms, booked.get(name, Booked(name, 0, 0)))
        for name, pieces in members.items()
    }


def _round(name: str, pieces: list[Piece], terms: Terms, before: Booked) -> RoundedGroup:
    pieces.sort(key=_earliest_first)
    seconds = int(sum(piece.share for piece in pieces))
    total = round_to_minutes(before.billable_seconds + seconds, terms.rounding)
    minutes = max(0, total - before.rounded_minutes) if seconds else 0
    parts = spread(minutes, [piece.share for piece in pieces])
    policy = terms.rounding
    reason = step(
        Code.GROUP_ROUNDED,
        None,
        group=name,
        seconds=seconds,
        seconds_before=before.billable_seconds,
        step_minutes=policy.step_minutes,
        mode=policy.mode,
        tie=policy.tie,
        minimum_minutes=policy.minimum_minutes,
        rounded_minutes=total,
        booked_minutes=before.rounded_minutes,
        added_minutes=minutes,
    )
    shared = {(piece.work.id, piece.place): part for piece, part in zip(pieces, parts, strict=True)}
    return RoundedGroup(Booked(name, seconds, minutes), shared, reason)


def _earliest_first(piece: Piece) -> tuple[date, datetime, int, int]:
    # A work without clock times counts as done at the beginning of its day.
    return (piece.day, piece.started_at or _DAWN, piece.work.id, piece.place)
