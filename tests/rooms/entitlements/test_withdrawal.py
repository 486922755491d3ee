"""Voiding and refunding what is unused of a pack."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ecuanime.contracts.models import Contract
from ecuanime.entitlements.actions import PackGrant, Refund, refund_unused, void_unused
from ecuanime.entitlements.models import Lot, Movement
from ecuanime.entitlements.queries import Standing, balance_of, due_lots, verify_ledger
from tests.factories.entitlements import make_pack
from tests.rooms.entitlements.approving import approve, at, contract_by_the_minute, minutes
from tests.rooms.entitlements.snapshots import everything, refused
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db

HOUR = minutes(60)


made_contract = made_once(contract_by_the_minute)


@pytest.fixture
def contract(made_contract: Contract) -> Contract:
    return own(made_contract)


@pytest.fixture
def pack(contract: Contract) -> PackGrant:
    """45 h at 30.00 and 2 h of bonus, of which the bonus goes first: 5 h are used."""
    pack = make_pack(contract, 45, starts_on=date(2026, 1, 1), now=at(1, 1), usable_from=at(1, 1))
    approve(contract, 300, date(2026, 2, 2), at(2, 3))
    return pack


def void(lot: Lot, **fields: Any) -> Movement | None:
    values: dict[str, Any] = {"reason": "Se vendió por error", "now": at(3, 1), "idempotency_key": "v"}
    return void_unused(lot=lot, **(values | fields))


def refund(lot: Lot, **fields: Any) -> Refund:
    values: dict[str, Any] = {"reason": "El cliente cierra", "now": at(3, 1), "idempotency_key": "r"}
    return refund_unused(lot=lot, **(values | fields))


def test_voiding_takes_the_unused_part_and_its_expiry_along(contract: Contract, pack: PackGrant) -> None:
    movement = void(pack.paid)

    assert movement is not None
    assert movement.note == "Se vendió por error"
    assert list(Lot.objects.values_list("left", "next_due_at")) == [(0, None), (0, None)]
    assert {row.standing for row in balance_of(contract, now=at(3, 2)).lots} == {Standing.VOID}
    assert due_lots(at(12, 31)) == []
    assert list(verify_ledger()) == []


def test_voiding_takes_the_unused_bonus_along(contract: Contract) -> None:
    pack = make_pack(contract, 20)
    assert pack.bonus is not None

    void(pack.paid)

    pack.bonus.refresh_from_db()
    assert (pack.bonus.left, pack.bonus.voided_at) == (0, at(3, 1))


def test_voiding_again_changes_nothing(pack: PackGrant) -> None:
    first = void(pack.paid)
    before = everything()

    assert void(pack.paid) == first
    assert void(pack.paid, idempotency_key="another") is None
    assert everything() == before


def test_a_used_up_or_expired_pack_is_neither_voided_nor_refunded(contract: Contract) -> None:
    used = make_pack(contract, 1, starts_on=date(2026, 1, 1), now=at(1, 1), usable_from=at(1, 1)).paid
    approve(contract, 60, date(2026, 2, 2), at(2, 3))
    refused(lambda: void(used), "used_up")
    refused(lambda: refund(used), "used_up")
    old = make_pack(contract, 1, starts_on=date(2025, 1, 1)).paid
    refused(lambda: void(old), "expired")
    refused(lambda: refund(old), "expired")


def test_a_withdrawal_needs_a_reason(pack: PackGrant) -> None:
    refused(lambda: void(pack.paid, reason=" "), "no_reason")
    refused(lambda: refund(pack.paid, reason=""), "no_reason")


def test_a_bonus_is_not_withdrawn_by_itself(pack: PackGrant) -> None:
    bonus = pack.bonus
    assert bonus is not None
    refused(lambda: void(bonus), "bonus_follows")
    refused(lambda: refund(bonus), "bonus_follows")


def test_a_refund_pays_the_unused_paid_part_at_the_price_paid(pack: PackGrant) -> None:
    refunded = refund(pack.paid)

    assert (refunded.paid_hundredths, refunded.bonus_hundredths, refunded.amount) == (42 * HOUR, 0, 126_000)
    assert list(verify_ledger()) == []


def test_a_partial_refund_takes_the_unused_bonus_along_pro_rata(contract: Contract) -> None:
    pack = make_pack(contract, 40)

    refunded = refund(pack.paid, hundredths=10 * HOUR)

    assert (refunded.bonus_hundredths, refunded.amount) == (HOUR // 2, 30_000)
    assert sorted(Lot.objects.values_list("left", flat=True)) == [HOUR * 3 // 2, 30 * HOUR]


def test_refunding_twice_with_one_key_pays_once(pack: PackGrant) -> None:
    first = refund(pack.paid, hundredths=10 * HOUR)
    before = everything()

    assert refund(pack.paid, hundredths=10 * HOUR) == first
    assert everything() == before


def test_no_more_is_refunded_than_is_left(pack: PackGrant) -> None:
    refused(lambda: refund(pack.paid, hundredths=43 * HOUR), "too_much")
    refused(lambda: refund(pack.paid, hundredths=0), "too_much")


def test_a_void_pack_is_not_refunded(pack: PackGrant) -> None:
    void(pack.paid)
    refused(lambda: refund(pack.paid), "void")


def test_one_key_stands_for_one_fact(pack: PackGrant) -> None:
    refund(pack.paid, hundredths=HOUR, idempotency_key="x")
    refused(lambda: void(pack.paid, idempotency_key="x"), "key_reused")
