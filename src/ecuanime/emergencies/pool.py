"""The pool of a case: what the client lets be spent, what is used of it by now, and what is left in money and time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from ecuanime.emergencies.models import CeilingRaise, Emergency, Stage
from ecuanime.emergencies.progress import PhaseSoFar, ceiling_of, level_of, so_far
from ecuanime.rules.express import minutes_left
from ecuanime.rules.money import amount_for_minutes, round_half_up
from ecuanime.worklog.models import Timer
from ecuanime.worklog.queries.contracts import windows_of

WARNINGS = {"pool_near": Fraction(4, 5), "pool_empty": Fraction(1)}
"""What is said from which share of the pool on."""

__all__ = ["WARNINGS", "Pool", "ceiling_of", "pool_of", "raises_of"]


@dataclass(frozen=True)
class Pool:
    """Amounts are in minor units before tax; `spent` counts the timers that run. `left_minutes` is what is left at the
    price of the phase that is worked now, None where the contract has none."""

    ceiling: int
    spent: int
    currency: str
    left_minutes: int | None

    @property
    def left(self) -> int:
        """What is left; never below zero."""
        return max(0, self.ceiling - self.spent)

    @property
    def is_near(self) -> bool:
        """Whether so much is used that the client has to be asked."""
        return self.used >= WARNINGS["pool_near"]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left."""
        return self.spent >= self.ceiling

    @property
    def used(self) -> Fraction:
        """The share that is used."""
        return Fraction(self.spent, self.ceiling)


def pool_of(emergency: Emergency, *, now: datetime) -> Pool | None:
    """The pool of a case whose work has opened; None where there is no ceiling."""
    found = so_far(emergency, None, now=now)
    if found is None or found.ceiling is None:
        return None
    phase = found.phases[0 if emergency.stage == Stage.NORMALISING else 1]
    spent = found.spent + _running(emergency, phase, found.currency, now)
    minutes = minutes_left(found.ceiling - spent, phase.price, found.currency) if phase.price else None
    return Pool(found.ceiling, spent, found.currency, minutes)


def _running(emergency: Emergency, phase: PhaseSoFar, currency: str, now: datetime) -> int:
    """What the timers that run on the case cost by now; what they counted before this phase is not in it."""
    if phase.amount is None or phase.price is None:
        return 0
    since = windows_of(emergency.ticket)[-1].since
    prices = {each.level: each.price for each in phase.levels}
    cost = Fraction(0)
    for timer in Timer.objects.filter(ticket=emergency.ticket_id, caught_at=None):
        seconds = max(0, int((now - max(timer.started_at, since)).total_seconds()))
        price = prices.get(level_of(timer.user_id, emergency.area_id), phase.price)
        cost += amount_for_minutes(Fraction(seconds, 60), price, currency)
    return round_half_up(cost)


def raises_of(emergency: Emergency) -> list[CeilingRaise]:
    """The consents to spend more, the newest first."""
    return list(emergency.raises.order_by("-id"))
