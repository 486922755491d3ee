"""Buying packs: what is granted, for how long, and when it may be drawn."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from ecuanime.contracts.models import Contract, PlanKind
from ecuanime.entitlements.actions import grant_pack, make_usable, refund_unused, void_unused
from ecuanime.entitlements.models import Lot
from ecuanime.entitlements.queries import Standing, balance_of, unused_hours, verify_ledger
from tests.factories import NOW, make_contract, make_version, publish
from tests.factories.entitlements import make_pack
from tests.rooms.entitlements.snapshots import everything, refused

pytestmark = pytest.mark.django_db


def buy(contract: Contract, hours: int, **fields: Any) -> object:
    values: dict[str, Any] = {"starts_on": date(2026, 11, 10), "now": NOW, "idempotency_key": "order:1"}
    return grant_pack(contract=contract, quantity=hours, **(values | fields))


def test_buying_45_hours_at_1_per_20_grants_47() -> None:
    grant = make_pack(make_contract(), 45, starts_on=date(2026, 11, 10))

    assert grant.bonus is not None
    assert (grant.paid.left, grant.bonus.left) == (45 * 6000, 2 * 6000)
    assert (grant.paid.unit_price_paid, grant.bonus.unit_price_paid) == (Decimal(30), 0)
    assert grant.paid.expires_on == grant.bonus.expires_on == date(2027, 11, 9)
    assert grant.amount == 135_000
    assert list(verify_ledger()) == []


def test_a_pack_below_the_slab_has_no_bonus() -> None:
    grant = make_pack(make_contract(), 19)

    assert grant.bonus is None
    assert Lot.objects.count() == 1


def test_codes_follow_each_other_and_the_bonus_bears_its_packs_code() -> None:
    contract = make_contract()

    first, second = make_pack(contract, 20), make_pack(make_contract(), 10)

    assert first.bonus is not None
    assert (first.paid.code, first.bonus.code, second.paid.code) == ("BN-0001", "BN-0001-B", "BN-0002")


def test_the_same_order_twice_grants_once() -> None:
    contract = make_contract()
    first = buy(contract, 20)
    before = everything()

    assert buy(contract, 20) == first
    assert everything() == before


def test_a_key_that_stands_for_another_order_is_refused() -> None:
    contract = make_contract()
    buy(contract, 20)
    refused(lambda: buy(contract, 45), "key_reused")


def test_a_pack_that_is_not_paid_cannot_be_drawn_until_it_is_made_usable() -> None:
    contract = make_contract()
    grant = make_pack(contract, 20, usable_from=None, starts_on=date(2026, 11, 1))
    assert [row.standing for row in balance_of(contract, now=NOW).lots] == [Standing.WAITING] * 2

    make_usable(lot=grant.paid, now=NOW)
    before = everything()
    make_usable(lot=grant.paid, now=datetime(2026, 12, 1, tzinfo=NOW.tzinfo))

    assert set(Lot.objects.values_list("usable_from", flat=True)) == {NOW}
    assert balance_of(contract, now=NOW).left == 21 * 6000
    assert everything() == before


def test_a_void_pack_is_never_made_usable() -> None:
    grant = make_pack(make_contract(), 10, usable_from=None)
    void_unused(lot=grant.paid, reason="No se pagó", now=NOW, idempotency_key="void:1")
    refused(lambda: make_usable(lot=grant.paid, now=NOW), "void")


def test_hours_are_bought_on_hour_packs_only() -> None:
    contract = make_contract(kind=PlanKind.ON_DEMAND)
    refused(lambda: buy(contract, 10), "not_a_pack")


def test_fewer_hours_than_the_lowest_tier_have_no_price() -> None:
    contract = make_contract()
    refused(lambda: buy(contract, 0), "no_price")


@pytest.mark.parametrize("end", [{"state": Contract.State.ENDED}, {"ends_on": date(2026, 11, 9)}])
def test_a_contract_that_has_ended_takes_no_packs(end: dict[str, Any]) -> None:
    contract = make_contract(**end)
    refused(lambda: buy(contract, 10), "contract_ended")


def test_a_pack_that_never_expires_is_never_due() -> None:
    version = make_version(is_published=False)
    version.grants.update(valid_months=None)
    grant = make_pack(make_contract(version=publish(version)), 10)

    assert (grant.paid.expires_on, grant.paid.next_due_at) == (None, None)


def test_the_facts_of_a_purchase_cannot_be_changed_in_the_database() -> None:
    grant = make_pack(make_contract(), 10)
    with pytest.raises(DatabaseError, match="fact of its purchase"), transaction.atomic():
        Lot.objects.filter(pk=grant.paid.pk).update(granted=1)


def test_a_contract_that_nobody_accepted_takes_no_packs() -> None:
    contract = make_contract(state=Contract.State.QUOTED, accepted_at=None)
    refused(lambda: buy(contract, 10), "not_in_force")


def test_incidents_are_bought_like_hours() -> None:
    contract = make_contract(kind=PlanKind.INCIDENT_PACK)
    grant = make_pack(contract, 10, starts_on=date(2026, 11, 10))
    assert (grant.paid.unit, grant.paid.left, grant.paid.unit_price_paid, grant.amount) == (
        "incidents",
        10,
        50,
        50_000,
    )
    assert grant.paid.expires_on == date(2027, 11, 9)
    balance = balance_of(contract, now=NOW)
    assert (balance.unit, balance.left) == ("incidents", 10)
    assert list(verify_ledger()) == []


def test_unused_incidents_are_paid_back_at_their_price() -> None:
    grant = make_pack(make_contract(kind=PlanKind.INCIDENT_PACK), 10, starts_on=date(2026, 11, 10))
    refund = refund_unused(
        lot=grant.paid, reason="Leaves.", now=NOW, idempotency_key="refund:1", hundredths=4
    )
    assert (refund.paid_hundredths, refund.amount) == (4, 20_000)
    assert unused_hours() == []
