"""What the firm publishes of its emergencies to people it does not know: the hours, the product areas and the rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ecuanime.contracts.models import CoverageCalendar
from ecuanime.contracts.terms import terms_of_version
from ecuanime.emergencies.conditions import (
    LevelPrice,
    hourly,
    level_prices,
    refuse_not_set_up,
    the_service,
    version_on_sale,
)
from ecuanime.emergencies.models import ExpressService, OnAlert
from ecuanime.emergencies.queries import AHEAD, express_hours
from ecuanime.foundation.errors import Refused
from ecuanime.rules.calendars import local_date, open_intervals
from ecuanime.rules.express import ANSWER_MINUTES, covered_after, guarantee_amount
from ecuanime.staff.models import Competence, ProductArea
from ecuanime.staff.queries import product_areas, the_firm
from ecuanime.tickets.access import works_at_desk


@dataclass(frozen=True)
class AreaRates:
    """What an hour costs in a product area, before tax: until service is normal, and fixing the causes.

    The levels are those of competence that cost something else.
    """

    area: ProductArea
    normalisation: Decimal
    mitigation: Decimal
    guarantee: int
    normalisation_levels: tuple[LevelPrice, ...] = ()
    mitigation_levels: tuple[LevelPrice, ...] = ()


@dataclass(frozen=True)
class Published:
    """What the public form says first.

    Without `calendar` the firm is there at any hour, for the `areas` in which somebody is listed; where nobody is,
    none is left. `opens_at` is when the hours begin if they are closed, `closes_at` when they end if they are open,
    and `due_at` when the answer would be due if it were declared now.
    """

    service: ExpressService
    calendar: CoverageCalendar | None
    areas: Sequence[ProductArea]
    rates: Sequence[AreaRates]
    currency: str
    is_open: bool
    opens_at: datetime | None
    closes_at: datetime | None
    due_at: datetime | None


def takes_strangers() -> bool:
    """Whether firms that are no clients can declare emergencies."""
    return ExpressService.objects.filter(is_offered=True, takes_strangers=True).exists()


def published(*, now: datetime) -> Published:
    """What is published at a moment, in a constant number of queries. Refused: `not_set_up` (no rates)."""
    service, hours = the_service(), express_hours(now)
    areas = list(product_areas()) if hours is not None else _areas_with_experts()
    is_open = bool(areas) and (hours is None or hours.covers(now))
    opens_at = closes_at = None
    if hours is not None:
        first = next(open_intervals(hours, now, now + AHEAD), None)
        if first is not None:
            opens_at, closes_at = (None, first[1]) if is_open else (first[0], None)
    rates, currency = _rates(service, areas, now)
    return Published(
        service=service,
        calendar=service.calendar,
        areas=areas,
        rates=rates,
        currency=currency,
        is_open=is_open,
        opens_at=opens_at,
        closes_at=closes_at,
        due_at=covered_after(now, ANSWER_MINUTES, hours),
    )


def is_published(area: ProductArea, *, now: datetime) -> bool:
    """Whether emergencies of an area can be declared: at any hour only where somebody is listed for it."""
    return express_hours(now) is not None or area in _areas_with_experts()


def _areas_with_experts() -> list[ProductArea]:
    """The product areas in which somebody is alerted who knows them and works at the desk."""
    competent = set(Competence.objects.values_list("area_id", "user_id"))
    rows = OnAlert.objects.select_related("user").filter(user__is_active=True)
    listed = {
        row.area_id for row in rows if (row.area_id, row.user_id) in competent and works_at_desk(row.user)
    }
    return [area for area in product_areas() if area.pk in listed]


def _rates(
    service: ExpressService, areas: Sequence[ProductArea], now: datetime
) -> tuple[list[AreaRates], str]:
    zone = the_firm().time_zone
    on = local_date(now, zone)
    express, on_demand = version_on_sale(service.express_plan), version_on_sale(service.on_demand_plan)
    first = terms_of_version(express, zone=zone, starts_on=on)
    second = terms_of_version(on_demand, zone=zone, starts_on=on)
    found = []
    for area in areas:
        normal, causes = hourly(first, area, on), hourly(second, area, on)
        if normal is None or causes is None:
            refuse_not_set_up()
        guarantee = guarantee_amount(service.guarantee_hours, normal, express.currency)
        levels = level_prices(first, area, on), level_prices(second, area, on)
        found.append(AreaRates(area, normal, causes, guarantee, *levels))
    return found, express.currency


def published_or_none(*, now: datetime) -> Published | None:
    """The same, or None while the firm takes no stranger's emergency or has not said its rates."""
    if not takes_strangers():
        return None
    try:
        return published(now=now)
    except Refused:
        return None
