"""How far the work of a case is: time and cost by phase against the estimate, and what is left of the ceiling."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from ecuanime.contracts.models import Contract, PlanKind
from ecuanime.contracts.terms import terms_of
from ecuanime.emergencies.billing import phase_of
from ecuanime.emergencies.conditions import hourly
from ecuanime.emergencies.models import Assessment, Emergency
from ecuanime.rules.calendars import local_date
from ecuanime.rules.express import Phase
from ecuanime.rules.money import amount_for_minutes, round_half_up
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
    accepted = getattr(emergency, "acceptance", None)
    return SoFar(phases, accepted.ceiling if accepted else None, first.version.currency)


def _seconds(emergency: Emergency) -> dict[Phase, int]:
    windows, found = windows_of(emergency.ticket), dict.fromkeys(Phase, 0)
    for entry in TimeEntry.objects.filter(ticket=emergency.ticket).exclude(state=EntryState.REJECTED):
        phase = phase_of(entry, windows)
        if phase is not None:
            found[phase] += entry.billed_seconds
    return found


def _phase(
    emergency: Emergency,
    phase: Phase,
    contract: Contract,
    seconds: int,
    estimate: int | None,
    now: datetime,
) -> PhaseSoFar:
    on = local_date(now, contract.time_zone)
    price = hourly(terms_of(contract, on, on), emergency.area, on)
    is_by_the_hour = contract.version.plan.kind == PlanKind.ON_DEMAND
    amount = None
    if price is not None and is_by_the_hour:
        amount = round_half_up(amount_for_minutes(Fraction(seconds, 60), price, contract.version.currency))
    return PhaseSoFar(phase, contract, seconds, estimate, price, amount)
