"""How far the work of a case is: time and cost by phase against the estimate, and what is left of the ceiling."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from ecuanime.contracts.models import Contract, PlanKind
from ecuanime.contracts.terms import terms_of
from ecuanime.emergencies.billing import phase_of
from ecuanime.emergencies.conditions import LevelPrice, hourly, level_prices
from ecuanime.emergencies.models import Assessment, Emergency
from ecuanime.rules.calendars import local_date
from ecuanime.rules.express import Phase
from ecuanime.rules.money import amount_for_minutes, round_half_up
from ecuanime.staff.models import Competence
from ecuanime.worklog.models import EntryState, TimeEntry
from ecuanime.worklog.queries.contracts import windows_of

WARNS_AT = Fraction(4, 5)
"""The share of the ceiling from which on the team is asked to stop."""


@dataclass(frozen=True)
class PhaseSoFar:
    """A phase: what was worked, billed or not yet, what was estimated, and what it costs at its price per hour.

    `amount` is in minor units before tax and before rounding by the contract; None where the contract itself may cover
    some of it.
    """

    phase: Phase
    contract: Contract
    seconds: int
    estimate_minutes: int | None
    price: Decimal | None
    amount: int | None
    levels: tuple[LevelPrice, ...] = ()

    @property
    def is_above(self) -> bool:
        """Whether it has taken longer than estimated."""
        return self.estimate_minutes is not None and self.seconds > self.estimate_minutes * 60


@dataclass(frozen=True)
class SoFar:
    """The phases of a case, and its ceiling."""

    phases: tuple[PhaseSoFar, ...]
    ceiling: int | None
    currency: str

    @property
    def spent(self) -> int:
        """Minor units before tax."""
        return sum(phase.amount or 0 for phase in self.phases)

    @property
    def left(self) -> int | None:
        """What is left of the ceiling; never below zero."""
        return None if self.ceiling is None else max(0, self.ceiling - self.spent)

    @property
    def is_near(self) -> bool:
        """Whether so much of the ceiling is used up that the client has to be asked."""
        return self.ceiling is not None and self.spent >= self.ceiling * WARNS_AT


def so_far(emergency: Emergency, assessment: Assessment | None, *, now: datetime) -> SoFar | None:
    """How far a case is; None before its work has opened."""
    first, second = emergency.express_contract, emergency.mitigation_contract
    if emergency.opened_at is None or first is None or second is None:
        return None
    seconds = _seconds(emergency)
    estimates = {
        Phase.NORMALISATION: assessment.normalise_minutes if assessment else None,
        Phase.MITIGATION: assessment.mitigate_minutes if assessment else None,
    }
    contracts = {Phase.NORMALISATION: first, Phase.MITIGATION: second}
    phases = tuple(
        _phase(emergency, phase, contracts[phase], seconds[phase], estimates[phase], now) for phase in Phase
    )
    return SoFar(phases, ceiling_of(emergency), first.version.currency)


def ceiling_of(emergency: Emergency) -> int | None:
    """What may be spent in all, in minor units before tax: as accepted, or as the client has raised it since."""
    accepted = getattr(emergency, "acceptance", None)
    if accepted is None or accepted.ceiling is None:
        return None
    raised: int | None = emergency.raises.order_by("-id").values_list("amount", flat=True).first()
    return raised or int(accepted.ceiling)


def evaluation_seconds(emergency: Emergency) -> int:
    """What was worked to say whether the case is viable, and until work opened: recorded, never billed."""
    windows = windows_of(emergency.ticket)
    return sum(entry.elapsed_seconds for entry in _entries(emergency) if phase_of(entry, windows) is None)


def level_of(user: int, area: int | None) -> str:
    """How well a person knows an area; empty where nobody has said."""
    known = Competence.objects.filter(user=user, area=area).values_list("level", flat=True)
    return known.first() or ""


def _entries(emergency: Emergency) -> QuerySet[TimeEntry]:
    return TimeEntry.objects.filter(ticket=emergency.ticket).exclude(state=EntryState.REJECTED)


def _seconds(emergency: Emergency) -> dict[Phase, Counter[str]]:
    """The seconds that count for the bill, by phase and by the worker's level in the area of the work."""
    level = Competence.objects.filter(user=OuterRef("user"), area=OuterRef("area")).values("level")
    windows = windows_of(emergency.ticket)
    found: dict[Phase, Counter[str]] = {phase: Counter() for phase in Phase}
    for entry in _entries(emergency).annotate(worker_level=Coalesce(Subquery(level), Value(""))):
        phase = phase_of(entry, windows)
        if phase is not None:
            found[phase][vars(entry)["worker_level"]] += entry.billed_seconds
    return found


def _phase(
    emergency: Emergency,
    phase: Phase,
    contract: Contract,
    seconds: Counter[str],
    estimate: int | None,
    now: datetime,
) -> PhaseSoFar:
    on, currency = local_date(now, contract.time_zone), contract.version.currency
    terms = terms_of(contract, on, on)
    price, levels = hourly(terms, emergency.area, on), level_prices(terms, emergency.area, on)
    amount = None
    if price is not None and contract.version.plan.kind == PlanKind.ON_DEMAND:
        prices = {each.level: each.price for each in levels}
        spent: Counter[Decimal] = Counter()
        for level, worked in seconds.items():
            spent[prices.get(level, price)] += worked
        parts = (amount_for_minutes(Fraction(worked, 60), each, currency) for each, worked in spent.items())
        amount = sum(map(round_half_up, parts))
    return PhaseSoFar(phase, contract, seconds.total(), estimate, price, amount, levels)
