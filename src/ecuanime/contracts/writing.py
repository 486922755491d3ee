"""Puts a draft's text into rows of a plan version, finding areas, work types and calendars by their codes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from ecuanime.contracts.drafts import COLUMNS, FEE_COLUMNS, GRANT_COLUMNS, PROMISE_COLUMNS, VersionDraft
from ecuanime.contracts.models import (
    Cover,
    CoverageCalendar,
    Fee,
    Grant,
    LevelWeight,
    PlanVersion,
    PriceTier,
    Rate,
    ServiceLevel,
    ServiceTarget,
    Surcharge,
    Weight,
    WorkType,
)
from ecuanime.foundation.errors import Refused
from ecuanime.staff.models import ProductArea


@dataclass(frozen=True)
class Named:
    """The rows that a draft names, by their codes."""

    areas: dict[str, ProductArea]
    work_types: dict[str, WorkType]
    calendar: CoverageCalendar | None
    promise_calendar: CoverageCalendar | None


def named_by(draft: VersionDraft) -> Named:
    """Find what a draft names. Refused: `unknown_code` for what does not exist."""
    areas = {code for grant in draft.grants for code in grant.areas}
    areas |= {rate.area for rate in draft.rates} | {cover.area for cover in draft.covers}
    types = {code for grant in draft.grants for code in grant.work_types}
    types |= {row.work_type for row in draft.weights} | {rate.work_type for rate in draft.rates}
    types |= {cover.work_type for cover in draft.covers}
    promised = draft.promise.calendar if draft.promise else ""
    calendars = _by_code(CoverageCalendar, {draft.calendar, promised})
    return Named(
        _by_code(ProductArea, areas),
        _by_code(WorkType, types),
        calendars.get(draft.calendar),
        calendars.get(promised),
    )


def _by_code(model: type[Any], codes: Iterable[str]) -> dict[str, Any]:
    wanted = {code for code in codes if code}
    found = {row.code: row for row in model.objects.filter(code__in=wanted)} if wanted else {}
    for code in sorted(wanted - set(found)):
        raise Refused(
            "unknown_code",
            _("Nothing in the settings has the code “%(code)s”. Add it there or choose another one.")
            % {"code": code},
        )
    return found


def write_columns(version: PlanVersion, draft: VersionDraft, named: Named) -> None:
    """Set the version's own columns; the caller saves it."""
    for name in COLUMNS:
        setattr(version, name, getattr(draft, name))
    version.calendar = named.calendar


def write_rows(version: PlanVersion, draft: VersionDraft, named: Named, now: datetime) -> None:
    """Replace the rows of an unpublished version by the draft's."""
    for model in (Fee, Grant, Cover, PriceTier, Rate, Weight, LevelWeight, Surcharge, ServiceLevel):
        model._default_manager.filter(version=version).delete()
    _write_granted(version, draft, named)
    _write_prices(version, draft, named)
    _write_factors(version, draft, named)
    _write_promise(version, draft, named, now)


def _write_granted(version: PlanVersion, draft: VersionDraft, named: Named) -> None:
    """The fee, and what the plan grants and covers for it."""
    if draft.fee is not None:
        Fee.objects.create(version=version, **{name: getattr(draft.fee, name) for name in FEE_COLUMNS})
    for row in draft.grants:
        columns = {name: getattr(row, name) for name in GRANT_COLUMNS}
        grant = Grant.objects.create(version=version, **columns)
        grant.areas.set([named.areas[code] for code in row.areas])
        grant.work_types.set([named.work_types[code] for code in row.work_types])
    Cover.objects.bulk_create(
        Cover(
            version=version,
            area=named.areas.get(cover.area),
            work_type=named.work_types.get(cover.work_type),
            cap_minutes=cover.cap_minutes,
            needs_incident=cover.needs_incident,
            in_hours_only=cover.in_hours_only,
        )
        for cover in draft.covers
    )


def _write_promise(version: PlanVersion, draft: VersionDraft, named: Named, now: datetime) -> None:
    """What is promised about time, if anything is."""
    if draft.promise is None or not draft.promise.targets:
        return
    columns = {name: getattr(draft.promise, name) for name in PROMISE_COLUMNS}
    level = ServiceLevel.objects.create(
        version=version, calendar=named.promise_calendar, changed_at=now, **columns
    )
    ServiceTarget.objects.bulk_create(
        ServiceTarget(level=level, priority=priority, metric=metric, minutes=minutes)
        for priority, metric, minutes in draft.promise.targets
    )


def _write_prices(version: PlanVersion, draft: VersionDraft, named: Named) -> None:
    PriceTier.objects.bulk_create(
        PriceTier(version=version, from_quantity=quantity, unit_price=price)
        for quantity, price in sorted(draft.tiers.items())
    )
    Rate.objects.bulk_create(
        Rate(
            version=version,
            area=named.areas.get(rate.area),
            level=rate.level,
            work_type=named.work_types.get(rate.work_type),
            band=rate.band,
            price_per_hour=rate.price_per_hour,
            unit_price=rate.unit_price,
            valid_from=rate.valid_from,
            valid_until=rate.valid_until,
        )
        for rate in draft.rates
    )


def _write_factors(version: PlanVersion, draft: VersionDraft, named: Named) -> None:
    Weight.objects.bulk_create(
        Weight(
            version=version,
            work_type=named.work_types[weight.work_type],
            factor=weight.factor,
            free_under_minutes=weight.free_under_minutes,
        )
        for weight in draft.weights
    )
    LevelWeight.objects.bulk_create(
        LevelWeight(version=version, level=level, factor=factor)
        for level, factor in sorted(draft.level_weights.items())
    )
    Surcharge.objects.bulk_create(
        Surcharge(version=version, when=when, factor=factor)
        for when, factor in sorted(draft.surcharges.items())
    )
