"""Hours that expire, and work done in time but approved late."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from ecuanime.contracts.models import Contract
from ecuanime.entitlements.actions import book_expiry, reopen_expiry
from ecuanime.entitlements.models import Lot, Movement
from ecuanime.entitlements.queries import balance_of, due_lots, verify_ledger
from ecuanime.rules.packs import Drawdown
from tests.factories.entitlements import make_lot
from tests.rooms.entitlements.approving import approve, at, contract_by_the_minute, draw_takes, drawn, minutes
from tests.rooms.entitlements.snapshots import everything, refused
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db

LAST_DAY = date(2026, 1, 31)
END_OF_LAST_DAY = datetime(2026, 1, 31, 23, tzinfo=UTC)  # midnight in Madrid
NEXT_DAY = at(2, 1, 6)


made_contract = made_once(contract_by_the_minute)


@pytest.fixture
def contract(made_contract: Contract) -> Contract:
    return own(made_contract)


@pytest.fixture
def a(contract: Contract) -> Lot:
    lot = make_lot(contract, 30, expires_on=LAST_DAY, now=at(1, 1), code="A")
    make_lot(contract, 600, expires_on=date(2026, 12, 31), now=at(1, 1), code="B")
    return lot


def left(lot: Lot) -> int:
    lot.refresh_from_db()
    return lot.left // 100


def test_what_is_pending_does_not_expire_and_is_drawn_when_approved(contract: Contract, a: Lot) -> None:
    expiry = book_expiry(lot=a, pending_hundredths=minutes(20), now=NEXT_DAY)
    assert expiry is not None
    assert (drawn(expiry), left(a)) == ({"A": 10}, 20)

    late = approve(contract, 20, LAST_DAY, at(2, 5))

    assert (drawn(late), left(a)) == ({"A": 20}, 0)
    assert list(verify_ledger()) == []


def test_work_entered_after_the_expiry_reverses_just_enough_of_it(contract: Contract, a: Lot) -> None:
    expiry = book_expiry(lot=a, pending_hundredths=0, now=NEXT_DAY)
    assert expiry is not None
    assert drawn(expiry) == {"A": 30}

    late = approve(contract, 20, LAST_DAY, at(2, 5))

    assert (drawn(late), left(a)) == ({"A": 20}, 0)
    reopened = Movement.objects.get(kind=Movement.Kind.REVERSAL)
    assert (drawn(reopened), reopened.corrects) == ({"A": -20}, expiry)
    assert balance_of(contract, now=at(2, 5)).lots[0].expired == minutes(10)
    assert list(verify_ledger()) == []


def test_a_second_late_approval_takes_what_is_left_of_the_expiry_and_then_the_next_lot(
    contract: Contract, a: Lot
) -> None:
    book_expiry(lot=a, pending_hundredths=minutes(20), now=NEXT_DAY)
    approve(contract, 25, LAST_DAY, at(2, 5))

    assert drawn(approve(contract, 15, LAST_DAY, at(2, 6))) == {"A": 5, "B": 10}
    assert balance_of(contract, now=at(2, 6)).lots[0].expired == 0
    assert list(verify_ledger()) == []


def test_a_lot_is_due_when_its_last_day_is_over_where_the_contract_is(contract: Contract, a: Lot) -> None:
    assert due_lots(END_OF_LAST_DAY - timedelta(seconds=1)) == []
    assert due_lots(END_OF_LAST_DAY) == [a]


def test_before_that_nothing_expires(a: Lot) -> None:
    early = END_OF_LAST_DAY - timedelta(seconds=1)
    refused(lambda: book_expiry(lot=a, pending_hundredths=0, now=early), "not_due")


def test_a_lot_without_a_last_day_never_expires(contract: Contract) -> None:
    endless = make_lot(contract, 60)
    refused(lambda: book_expiry(lot=endless, pending_hundredths=0, now=NEXT_DAY), "not_due")


def test_expiry_is_booked_once(contract: Contract, a: Lot) -> None:
    book_expiry(lot=a, pending_hundredths=0, now=NEXT_DAY)
    before = everything()

    assert book_expiry(lot=a, pending_hundredths=0, now=at(2, 2)) is None
    assert everything() == before
    assert due_lots(at(12, 1)) == []


def test_hours_kept_for_work_that_was_never_approved_expire_in_the_end(contract: Contract, a: Lot) -> None:
    book_expiry(lot=a, pending_hundredths=minutes(20), now=NEXT_DAY)
    assert due_lots(NEXT_DAY + timedelta(days=1)) == [a]

    second = book_expiry(lot=a, pending_hundredths=0, now=NEXT_DAY + timedelta(days=1))

    assert second is not None
    assert drawn(second) == {"A": 20}
    assert due_lots(at(12, 1)) == []
    assert list(verify_ledger()) == []


def test_reopening_takes_back_the_last_booked_expiry_first(contract: Contract, a: Lot) -> None:
    first = book_expiry(lot=a, pending_hundredths=minutes(20), now=NEXT_DAY)
    second = book_expiry(lot=a, pending_hundredths=0, now=at(2, 2))

    backs = reopen_expiry(lot=a, hundredths=minutes(25), cause="entry:9", now=at(2, 3), idempotency_key="o")

    assert [(back.corrects, drawn(back)) for back in backs] == [(second, {"A": -20}), (first, {"A": -5})]
    again = reopen_expiry(lot=a, hundredths=minutes(25), cause="entry:9", now=at(2, 3), idempotency_key="o")
    assert again == backs
    assert left(a) == 25


def test_no_more_is_reopened_than_expired(contract: Contract, a: Lot) -> None:
    book_expiry(lot=a, pending_hundredths=minutes(20), now=NEXT_DAY)

    def reopen_11() -> object:
        return reopen_expiry(
            lot=a, hundredths=minutes(11), cause="entry:9", now=at(2, 3), idempotency_key="o"
        )

    refused(reopen_11, "not_enough")
    takes = [Drawdown(a.pk, minutes(31), from_expired=minutes(11))]
    refused(lambda: draw_takes(contract, takes, at(2, 3)), "not_enough")
