"""Expired hours taken over at today's price, and that taken back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ecuanime.contracts.models import Contract
from ecuanime.entitlements.actions import (
    book_expiry,
    cancel_revaluation,
    quote_revaluation,
    refund_unused,
    revalue_expired,
)
from ecuanime.entitlements.models import Lot, Movement
from ecuanime.entitlements.queries import balance_of, statement, verify_ledger
from tests.factories.entitlements import make_lot, reprice
from tests.rooms.entitlements.approving import (
    approve,
    at,
    contract_by_the_minute,
    drawn,
    minutes,
    rated,
)
from tests.rooms.entitlements.snapshots import everything, refused
from tests.rules.examples import Row, cents, rows
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db

LAST_DAY = date(2026, 1, 31)
TODAY = at(2, 10)


def _contract() -> Contract:
    """A contract whose plan costs 33.00 today."""
    contract = contract_by_the_minute()
    reprice(contract.version.plan, (1, "33"))
    return contract


made_contract = made_once(_contract)


@pytest.fixture
def contract(made_contract: Contract) -> Contract:
    return own(made_contract)


def ten_hours(contract: Contract, expired: int = 200, **fields: object) -> Lot:
    """A lot of ten hours bought at 30.00, of which so many minutes have expired; the rest was used."""
    lot = make_lot(contract, 600, expires_on=LAST_DAY, now=at(1, 1), **fields)
    if expired < 600:
        approve(contract, 600 - expired, date(2026, 1, 20), at(1, 21))
    book_expiry(lot=lot, pending_hundredths=0, now=at(2, 1))
    return lot


@pytest.mark.parametrize(
    "row", rows("revaluation", "paid per hour", "today per hour", "minutes left", "costs")
)
def test_the_client_pays_the_difference_to_todays_price(contract: Contract, row: Row) -> None:
    paid, today, left = (row[name] for name in list(row)[:3])
    reprice(contract.version.plan, (1, today))
    lot = ten_hours(contract, int(left), unit_price_paid=Decimal(paid))

    quoted = quote_revaluation(lot=lot)
    revalued = revalue_expired(lot=lot, now=TODAY, idempotency_key="x")

    assert quoted == revalued.cost
    assert (quoted.hundredths, quoted.amount) == (minutes(int(left)), cents(row["costs"]))
    assert revalued.lot.left == minutes(int(left))
    assert revalued.lot.unit_price_paid == max(Decimal(paid), Decimal(today))
    assert list(verify_ledger()) == []


def test_the_hours_go_on_in_a_linked_lot_with_a_new_term(contract: Contract) -> None:
    old = ten_hours(contract, priority=7)

    new = revalue_expired(lot=old, now=TODAY, idempotency_key="x", usable_from=TODAY).lot

    assert (new.source, new.belongs_to, new.priority) == (Lot.Source.REVALUATION, old, 7)
    assert (new.valid_from, new.expires_on) == (date(2026, 2, 10), date(2027, 2, 9))
    assert [row.expired for row in balance_of(contract, now=TODAY).lots if row.lot == old] == [0]
    line = statement(contract).lines[0]
    assert (line.movement.kind, line.change, line.balance) == ("revaluation", minutes(200), minutes(200))
    assert drawn(approve(contract, 50, date(2026, 2, 11), at(2, 12))) == {new.code: 50}


def test_the_tier_is_that_of_the_hours_once_bought_however_few_are_left(contract: Contract) -> None:
    reprice(contract.version.plan, (1, "40"), (10, "34"))
    old = ten_hours(contract)

    first = revalue_expired(lot=old, now=TODAY, idempotency_key="x", usable_from=TODAY)
    book_expiry(lot=first.lot, pending_hundredths=0, now=at(12, 1).replace(year=2027))
    reprice(contract.version.plan, (1, "40"), (10, "35"))

    assert first.cost.surcharge == 4
    assert quote_revaluation(lot=first.lot).surcharge == 1


def test_the_same_revaluation_again_is_one(contract: Contract) -> None:
    old, other = ten_hours(contract), ten_hours(contract, 600)
    first = revalue_expired(lot=old, now=TODAY, idempotency_key="x")
    before = everything()

    assert revalue_expired(lot=old, now=TODAY, idempotency_key="x") == first
    assert everything() == before
    refused(lambda: revalue_expired(lot=other, now=TODAY, idempotency_key="x"), "key_reused")
    refused(lambda: revalue_expired(lot=old, now=TODAY, idempotency_key="y"), "nothing_expired")


def test_late_approvals_no_longer_reach_revalued_hours(contract: Contract) -> None:
    old = ten_hours(contract)
    revalue_expired(lot=old, now=TODAY, idempotency_key="x", usable_from=TODAY)

    late = rated(contract, 30, date(2026, 1, 30))

    assert [take for segment in late.segments for take in segment.drawdowns] == []
    assert sum(segment.overage_hundredths for segment in late.segments) == minutes(30)


def test_what_nobody_paid_for_is_not_revalued(contract: Contract) -> None:
    bonus = ten_hours(contract, is_bonus=True)
    allowance = ten_hours(contract, 600, is_allowance=True)
    unpaid = make_lot(contract, 600, expires_on=LAST_DAY, usable_from=None)
    for lot, code in ((bonus, "not_bought"), (allowance, "not_bought"), (unpaid, "not_usable")):
        refused(lambda lot=lot: revalue_expired(lot=lot, now=TODAY, idempotency_key="x"), code)  # type: ignore[misc]


def test_without_a_price_of_today_there_is_no_revaluation(contract: Contract) -> None:
    old = ten_hours(contract)
    reprice(contract.version.plan, (20, "25"))
    refused(lambda: revalue_expired(lot=old, now=TODAY, idempotency_key="x"), "no_price")
    reprice(contract.version.plan, (1, "25"), currency="MXN")
    refused(lambda: revalue_expired(lot=old, now=TODAY, idempotency_key="x"), "no_price")


def test_a_contract_that_has_ended_revalues_nothing(contract: Contract) -> None:
    old = ten_hours(contract)
    Contract.objects.filter(pk=contract.pk).update(ends_on=date(2026, 2, 9))
    refused(lambda: revalue_expired(lot=old, now=TODAY, idempotency_key="x"), "contract_ended")


def test_cancelled_its_hours_stand_expired_again_where_they_were(contract: Contract) -> None:
    old = ten_hours(contract)
    new = revalue_expired(lot=old, now=TODAY, idempotency_key="x").lot

    for _ in range(2):
        cancel_revaluation(lot=new, reason="No se pagó", now=at(2, 11), idempotency_key="c")

    new.refresh_from_db()
    assert (new.left, new.voided_at) == (0, at(2, 11))
    assert quote_revaluation(lot=old).hundredths == minutes(200)
    assert Movement.objects.filter(kind=Movement.Kind.REVERSAL).count() == 1
    assert list(verify_ledger()) == []


def test_what_was_used_of_it_is_not_cancelled(contract: Contract) -> None:
    old = ten_hours(contract)
    new = revalue_expired(lot=old, now=TODAY, idempotency_key="x", usable_from=TODAY).lot
    approve(contract, 200, date(2026, 2, 11), at(2, 12))
    cancel = {"reason": "Error", "now": at(2, 13), "idempotency_key": "c"}
    refused(lambda: cancel_revaluation(lot=new, **cancel), "used_up")  # type: ignore[arg-type]
    refused(lambda: cancel_revaluation(lot=old, **cancel), "not_revalued")  # type: ignore[arg-type]


@pytest.mark.parametrize("row", rows("revaluation", "paid per hour", "today per hour", "pays back per hour"))
def test_revalued_hours_are_paid_back_at_what_their_revaluation_cost(contract: Contract, row: Row) -> None:
    reprice(contract.version.plan, (1, row["today per hour"]))
    old = ten_hours(contract, unit_price_paid=Decimal(row["paid per hour"]))
    new = revalue_expired(lot=old, now=TODAY, idempotency_key="x", usable_from=TODAY).lot

    refund = refund_unused(lot=new, reason="Baja", now=TODAY, idempotency_key="r", hundredths=minutes(60))

    assert refund.amount == cents(row["pays back per hour"])
