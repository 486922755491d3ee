"""Contract rows as rating's terms, and the worked examples of domain.md that pass through them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from ecuanime.contracts.models import (
    Contract,
    CoverageBand,
    CoverageCalendar,
    PlanKind,
    Rate,
    Surcharge,
    Weight,
)
from ecuanime.contracts.terms import terms_for, terms_of
from ecuanime.rules.calendars import Band
from ecuanime.rules.hours import Group, Mode, Rounding, Tie
from ecuanime.rules.packs import Lot
from ecuanime.rules.rating import FixedPrice, OveragePolicy, When, Work, rate
from ecuanime.rules.rating import Rate as BaseRate
from ecuanime.rules.rating import Surcharge as Factor
from ecuanime.rules.rating import WorkType as Type
from ecuanime.staff.models import Holiday, ProductArea
from tests.factories import make_contract, make_version, make_work_type, publish

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 10)


def rich_contract() -> Contract:
    """A contract whose version has a row of every kind."""
    calendar = CoverageCalendar.objects.create(code="full", name="full", observes_holidays=False)
    CoverageBand.objects.create(calendar=calendar, weekday=6, starts_at=time(0))
    version = make_version(
        PlanKind.ON_DEMAND,
        is_published=False,
        calendar=calendar,
        rounding_group="day",
        rounding_step=6,
        rounding_mode="nearest",
        rounding_tie="even",
        minimum_minutes=12,
    )
    linux = ProductArea.objects.create(code="linux", name="Linux")
    Rate.objects.create(
        version=version, area=linux, level="consultant", price_per_hour=60, valid_from=date(2026, 2, 1)
    )
    Rate.objects.create(version=version, work_type=make_work_type("onsite"), price_per_hour=56)
    Rate.objects.create(version=version, band="holiday", price_per_hour=90, valid_until=date(2026, 12, 31))
    Rate.objects.create(version=version, work_type=make_work_type("callout"), unit_price=25)
    travel = make_work_type("travel")
    Rate.objects.create(version=version, work_type=travel, unit_price=Decimal("0.26"))
    Weight.objects.create(version=version, work_type=travel, factor=Decimal("0.5"), free_under_minutes=30)
    Surcharge.objects.create(version=version, when="after_hours", factor=Decimal("1.25"))
    publish(version)
    return make_contract(version=version, overage="hold", ends_on=date(2027, 1, 31))


def test_every_row_becomes_what_rating_reads() -> None:
    Holiday.objects.create(on=DAY, name="Fiesta")
    Holiday.objects.create(on=date(2026, 11, 12), name="Otra")
    contract = rich_contract()

    terms = terms_of(contract, DAY, date(2026, 11, 11))

    assert (terms.contract_id, terms.zone, terms.currency) == (contract.pk, "Europe/Madrid", "EUR")
    assert (terms.starts_on, terms.ends_on) == (date(2026, 1, 1), date(2027, 1, 31))
    assert terms.rounding == Rounding(Group.DAY, 6, Mode.NEAREST, Tie.EVEN, 12)
    assert terms.rates == (
        BaseRate(Decimal(30)),
        BaseRate(Decimal(60), "linux", "consultant", date(2026, 2, 1)),
    )
    assert set(terms.fixed_prices) == {
        FixedPrice(Decimal(56), "onsite"),
        FixedPrice(Decimal(90), when=When.HOLIDAY, valid_to=date(2026, 12, 31)),
    }
    assert terms.work_types == (
        Type("callout", unit_price=Decimal(25)),
        Type("remote"),
        Type("travel", Decimal("0.5"), Decimal("0.26"), Decimal(30)),
    )
    assert terms.surcharges == (Factor("after_hours", When.AFTER_HOURS, Decimal("1.25")),)
    assert terms.overage.policy == OveragePolicy.HOLD


def test_the_calendar_has_the_firms_holidays_between_the_dates() -> None:
    Holiday.objects.create(on=DAY, name="Fiesta")
    Holiday.objects.create(on=date(2026, 11, 12), name="Otra")

    calendar = terms_of(rich_contract(), DAY, date(2026, 11, 11)).calendar

    assert calendar is not None
    assert calendar.bands == (Band(6, time(0), time(0)),)
    assert calendar.holidays == {DAY}
    assert (calendar.zone, calendar.open_on_holidays) == ("Europe/Madrid", True)


def test_terms_without_a_calendar_cover_every_hour() -> None:
    contract = make_contract(version=make_version(calendar=None))
    assert terms_of(contract, DAY, DAY).calendar is None


def test_terms_of_many_contracts_cost_as_many_queries_as_those_of_one(django_assert_num_queries: Any) -> None:
    numbers = [rich_contract().number] + [make_contract().number for _ in range(2)]
    for some in (numbers[:1], numbers):
        contracts = list(Contract.objects.filter(number__in=some))
        with django_assert_num_queries(10):
            assert len(terms_for(contracts, DAY, DAY)) == len(some)


def test_terms_of_no_contract_ask_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert terms_for([], DAY, DAY) == {}


def minutes_of_work(seconds: int, **fields: Any) -> Work:
    values = {"id": 1, "ticket_id": 1, "work_on": DAY, "work_type": "remote", "approved_order": 1}
    return Work(**(values | {"elapsed_seconds": seconds, "billable_seconds": seconds} | fields))


def test_a_pack_that_runs_dry_leaves_the_rest_at_the_overage_rate() -> None:
    """40 min left, increment 15 min up, entry 50 min 10 s: 60 rounded, 40 drawn, 20 at 30.00/h = 10.00."""
    terms = terms_of(make_contract(), DAY, DAY)

    rated = rate([minutes_of_work(50 * 60 + 10)], terms, [Lot(1, 4000, date(2026, 1, 1))])

    assert (rated.rounded_minutes, rated.drawn_hundredths, rated.overage_hundredths) == (60, 4000, 2000)
    assert rated.amount == Fraction(1000)


def test_travel_at_night_weighs_half_and_a_half_more() -> None:
    """Travel (weight 0.5) at night (surcharge 1.5), 60 rounded minutes: 45 weighted."""
    version = make_version(is_published=False)
    Weight.objects.create(version=version, work_type=make_work_type("travel"), factor=Decimal("0.5"))
    Surcharge.objects.create(version=version, when="after_hours", factor=Decimal("1.5"))
    terms = terms_of(make_contract(version=publish(version)), DAY, DAY)
    night = datetime(2026, 11, 10, 20, tzinfo=UTC)
    work = minutes_of_work(
        3600, work_type="travel", started_at=night, ended_at=datetime(2026, 11, 10, 21, tzinfo=UTC)
    )

    rated = rate([work], terms, [Lot(1, 60_000, date(2026, 1, 1))])

    assert rated.drawn_hundredths == 4500
