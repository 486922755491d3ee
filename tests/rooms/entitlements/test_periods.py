"""A contract's periods: the allowance that each brings, what rolls over, and who opens them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from ecuanime.contracts.models import Contract, ContractPeriod, Fee, Grant, PlanKind, Unit
from ecuanime.entitlements.actions import book_expiry, open_period, void_unused
from ecuanime.entitlements.models import Lot, Movement
from ecuanime.entitlements.queries import verify_ledger
from ecuanime.foundation.audit import AuditEntry
from tests.factories import make_contract, make_version, publish
from tests.rooms.entitlements.approving import approve, at, minutes
from tests.rooms.entitlements.snapshots import everything

pytestmark = pytest.mark.django_db

START = datetime(2025, 12, 31, 23, tzinfo=UTC)  # midnight in Madrid
FEBRUARY = datetime(2026, 1, 31, 23, tzinfo=UTC)


@pytest.fixture
def contract() -> Contract:
    version = make_version(PlanKind.MONTHLY, rounding_step=1)
    return make_contract(version=version, next_period_at=START)


def opened(contract: Contract, now: datetime, pending: dict[int, int] | None = None) -> ContractPeriod:
    period = open_period(contract=contract, pending=pending or {}, now=now)
    assert period is not None
    return period


def standing(contract: Contract) -> dict[str, int]:
    """What is left of each lot, in minutes by its source and period."""
    lots = Lot.objects.filter(contract=contract).order_by("id")
    return {f"{lot.source} {lot.period.number if lot.period else 0}": lot.left // 100 for lot in lots}


def test_a_period_brings_its_allowance(contract: Contract) -> None:
    period = opened(contract, START)

    assert (period.number, period.first_day, period.last_day) == (1, date(2026, 1, 1), date(2026, 1, 31))
    lot = Lot.objects.get()
    assert (lot.code, lot.source, lot.is_allowance, lot.unit) == (
        f"{contract.number}-1", "allowance", True, "minutes",
    )  # fmt: skip
    assert (lot.left, lot.unit_price_paid, lot.usable_from) == (minutes(300), 0, START)
    assert (lot.valid_from, lot.expires_on) == (date(2026, 1, 1), date(2026, 1, 31))
    assert lot.next_due_at == FEBRUARY
    contract.refresh_from_db()
    assert contract.next_period_at == FEBRUARY
    assert list(verify_ledger()) == []


def test_nothing_is_opened_twice_or_too_early(contract: Contract) -> None:
    opened(contract, START)
    before = everything()
    assert open_period(contract=contract, pending={}, now=at(1, 31, 22)) is None
    assert everything() == before


def test_the_unused_base_rolls_over_up_to_its_cap(contract: Contract) -> None:
    opened(contract, START)
    approve(contract, 100, date(2026, 1, 20), at(1, 21))
    opened(contract, FEBRUARY)

    assert standing(contract) == {"allowance 1": 80, "allowance 2": 300, "rollover 2": 120}
    rolled = Lot.objects.get(source=Lot.Source.ROLLOVER)
    assert rolled.belongs_to == Lot.objects.get(period__number=1)
    assert (rolled.code, rolled.is_allowance) == (f"{contract.number}-1-R", True)
    assert (rolled.valid_from, rolled.expires_on) == (date(2026, 1, 1), date(2026, 2, 28))
    assert list(verify_ledger()) == []


def test_what_rolled_over_never_rolls_over_again(contract: Contract) -> None:
    for month in (FEBRUARY, at(3, 1), at(4, 1)):
        opened(contract, START if month == FEBRUARY else month)
    assert standing(contract) == {
        "allowance 1": 180, "allowance 2": 180, "rollover 2": 120, "allowance 3": 300, "rollover 3": 120,
    }  # fmt: skip


def test_what_is_pending_does_not_roll_over(contract: Contract) -> None:
    opened(contract, START)
    january = Lot.objects.get()
    opened(contract, FEBRUARY, {january.pk: minutes(250)})
    book_expiry(lot=january, pending_hundredths=minutes(250), now=FEBRUARY)
    assert standing(contract) == {"allowance 1": 250, "allowance 2": 300, "rollover 2": 50}


def test_work_of_the_old_period_approved_late_uses_what_rolled_over_of_it_last(contract: Contract) -> None:
    opened(contract, START)
    opened(contract, FEBRUARY)
    book_expiry(lot=Lot.objects.get(period__number=1), pending_hundredths=0, now=FEBRUARY)

    approve(contract, 200, date(2026, 1, 31), at(2, 5))

    assert standing(contract) == {"allowance 1": 0, "allowance 2": 300, "rollover 2": 100}
    assert list(verify_ledger()) == []


def test_rolled_hours_and_the_allowance_of_the_same_last_day_are_drawn_in_the_order_granted(
    contract: Contract,
) -> None:
    opened(contract, START)
    opened(contract, FEBRUARY)
    approve(contract, 350, date(2026, 2, 10), at(2, 11))
    assert standing(contract) == {"allowance 1": 180, "allowance 2": 0, "rollover 2": 70}


def with_grant(**fields: object) -> Contract:
    version = make_version(PlanKind.MONTHLY, is_published=False, rounding_step=1)
    Grant.objects.filter(version=version).update(**fields)
    return make_contract(version=publish(version), next_period_at=START)


def test_without_a_cap_nothing_rolls_over() -> None:
    contract = with_grant(rollover_cap=None)
    opened(contract, START)
    opened(contract, FEBRUARY)
    assert standing(contract) == {"allowance 1": 300, "allowance 2": 300}


def test_what_rolled_over_may_last_several_periods() -> None:
    contract = with_grant(rollover_periods=3)
    opened(contract, START)
    opened(contract, FEBRUARY)
    assert Lot.objects.get(source=Lot.Source.ROLLOVER).expires_on == date(2026, 4, 30)


def test_a_voided_allowance_does_not_roll_over(contract: Contract) -> None:
    opened(contract, START)
    void_unused(lot=Lot.objects.get(), reason="agreed", now=at(1, 5), idempotency_key="void-1")
    opened(contract, FEBRUARY)
    assert standing(contract) == {"allowance 1": 0, "allowance 2": 300}


def test_incidents_are_an_allowance_too() -> None:
    contract = with_grant(unit=Unit.INCIDENTS, quantity=3, rollover_cap=2)
    opened(contract, START)
    opened(contract, FEBRUARY)
    assert list(Lot.objects.order_by("id").values_list("unit", "left")) == [
        ("incidents", 1), ("incidents", 3), ("incidents", 2),
    ]  # fmt: skip
    assert list(verify_ledger()) == []


def test_periods_are_as_long_as_the_fee_says() -> None:
    version = make_version(PlanKind.FLAT, is_published=False)
    Fee.objects.filter(version=version).update(every_months=3, price=Decimal(900))
    contract = make_contract(version=publish(version), next_period_at=START)
    period = opened(contract, START)
    assert (period.last_day, Lot.objects.count()) == (date(2026, 3, 31), 0)


def test_a_part_of_a_period_brings_its_share_where_the_plan_says_so() -> None:
    version = make_version(PlanKind.MONTHLY, is_published=False, rounding_step=1)
    Fee.objects.filter(version=version).update(begins="month", pro_rata="shares")
    begun = make_contract(version=publish(version), next_period_at=START, starts_on=date(2026, 1, 15))
    opened(begun, at(1, 15))
    assert standing(begun) == {"allowance 1": 165}
    Contract.objects.filter(pk=begun.pk).update(ends_on=date(2026, 2, 14))
    opened(begun, FEBRUARY)
    assert Lot.objects.get(period__number=2, source=Lot.Source.ALLOWANCE).granted == minutes(150)


def test_a_contract_that_has_ended_opens_no_further_period(contract: Contract) -> None:
    opened(contract, START)
    Contract.objects.filter(pk=contract.pk).update(ends_on=date(2026, 1, 31))
    assert open_period(contract=contract, pending={}, now=FEBRUARY) is None
    contract.refresh_from_db()
    assert (contract.next_period_at, contract.periods.count()) == (None, 1)


def test_an_opened_period_never_changes(contract: Contract) -> None:
    period = opened(contract, START)
    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
        ContractPeriod.objects.filter(pk=period.pk).update(last_day=date(2026, 2, 1))
    period = opened(make_contract(version=make_version(PlanKind.FLAT), next_period_at=START), START)
    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
        ContractPeriod.objects.filter(pk=period.pk).delete()


def test_it_is_recorded(contract: Contract) -> None:
    opened(contract, START)
    opened(contract, FEBRUARY)
    assert Movement.objects.filter(kind=Movement.Kind.TRANSFER).count() == 1
    assert AuditEntry.objects.filter(verb="period_opened").count() == 2
