"""Contract rows as the frozen terms that rating works with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch, prefetch_related_objects

from ecuanime.contracts import models
from ecuanime.contracts.models import Contract, CoverageCalendar, PlanVersion
from ecuanime.rules.calendars import MIDNIGHT, Band, Calendar
from ecuanime.rules.hours import Group, Mode, Rounding, Tie, minutes_to_hundredths
from ecuanime.rules.rating import (
    Cover,
    FixedPrice,
    LevelWeight,
    Overage,
    OveragePolicy,
    Rate,
    Surcharge,
    Terms,
    When,
    WorkType,
)
from ecuanime.staff.queries import holidays_between

_ROWS = (
    Prefetch("version__rates", models.Rate.objects.select_related("area", "work_type").order_by("pk")),
    Prefetch("version__weights", models.Weight.objects.select_related("work_type").order_by("pk")),
    Prefetch("version__covers", models.Cover.objects.select_related("area", "work_type").order_by("pk")),
    "version__level_weights",
    "version__surcharges",
    "version__calendar__bands",
    "sites",
)


def terms_of(contract: Contract, first: date, last: date) -> Terms:
    """The terms for work done from `first` to `last` (local dates), in a constant number of queries.

    Holidays are the firm's between the two dates. Areas and work types are named by their codes.
    """
    return terms_for([contract], first, last)[contract.pk]


def terms_for(contracts: Sequence[Contract], first: date, last: date) -> dict[int, Terms]:
    """The terms of several contracts by their id, in a constant number of queries however many they are."""
    prefetch_related_objects(contracts, *_ROWS)
    holidays = holidays_between(first, last) if contracts else frozenset()
    return {contract.pk: _terms(contract, holidays) for contract in contracts}


def _terms(contract: Contract, holidays: frozenset[date]) -> Terms:
    terms = terms_of_version(
        contract.version, zone=contract.time_zone, starts_on=contract.starts_on, holidays=holidays
    )
    overage = replace(
        terms.overage,
        policy=OveragePolicy(contract.overage_policy),
        limit_hundredths=_hundredths(contract.overage_limit_agreed),
        price_per_hour=contract.overage_price_agreed,
    )
    sites = frozenset(site.code for site in contract.sites.all())
    return replace(terms, contract_id=contract.pk, ends_on=contract.ends_on, overage=overage, sites=sites)


def terms_of_version(
    version: PlanVersion, *, zone: str, starts_on: date, holidays: frozenset[date] = frozenset()
) -> Terms:
    """A version's terms as a contract without overrides would have them; the contract's id is 0."""
    return Terms(
        contract_id=0,
        zone=zone,
        starts_on=starts_on,
        currency=version.currency,
        rounding=_rounding(version),
        work_types=_work_types(version),
        level_weights=tuple(
            LevelWeight(row.level, row.factor)
            for row in sorted(version.level_weights.all(), key=lambda row: row.level)
        ),
        surcharges=tuple(
            Surcharge(row.when, When(row.when), row.factor)
            for row in sorted(version.surcharges.all(), key=lambda row: row.when)
        ),
        calendar=calendar_in(version.calendar, zone, holidays) if version.calendar else None,
        rates=_base_rates(version),
        fixed_prices=_fixed_prices(version),
        overage=_overage(version),
        covers=tuple(
            Cover(
                id=row.pk,
                area=row.area.code if row.area else None,
                work_type=row.work_type.code if row.work_type else None,
                cap_hundredths=_hundredths(row.cap_minutes),
                needs_incident=row.needs_incident,
                in_hours_only=row.in_hours_only,
            )
            for row in version.covers.all()
        ),
    )


def _overage(version: PlanVersion) -> Overage:
    return Overage(
        policy=OveragePolicy(version.overage),
        limit_hundredths=_hundredths(version.overage_limit_minutes),
        price_per_hour=version.overage_price,
    )


def _hundredths(minutes: int | None) -> int | None:
    return None if minutes is None else minutes_to_hundredths(minutes)


def _rounding(version: PlanVersion) -> Rounding:
    return Rounding(
        group=Group(version.rounding_group),
        step_minutes=version.rounding_step,
        mode=Mode(version.rounding_mode),
        tie=Tie(version.rounding_tie),
        minimum_minutes=version.minimum_minutes,
    )


def calendar_in(calendar: CoverageCalendar, zone: str, holidays: frozenset[date]) -> Calendar:
    """A coverage calendar on the wall clock of a zone, with the holidays that it keeps unless it ignores them."""
    bands = (Band(row.weekday, row.starts_at, row.ends_at or MIDNIGHT) for row in calendar.bands.all())
    return Calendar(
        zone=zone,
        bands=tuple(sorted(bands, key=lambda band: (band.weekday, band.opens))),
        holidays=holidays,
        open_on_holidays=not calendar.observes_holidays,
    )


def _work_types(version: PlanVersion) -> tuple[WorkType, ...]:
    """Weights and prices per unit, joined by work type."""
    units = {
        row.work_type.code: row.unit_price
        for row in version.rates.all()
        if row.work_type is not None and row.unit_price is not None
    }
    rows = {
        row.work_type.code: WorkType(
            code=row.work_type.code,
            weight=row.factor,
            unit_price=units.get(row.work_type.code),
            free_under=Decimal(row.free_under_minutes) if row.free_under_minutes else None,
        )
        for row in version.weights.all()
    }
    for code, price in units.items():
        rows.setdefault(code, WorkType(code=code, unit_price=price))
    return tuple(rows[code] for code in sorted(rows))


def _base_rates(version: PlanVersion) -> tuple[Rate, ...]:
    return tuple(
        Rate(
            price_per_hour=row.price_per_hour,
            area=row.area.code if row.area else None,
            level=row.level or None,
            valid_from=row.valid_from,
            valid_to=row.valid_until,
        )
        for row in version.rates.all()
        if row.price_per_hour is not None and row.work_type is None and not row.band
    )


def _fixed_prices(version: PlanVersion) -> tuple[FixedPrice, ...]:
    return tuple(
        FixedPrice(
            price_per_hour=row.price_per_hour,
            work_type=row.work_type.code if row.work_type else None,
            when=When(row.band) if row.band else None,
            valid_from=row.valid_from,
            valid_to=row.valid_until,
        )
        for row in version.rates.all()
        if row.price_per_hour is not None and (row.work_type is not None or row.band)
    )
