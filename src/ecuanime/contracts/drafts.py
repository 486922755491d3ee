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

    @property
    def is_base(self) -> bool:
        """Whether it is a base rate per hour rather than an exact price for a type or a band."""
        return self.price_per_hour is not None and not self.work_type and not self.band


@dataclass(frozen=True, slots=True)
class WeightRow:
    """How much of a pack a minute of a work type takes, and below how much it is free."""

    work_type: str
    factor: Decimal = Decimal(1)
    free_under_minutes: int = 0


@dataclass(frozen=True, slots=True)
class VersionDraft:
    """The whole text of a plan version: names, rounding, choices and rows. `calendar` is a calendar's code.

    `tiers` map hours bought at once to the price per hour; `surcharges` map a circumstance to its factor.
    """

    name_es: str
    name_en: str
    currency: str = "EUR"
    calendar: str = ""
    rounding_group: str = RoundingGroup.TICKET_DAY.value
    rounding_step: int = 15
    rounding_mode: str = RoundingMode.UP.value
    rounding_tie: str = Tie.UP.value
    minimum_minutes: int = 0
    overage: str = Overage.BILL.value
    approval: str = Approval.BOTH.value
    silence_is_consent: bool = False
    approval_days: int = 5
    hours_visible: bool = True
    payment_days: int = 30
    grants: tuple[GrantRow, ...] = ()
    tiers: Mapping[int, Decimal] = field(default_factory=dict)
    rates: tuple[RateRow, ...] = ()
    weights: tuple[WeightRow, ...] = ()
    surcharges: Mapping[str, Decimal] = field(default_factory=dict)


COLUMNS = (
    "name_es",
    "name_en",
    "currency",
    "rounding_group",
    "rounding_step",
    "rounding_mode",
    "rounding_tie",
    "minimum_minutes",
    "overage",
    "approval",
    "silence_is_consent",
    "approval_days",
    "hours_visible",
    "payment_days",
)


def draft_of(version: PlanVersion) -> VersionDraft:
    """A version's text as a draft: where the editor and a next version start from."""
    grants = version.grants.prefetch_related("areas").order_by("id")
    rates = version.rates.select_related("area", "work_type").order_by("id")
    weights = version.weights.select_related("work_type").order_by("id")
    return VersionDraft(
        **{name: getattr(version, name) for name in COLUMNS},
        calendar=version.calendar.code if version.calendar else "",
        grants=tuple(
            GrantRow(
                default_hours=grant.default_hours,
                valid_months=grant.valid_months,
                bonus_every=grant.bonus_every,
                bonus_hours=grant.bonus_hours,
                priority=grant.priority,
                areas=tuple(area.code for area in grant.areas.all()),
            )
            for grant in grants
        ),
        tiers={tier.from_hours: tier.price_per_hour for tier in version.tiers.all()},
        rates=tuple(
            RateRow(
                price_per_hour=rate.price_per_hour,
                unit_price=rate.unit_price,
                area=rate.area.code if rate.area else "",
                level=rate.level,
                work_type=rate.work_type.code if rate.work_type else "",
                band=rate.band,
                valid_from=rate.valid_from,
                valid_until=rate.valid_until,
            )
            for rate in rates
        ),
        weights=tuple(
            WeightRow(weight.work_type.code, weight.factor, weight.free_under_minutes) for weight in weights
        ),
        surcharges={surcharge.when: surcharge.factor for surcharge in version.surcharges.order_by("when")},
    )
