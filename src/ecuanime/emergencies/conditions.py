"""What a case would cost its client: which contract each phase falls under, and its price per hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NoReturn

from django.utils.translation import gettext as _

from ecuanime.clients.models import Client
from ecuanime.contracts.models import Contract, Plan, PlanKind, PlanVersion
from ecuanime.contracts.queries import accepted_by, newest_version
from ecuanime.contracts.terms import terms_of, terms_of_version
from ecuanime.emergencies.models import Emergency, ExpressService
from ecuanime.foundation.errors import Refused
from ecuanime.rules.calendars import local_date
from ecuanime.rules.express import Phase, guarantee_amount, rate_of
from ecuanime.rules.rating import Terms, Work
from ecuanime.rules.rating.cutting import cut
from ecuanime.rules.rating.pricing import price_of
from ecuanime.rules.rating.values import ONE
from ecuanime.staff.models import Competence, ProductArea

MONTHLY = (PlanKind.MONTHLY, PlanKind.FLAT)
"""Plans that are paid month by month: one that is active in the product area waives the guarantee."""
USUAL_WORK = "remote"


@dataclass(frozen=True)
class LevelPrice:
    """What an hour costs of people who know the area at a level, in major units."""

    level: str
    price: Decimal

    @property
    def name(self) -> str:
        """The level in words."""
        return str(Competence.Level(self.level).label)


@dataclass(frozen=True)
class Side:
    """What a phase falls under: a contract in force, or the version of which one comes into force; and its price.

    `price` is per hour in major units; None where the contract itself covers the work. `levels` are those of
    competence that cost something else.
    """

    version: PlanVersion
    contract: Contract | None
    price: Decimal | None
    levels: tuple[LevelPrice, ...] = ()


@dataclass(frozen=True)
class Conditions:
    """The two phases of a case, and the client's monthly plan of the area if there is one."""

    normalisation: Side
    mitigation: Side
    plan: Contract | None
    express_price: Decimal

    @property
    def currency(self) -> str:
        """What it is charged in."""
        return self.normalisation.version.currency

    def guarantee(self, hours: int) -> int:
        """The guarantee in minor units before tax; nothing with a plan."""
        return 0 if self.plan is not None else guarantee_amount(hours, self.express_price, self.currency)


def the_service() -> ExpressService:
    """How the firm serves emergencies; as not offered while nobody has said."""
    related = ("calendar", "express_plan", "on_demand_plan")
    return ExpressService.objects.select_related(*related).first() or ExpressService()


def conditions_for(
    client: Client, area: ProductArea, *, now: datetime, chosen: Contract | None = None
) -> Conditions:
    """What holds for a client in an area now; `chosen` is the contract they want mitigation to fall under.

    Refused: `not_set_up` (the firm has not said its rates).
    """
    service = the_service()
    express = _offered(service.express_plan, client, area, now)
    on_demand = _offered(service.on_demand_plan, client, area, now)
    if express.price is None or on_demand.price is None:
        refuse_not_set_up()
    plan = monthly_plan_of(client, area, now)
    mitigation = on_demand if chosen is None else _under(chosen, area, now)
    if plan is None:
        return Conditions(express, mitigation, None, express.price)
    own = _under(plan, area, now)
    rates = [] if own.price is None else [own.price]
    first = (
        own
        if own.price in (None, rate_of(Phase.NORMALISATION, express.price, on_demand.price, rates))
        else express
    )
    second = (
        own
        if own.price in (None, rate_of(Phase.MITIGATION, express.price, on_demand.price, rates))
        else on_demand
    )
    return Conditions(first, second if chosen is None else mitigation, plan, express.price)


def monthly_plan_of(client: Client, area: ProductArea, now: datetime) -> Contract | None:
    """The client's monthly plan that is in force and covers the area, the one of lowest precedence."""
    plans = [each for each in fitting_contracts(client, area, now) if each.version.plan.kind in MONTHLY]
    return plans[0] if plans else None


def choices_for(emergency: Emergency, now: datetime) -> list[Contract]:
    """The contracts in force that the client may choose for mitigation instead of on demand."""
    service = the_service()
    own = {service.express_plan_id, service.on_demand_plan_id}
    fitting = fitting_contracts(emergency.client, emergency.area, now)
    return [each for each in fitting if each.version.plan_id not in own]


def fitting_contracts(client: Client, area: ProductArea, now: datetime) -> list[Contract]:
    """The client's contracts in force now that cover an area, the lowest precedence first."""
    found = [each for each in accepted_by(client) if _covers(each, area, local_date(now, each.time_zone))]
    return sorted(found, key=lambda each: (each.precedence, each.pk))


def _covers(contract: Contract, area: ProductArea, on: date) -> bool:
    areas = {each.pk for each in contract.areas.all()}
    is_in_force = contract.starts_on <= on and (contract.ends_on is None or on <= contract.ends_on)
    return is_in_force and contract.state == Contract.State.ACTIVE and (not areas or area.pk in areas)


def _offered(plan: Plan | None, client: Client, area: ProductArea, now: datetime) -> Side:
    """The contract of a plan that the client has in the area, else what the plan says today."""
    if plan is None:
        refuse_not_set_up()
    held = next(
        (each for each in fitting_contracts(client, area, now) if each.version.plan_id == plan.pk), None
    )
    if held is not None:
        return _under(held, area, now)
    version = version_on_sale(plan)
    on = local_date(now, client.time_zone)
    terms = terms_of_version(version, zone=client.time_zone, starts_on=on)
    return Side(version, None, hourly(terms, area, on), level_prices(terms, area, on))


def version_on_sale(plan: Plan | None) -> PlanVersion:
    """The version of a plan under which a new contract comes into force. Refused: `not_set_up`."""
    if plan is None:
        refuse_not_set_up()
    try:
        return newest_version(plan)
    except PlanVersion.DoesNotExist:
        refuse_not_set_up()


def _under(contract: Contract, area: ProductArea, now: datetime) -> Side:
    on = local_date(now, contract.time_zone)
    terms = terms_of(contract, on, on)
    return Side(contract.version, contract, hourly(terms, area, on), level_prices(terms, area, on))


def level_prices(terms: Terms, area: ProductArea, on: date) -> tuple[LevelPrice, ...]:
    """What an hour costs by level of competence, where it is not the usual price."""
    usual = hourly(terms, area, on)
    found = [(level, hourly(terms, area, on, level)) for level in Competence.Level.values]
    return tuple(LevelPrice(level, price) for level, price in found if price is not None and price != usual)


def hourly(terms: Terms, area: ProductArea, on: date, level: str | None = None) -> Decimal | None:
    """The price per hour of usual work in an area on a day, without surcharge; of people at a level of competence."""
    work = Work(
        id=0,
        ticket_id=0,
        work_on=on,
        elapsed_seconds=0,
        billable_seconds=0,
        work_type=USUAL_WORK,
        approved_order=0,
        area=area.code,
        level=level,
    )
    price = price_of(cut(work, terms)[0], terms, frozenset(), ONE)
    return None if price is None else price.per_hour


def refuse_not_set_up() -> NoReturn:
    """Refuse `not_set_up`."""
    raise Refused(
        "not_set_up",
        _("The rates of emergencies are not set up yet. An administrator does that in Settings."),
    )
