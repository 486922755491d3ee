"""What a plan version says, as frozen values: what templates, the editor and imports hand to `draft_version`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ecuanime.contracts.models import Approval, Overage, PlanVersion, RoundingGroup, RoundingMode, Tie


@dataclass(frozen=True, slots=True)
class GrantRow:
    """What buying the plan grants; `areas` are codes of product areas (empty: all of the contract's)."""

    default_hours: int
    valid_months: int | None = 12
    bonus_every: int | None = None
    bonus_hours: int = 0
    priority: int = 100
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RateRow:
    """One row of the rate card; with a work type or a band it is an absolute price. Codes name areas and types."""

    price_per_hour: Decimal | None = None
    unit_price: Decimal | None = None
    area: str = ""
    level: str = ""
    work_type: str = ""
    band: str = ""
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class WeightRow:
    """How much of a pack a minute of a work type takes, and below how much it is free."""

    work_type: str
    factor: Decimal = Decimal(1)
    free_under_minutes: int = 0


@dataclass(frozen=True, slots=True)
class VersionDraft:
    """The whole text of a plan version: texts, rounding, choices and rows. `calendar` is a calendar's code.

    `tiers` map hours bought at once to the price per hour; `surcharges` map a circumstance to its factor.
    """

    name_es: str
    name_en: str
    currency: str = "EUR"
    calendar: str = ""
    rounding_group: str = RoundingGroup.TICKET_DAY
    rounding_step: int = 15
    rounding_mode: str = RoundingMode.UP
    rounding_tie: str = Tie.UP
    minimum_minutes: int = 0
    overage: str = Overage.BILL
    approval: str = Approval.BOTH
    silence_is_consent: bool = False
    approval_days: int = 5
    hours_visible: bool = True
    payment_days: int = 30
    grants: tuple[GrantRow, ...] = ()
    tiers: Mapping[int, Decimal] = field(default_factory=dict)
    rates: tuple[RateRow, ...] = ()
    weights: tuple[WeightRow, ...] = ()
    surcharges: Mapping[str, Decimal] = field(default_factory=dict)


def draft_of(version: PlanVersion) -> VersionDraft:
    """A version's text as a draft: where the editor and a next version start from."""
    raise NotImplementedError
