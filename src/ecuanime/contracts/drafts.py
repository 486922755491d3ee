"""What a plan version says, as frozen values: what templates, the editor and imports hand to `draft_version`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ecuanime.contracts.models import (
    Approval,
    Fee,
    Grant,
    Overage,
    PlanVersion,
    RoundingGroup,
    RoundingMode,
    ServiceLevel,
    Tie,
    Unit,
)


@dataclass(frozen=True, slots=True)
class FeeRow:
    """What is paid in advance every so many months, in major units: see `models.Fee`."""

    price: Decimal
    every_months: int = 1
    begins: str = Fee.Begins.START.value
    pro_rata: str = Fee.ProRata.NONE.value


@dataclass(frozen=True, slots=True)
class GrantRow:
    """What the plan grants, in hours or incidents: see `models.Grant`. `areas` and `work_types` are codes."""

    quantity: int
    valid_months: int | None = 12
    bonus_every: int | None = None
    bonus: int = 0
    priority: int = 100
    areas: tuple[str, ...] = ()
    work_types: tuple[str, ...] = ()
    unit: str = Unit.MINUTES.value
    per: str = Grant.Per.PURCHASE.value
    rollover_cap: int | None = None
    rollover_periods: int = 1
    moves_on: bool = False

    @property
    def is_allowance(self) -> bool:
        """Whether each period brings it, rather than a purchase."""
        return self.per == Grant.Per.PERIOD


@dataclass(frozen=True, slots=True)
class CoverRow:
    """What the plan itself covers, by codes of area and work type (empty: any); at most `cap_minutes` of a ticket."""

    area: str = ""
    work_type: str = ""
    cap_minutes: int | None = None
    needs_incident: bool = False
    in_hours_only: bool = False


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
class PromiseRow:
    """What is promised about time: priorities, metrics and minutes, in the hours of a calendar (its code)."""

    targets: tuple[tuple[int, str, int], ...]
    calendar: str = ""
    warn_percent: int = 75
    credit_minutes: int = 0
    credit_most_minutes: int = 0


@dataclass(frozen=True, slots=True)
class VersionDraft:
    """The whole text of a plan version: names, rounding, choices and rows. `calendar` is a calendar's code.

    `tiers` map a quantity bought at once to the price of an hour or an incident; `surcharges` map a circumstance, and
    `level_weights` a level of competence, to its factor.
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
    overage_limit_minutes: int | None = None
    overage_price: Decimal | None = None
    term_months: int | None = None
    notice_days: int = 30
    approval: str = Approval.BOTH.value
    silence_is_consent: bool = False
    approval_days: int = 5
    hours_visible: bool = True
    payment_days: int = 30
    fee: FeeRow | None = None
    grants: tuple[GrantRow, ...] = ()
    covers: tuple[CoverRow, ...] = ()
    tiers: Mapping[int, Decimal] = field(default_factory=dict)
    rates: tuple[RateRow, ...] = ()
    weights: tuple[WeightRow, ...] = ()
    level_weights: Mapping[str, Decimal] = field(default_factory=dict)
    surcharges: Mapping[str, Decimal] = field(default_factory=dict)
    promise: PromiseRow | None = None


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
    "overage_limit_minutes",
    "overage_price",
    "term_months",
    "notice_days",
    "approval",
    "silence_is_consent",
    "approval_days",
    "hours_visible",
    "payment_days",
)


FEE_COLUMNS = ("price", "every_months", "begins", "pro_rata")


GRANT_COLUMNS = (
    "quantity",
    "valid_months",
    "bonus_every",
    "bonus",
    "priority",
    "unit",
    "per",
    "rollover_cap",
    "rollover_periods",
    "moves_on",
)


PROMISE_COLUMNS = ("warn_percent", "credit_minutes", "credit_most_minutes")


def draft_of(version: PlanVersion) -> VersionDraft:
    """A version's text as a draft: where the editor and a next version start from."""
    rates = version.rates.select_related("area", "work_type").order_by("id")
    weights = version.weights.select_related("work_type").order_by("id")
    return VersionDraft(
        **{name: getattr(version, name) for name in COLUMNS},
        calendar=version.calendar.code if version.calendar else "",
        fee=FeeRow(**{name: getattr(version.fee, name) for name in FEE_COLUMNS}) if version.fee else None,
        grants=_grants(version),
        covers=_covers(version),
        tiers={tier.from_quantity: tier.unit_price for tier in version.tiers.all()},
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
        level_weights={row.level: row.factor for row in version.level_weights.order_by("level")},
        surcharges={surcharge.when: surcharge.factor for surcharge in version.surcharges.order_by("when")},
        promise=_promise(version),
    )


def digest_of(version: PlanVersion) -> str:
    """What tells this text of a version from any other, in whatever language it is read."""
    return hashlib.sha256(repr(draft_of(version)).encode()).hexdigest()


def _grants(version: PlanVersion) -> tuple[GrantRow, ...]:
    return tuple(
        GrantRow(
            **{name: getattr(grant, name) for name in GRANT_COLUMNS},
            areas=tuple(area.code for area in grant.areas.all()),
            work_types=tuple(work_type.code for work_type in grant.work_types.all()),
        )
        for grant in version.grants.prefetch_related("areas", "work_types").order_by("id")
    )


def _promise(version: PlanVersion) -> PromiseRow | None:
    level = ServiceLevel.objects.select_related("calendar").filter(version=version).first()
    if level is None:
        return None
    return PromiseRow(
        targets=tuple(level.targets.values_list("priority", "metric", "minutes")),
        calendar=level.calendar.code if level.calendar else "",
        **{name: getattr(level, name) for name in PROMISE_COLUMNS},
    )


def _covers(version: PlanVersion) -> tuple[CoverRow, ...]:
    return tuple(
        CoverRow(
            area=cover.area.code if cover.area else "",
            work_type=cover.work_type.code if cover.work_type else "",
            cap_minutes=cover.cap_minutes,
            needs_incident=cover.needs_incident,
            in_hours_only=cover.in_hours_only,
        )
        for cover in version.covers.select_related("area", "work_type").order_by("id")
    )
