"""Puts a draft's text into rows of a plan version, finding areas, work types and calendars by their codes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from ecuanime.contracts.drafts import COLUMNS, VersionDraft
from ecuanime.contracts.models import (
    CoverageCalendar,
    Grant,
    PlanVersion,
    PriceTier,
    Rate,
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


def named_by(draft: VersionDraft) -> Named:
    """Find what a draft names. Refused: `unknown_code` for what does not exist."""
    areas = {code for grant in draft.grants for code in grant.areas} | {rate.area for rate in draft.rates}
    types = {row.work_type for row in draft.weights} | {rate.work_type for rate in draft.rates}
    calendars = _by_code(CoverageCalendar, {draft.calendar})
    return Named(_by_code(ProductArea, areas), _by_code(WorkType, types), calendars.get(draft.calendar))


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


def write_rows(version: PlanVersion, draft: VersionDraft, named: Named) -> None:
    """Replace the rows of an unpublished version by the draft's."""
    for rows in (version.grants, version.tiers, version.rates, version.weights, version.surcharges):
        rows.all().delete()
    for row in draft.grants:
        grant = Grant.objects.create(
            version=version,
            default_hours=row.default_hours,
            valid_months=row.valid_months,
            bonus_every=row.bonus_every,
            bonus_hours=row.bonus_hours,
            priority=row.priority,
        )
        grant.areas.set([named.areas[code] for code in row.areas])
    PriceTier.objects.bulk_create(
        PriceTier(version=version, from_hours=hours, price_per_hour=price)
        for hours, price in sorted(draft.tiers.items())
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
    Weight.objects.bulk_create(
        Weight(
            version=version,
            work_type=named.work_types[weight.work_type],
            factor=weight.factor,
            free_under_minutes=weight.free_under_minutes,
        )
        for weight in draft.weights
    )
    Surcharge.objects.bulk_create(
        Surcharge(version=version, when=when, factor=factor)
        for when, factor in sorted(draft.surcharges.items())
    )
