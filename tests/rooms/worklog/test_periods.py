"""Periods open by themselves, with what is pending on the one that ends taken into account."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from ecuanime.contracts.actions import open_contract
from ecuanime.contracts.models import Approval, Contract, PlanKind
from ecuanime.entitlements.models import Lot
from ecuanime.worklog import jobs
from ecuanime.worklog.actions import expire_lot, open_due_periods
from ecuanime.worklog.models import RatedSegment
from tests.factories import NOW, make_client, make_version
from tests.factories.worklog import Office, make_office

pytestmark = pytest.mark.django_db

NOVEMBER = datetime(2026, 10, 31, 23, tzinfo=UTC)  # midnight in Madrid
DECEMBER = datetime(2026, 11, 30, 23, tzinfo=UTC)


@pytest.fixture
def office() -> Office:
    return make_office(
        version=make_version(PlanKind.MONTHLY, rounding_step=1),
        approval=Approval.SUPERVISOR,
        starts_on=date(2026, 11, 1),
        next_period_at=NOVEMBER,
    )


def left(contract: Contract) -> list[tuple[str, int]]:
    lots = Lot.objects.filter(contract=contract).order_by("id")
    return [(lot.source, lot.left // 100) for lot in lots]


def test_a_contract_gets_every_period_that_is_due(office: Office) -> None:
    opened = open_due_periods(contract=office.contract, now=DECEMBER + timedelta(days=40))
    assert [period.number for period in opened] == [1, 2, 3]
    assert open_due_periods(contract=office.contract, now=DECEMBER + timedelta(days=40)) == []


def test_pending_work_stays_in_its_period(office: Office) -> None:
    open_due_periods(contract=office.contract, now=NOVEMBER)
    office.closed(280)
    open_due_periods(contract=office.contract, now=DECEMBER)
    assert left(office.contract) == [("allowance", 300 - 20), ("allowance", 300), ("rollover", 20)]


def test_expiry_never_comes_before_the_rollover(office: Office) -> None:
    open_due_periods(contract=office.contract, now=NOVEMBER)
    expire_lot(lot=Lot.objects.get(), now=DECEMBER)
    assert left(office.contract) == [("allowance", 0), ("allowance", 300), ("rollover", 120)]


def test_work_draws_the_allowance_then_costs(office: Office) -> None:
    open_due_periods(contract=office.contract, now=NOVEMBER)
    office.approved(360)
    segment = RatedSegment.objects.get()
    assert (segment.drawn, segment.overage, segment.price) == (30_000, 6000, 30)


@pytest.mark.parametrize("kind", [PlanKind.FLAT, PlanKind.INCLUDED])
def test_a_plan_that_covers_all_costs_nothing_more(kind: str) -> None:
    office = make_office(kind, approval=Approval.SUPERVISOR)
    office.approved(600)
    segment = RatedSegment.objects.get()
    assert (segment.included, segment.overage, segment.price) == (60_000, 0, None)


def test_the_regular_job_opens_what_is_due(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "read_clock", lambda: NOW)
    jobs.open_periods(0)
    assert left(office.contract) == [("allowance", 300)]


def test_a_new_contract_has_its_first_period_due_and_an_included_one_ends() -> None:
    monthly = open_contract(
        client=make_client(), version=make_version(PlanKind.MONTHLY), starts_on=date(2026, 12, 1), now=NOW
    )
    assert monthly.next_period_at == datetime(2026, 11, 30, 23, tzinfo=UTC)
    included = open_contract(
        client=make_client(), version=make_version(PlanKind.INCLUDED), starts_on=date(2026, 12, 1), now=NOW
    )
    assert (included.next_period_at, included.ends_on) == (None, date(2027, 2, 28))
