"""Assignment: who should answer a ticket, by competence, attendance and load. See docs/rules/assignment.md."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from ecuanime.rules.attendance import Attendance

WEIGHTS = {1: 4, 2: 3, 3: 2, 4: 1}
"""How much an open ticket of each priority weighs: urgent, high, normal, low."""
_NEVER = datetime.min.replace(tzinfo=UTC)


class Obstacle(StrEnum):
    """Why somebody is not asked."""

    ON_LEAVE = "on_leave"
    NOT_COMPETENT = "not_competent"
    OTHER_TEAM = "other_team"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could answer. `level` is their competence in the ticket's area, 0 for none.

    `open_by_priority` counts their open tickets; `last_given_at` is when they were last given one.
    `in_team` is false for whoever is not of the team that the ticket's queue has.
    """

    key: int
    level: int
    attendance: Attendance
    open_by_priority: dict[int, int]
    last_given_at: datetime | None = None
    in_team: bool = True

    @property
    def open_tickets(self) -> int:
        """How many they have."""
        return sum(self.open_by_priority.values())

    @property
    def load(self) -> int:
        """How much those weigh."""
        return sum(WEIGHTS[priority] * count for priority, count in self.open_by_priority.items())


@dataclass(frozen=True, slots=True)
class Ranking:
    """Those who can be asked, the best first, and why the others are not."""

    asked: tuple[Candidate, ...]
    passed_over: tuple[tuple[Candidate, Obstacle], ...]

    @property
    def best(self) -> Candidate | None:
        """Who should answer; None when there is nobody."""
        return self.asked[0] if self.asked else None


def rank(candidates: Iterable[Candidate], *, needs_competence: bool) -> Ranking:
    """Put those who can answer in order: at work before coming to work, then the lightest load, then the highest
    level, then whoever was given a ticket longest ago.

    `needs_competence` when the ticket has a product area. Nobody of another team, on leave, without that competence or
    away beyond the days looked at is ever asked. The same facts give the same order.
    """
    asked: list[Candidate] = []
    passed_over: list[tuple[Candidate, Obstacle]] = []
    for candidate in sorted(candidates, key=lambda each: each.key):
        obstacle = _obstacle(candidate, needs_competence=needs_competence)
        if obstacle is None:
            asked.append(candidate)
        else:
            passed_over.append((candidate, obstacle))
    return Ranking(tuple(sorted(asked, key=_order)), tuple(passed_over))


def _obstacle(candidate: Candidate, *, needs_competence: bool) -> Obstacle | None:
    if not candidate.in_team:
        return Obstacle.OTHER_TEAM
    if needs_competence and candidate.level < 1:
        return Obstacle.NOT_COMPETENT
    if candidate.attendance.on_leave:
        return Obstacle.ON_LEAVE
    if not candidate.attendance.is_at_work and candidate.attendance.from_ is None:
        return Obstacle.AWAY
    return None


def _order(candidate: Candidate) -> tuple[datetime, int, int, datetime, int]:
    comes = _NEVER if candidate.attendance.is_at_work else candidate.attendance.from_ or _NEVER
    return comes, candidate.load, -candidate.level, candidate.last_given_at or _NEVER, candidate.key
