"""Hours transferred to another contract, and expired ones replaced."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ecuanime.contracts.models import Contract
from ecuanime.entitlements.actions import (
    PackGrant,
    book_expiry,
    refund_unused,
    replace_expired,
    reverse,
    transfer_hours,
    void_unused,
)
from ecuanime.entitlements.models import Lot, Movement
from ecuanime.entitlements.queries import balance_of, statement, verify_ledger
from ecuanime.rules.packs import Drawdown
from ecuanime.staff.models import ProductArea
from tests.factories import make_contract, make_version
from tests.factories.entitlements import make_lot, make_pack
from tests.rooms.entitlements.approving import approve, at, contract_by_the_minute, draw_takes, drawn, minutes
from tests.rooms.entitlements.snapshots import everything, refused
from tests.rules.examples import Row, rows
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db

TODAY = at(3, 1)
LAST_DAY = date(2026, 1, 31)


made_contract = made_once(contract_by_the_minute)


@pytest.fixture
def contract(made_contract: Contract) -> Contract:
    return own(made_contract)


@pytest.fixture
def other(contract: Contract) -> Contract:
    return make_contract(contract.client)


@pytest.fixture
def pack(contract: Contract) -> PackGrant:
    """20 h at 30.00 and 1 h of bonus."""
    return make_pack(contract, 20, now=at(1, 1), usable_from=at(1, 1))


def transfer(lot: Lot, to: Contract, hundredths: int = minutes(600), **fields: Any) -> Lot:
    values: dict[str, Any] = {"reason": "Cambian de servicio", "now": TODAY, "idempotency_key": "t"}
    return transfer_hours(lot=lot, to=to, hundredths=hundredths, **(values | fields))


def replace(lot: Lot, hundredths: int = minutes(20), **fields: Any) -> Lot:
    values: dict[str, Any] = {"expires_on": date(2026, 4, 30), "reason": "Se devolvió tarde"}
    values |= {"now": TODAY, "idempotency_key": "r"}
    return replace_expired(lot=lot, hundredths=hundredths, **(values | fields))


def left(*lots: Lot) -> list[int]:
    return [Lot.objects.get(pk=lot.pk).left for lot in lots]


def test_hours_move_with_their_price_scope_and_validity(
    contract: Contract, other: Contract, pack: PackGrant
) -> None:
    pack.paid.areas.add(ProductArea.objects.create(code="linux", name="Linux"))

    moved = transfer(pack.paid, other)

    assert left(pack.paid, moved) == [minutes(600), minutes(600)]
    assert (moved.contract, moved.source, moved.belongs_to) == (other, Lot.Source.TRANSFER, pack.paid)
    assert (moved.unit_price_paid, moved.expires_on) == (Decimal(30), pack.paid.expires_on)
    assert [area.code for area in moved.areas.all()] == ["linux"]
    assert list(verify_ledger()) == []


def test_each_contract_reads_its_own_side_of_it(contract: Contract, other: Contract, pack: PackGrant) -> None:
    transfer(pack.paid, other)

    gave = [(line.movement.note, line.change) for line in statement(contract).lines[:2]]
    assert gave == [("Cambian de servicio", minutes(-30)), ("Cambian de servicio", minutes(-600))]
    assert statement(contract).lines[0].balance == minutes(630)
    assert [line.balance for line in statement(other).lines] == [minutes(630), minutes(600)]


@pytest.mark.parametrize(
    "row", rows("transfer", "paid minutes left", "bonus minutes left", "moved minutes", "bonus moved")
)
def test_the_unused_bonus_goes_along(contract: Contract, other: Contract, row: Row) -> None:
    paid = make_lot(contract, int(row["paid minutes left"]))
    if int(row["bonus minutes left"]):
        make_lot(contract, int(row["bonus minutes left"]), is_bonus=True, belongs_to=paid, unit_price_paid=0)

    moved = transfer(paid, other, minutes(int(row["moved minutes"])))

    along = moved.bonuses.filter(is_bonus=True)
    assert sum(lot.left for lot in along) == int(Decimal(row["bonus moved"]) * 100)
    assert list(verify_ledger()) == []


def test_moved_bonus_is_voided_with_the_hours_it_went_along_with(other: Contract, pack: PackGrant) -> None:
    moved = transfer(pack.paid, other)

    void_unused(lot=moved, reason="Baja", now=TODAY, idempotency_key="v")

    assert balance_of(other, now=TODAY).left == 0
    assert list(verify_ledger()) == []


def test_moved_hours_are_paid_back_at_the_price_paid(other: Contract, pack: PackGrant) -> None:
    moved = transfer(pack.paid, other)
    assert refund_unused(lot=moved, reason="Baja", now=TODAY, idempotency_key="p").amount == 30_000


def test_the_same_transfer_again_is_one(other: Contract, pack: PackGrant) -> None:
    moved = transfer(pack.paid, other)
    before = everything()

    assert transfer(pack.paid, other) == moved
    assert everything() == before
    refused(lambda: transfer(pack.paid, other, minutes(1)), "key_reused")


def test_hours_stay_with_the_client_the_currency_and_a_contract_that_runs(
    contract: Contract, pack: PackGrant
) -> None:
    ended = make_contract(contract.client, state=Contract.State.ENDED)
    pesos = make_contract(contract.client, version=make_version(currency="MXN"))
    refused(lambda: transfer(pack.paid, contract), "same_contract")
    refused(lambda: transfer(pack.paid, make_contract()), "foreign_contract")
    refused(lambda: transfer(pack.paid, pesos), "other_currency")
    refused(lambda: transfer(pack.paid, ended), "contract_ended")
    Contract.objects.filter(pk=ended.pk).update(state=Contract.State.QUOTED)
    refused(lambda: transfer(pack.paid, ended), "not_in_force")


def test_what_is_not_a_clients_own_paid_hours_is_not_moved(
    contract: Contract, other: Contract, pack: PackGrant
) -> None:
    assert pack.bonus is not None
    allowance = make_lot(contract, 60, is_allowance=True)
    unpaid = make_lot(contract, 60, usable_from=None)
    gone = make_lot(contract, 60, expires_on=LAST_DAY)
    refused(lambda: transfer(pack.bonus, other), "bonus_follows")  # type: ignore[arg-type]  # it has one
    refused(lambda: transfer(allowance, other), "allowance_stays")
    refused(lambda: transfer(unpaid, other), "not_usable")
    refused(lambda: transfer(gone, other), "expired")
    refused(lambda: transfer(pack.paid, other, minutes(1201)), "too_much")
    refused(lambda: transfer(pack.paid, other, 0), "too_much")
    refused(lambda: transfer(pack.paid, other, reason=" "), "no_reason")


def test_hours_that_came_back_after_the_last_day_go_on_in_a_replacement(contract: Contract) -> None:
    lot = make_lot(contract, 30, expires_on=LAST_DAY, now=at(1, 1))
    work = draw_takes(contract, [Drawdown(lot.pk, minutes(30))], at(1, 20))
    reverse(movement=work, now=at(2, 10), idempotency_key="b", reason="Se apuntó dos veces")

    new = replace(lot)

    assert left(lot, new) == [0, minutes(20)]
    assert (new.source, new.unit_price_paid, new.expires_on) == (
        "replacement",
        lot.unit_price_paid,
        date(2026, 4, 30),
    )
    assert drawn(approve(contract, 15, date(2026, 3, 2), at(3, 3))) == {new.code: 15}
    assert list(verify_ledger()) == []


def test_the_same_replacement_again_is_one(contract: Contract) -> None:
    lot = make_lot(contract, 30, expires_on=LAST_DAY, now=at(1, 1))
    book_expiry(lot=lot, pending_hundredths=0, now=at(2, 1))
    new = replace(lot)
    before = everything()

    assert replace(lot) == new
    assert everything() == before
    assert Movement.objects.filter(kind=Movement.Kind.TRANSFER).count() == 1


def test_no_more_is_replaced_than_expired_nor_until_a_day_gone_by(contract: Contract) -> None:
    lot = make_lot(contract, 30, expires_on=LAST_DAY, now=at(1, 1))
    refused(lambda: replace(lot), "not_enough")
    book_expiry(lot=lot, pending_hundredths=0, now=at(2, 1))
    refused(lambda: replace(lot, minutes(31)), "not_enough")
    refused(lambda: replace(lot, expires_on=date(2026, 2, 28)), "past")
    refused(lambda: replace(lot, reason=""), "no_reason")
    Contract.objects.filter(pk=contract.pk).update(state=Contract.State.ENDED)
    refused(lambda: replace(lot), "contract_ended")
