"""Drawing hours for work and giving them back."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from ecuanime.contracts.models import Contract
from ecuanime.entitlements.actions import reverse, void_unused
from ecuanime.entitlements.models import Lot, Movement, Posting
from ecuanime.entitlements.queries import balance_of, verify_ledger
from ecuanime.foundation.errors import Refused
from ecuanime.rules.packs import Drawdown
from tests.factories import make_contract
from tests.factories.entitlements import make_lot
from tests.rooms.entitlements.approving import approve, at, contract_by_the_minute, draw_takes, drawn, minutes
from tests.rooms.entitlements.snapshots import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract() -> Contract:
    return contract_by_the_minute()


@pytest.fixture
def a(contract: Contract) -> Lot:
    return make_lot(contract, 30, expires_on=date(2026, 1, 31), now=at(1, 1), code="A")


@pytest.fixture
def b(contract: Contract, a: Lot) -> Lot:
    return make_lot(contract, 600, expires_on=date(2026, 12, 31), now=at(1, 1), code="B")


def left(lot: Lot) -> int:
    lot.refresh_from_db()
    return lot.left // 100


def test_the_lot_that_expires_first_is_drawn_first(contract: Contract, a: Lot, b: Lot) -> None:
    movement = approve(contract, 100, date(2026, 1, 20), at(1, 21))

    assert drawn(movement) == {"A": 30, "B": 70}
    assert (left(a), left(b)) == (0, 530)


def test_a_lot_that_had_expired_when_the_work_was_done_is_left_alone(
    contract: Contract, a: Lot, b: Lot
) -> None:
    movement = approve(contract, 100, date(2026, 2, 1), at(2, 2))

    assert drawn(movement) == {"B": 100}


def test_drawing_twice_with_one_key_draws_once(contract: Contract, b: Lot) -> None:
    takes = [Drawdown(b.pk, minutes(10))]
    first = draw_takes(contract, takes, at(2, 1), key="entry:x")

    assert draw_takes(contract, takes, at(2, 2), key="entry:x") == first
    assert left(b) == 590


def test_a_key_that_drew_something_else_is_refused(contract: Contract, b: Lot) -> None:
    draw_takes(contract, [Drawdown(b.pk, minutes(10))], at(2, 1), key="entry:x")
    refused(
        lambda: draw_takes(contract, [Drawdown(b.pk, minutes(11))], at(2, 1), key="entry:x"), "key_reused"
    )


def test_no_lot_is_drawn_below_zero_and_then_none_is_drawn_at_all(contract: Contract, a: Lot, b: Lot) -> None:
    takes = [Drawdown(b.pk, minutes(5)), Drawdown(a.pk, minutes(31))]
    refused(lambda: draw_takes(contract, takes, at(1, 5)), "not_enough")


def test_drawing_nothing_is_refused(contract: Contract, b: Lot) -> None:
    refused(lambda: draw_takes(contract, [], at(1, 5)), "nothing_to_draw")
    refused(lambda: draw_takes(contract, [Drawdown(b.pk, 0)], at(1, 5)), "nothing_to_draw")


def test_another_contracts_lot_is_refused(contract: Contract) -> None:
    other = make_lot(make_contract(), 60, now=at(1, 1))
    refused(lambda: draw_takes(contract, [Drawdown(other.pk, 100)], at(1, 5)), "not_its_lot")


def test_hours_not_paid_or_void_are_refused(contract: Contract, b: Lot) -> None:
    unpaid = make_lot(contract, 60, usable_from=None)
    refused(lambda: draw_takes(contract, [Drawdown(unpaid.pk, 100)], at(1, 5)), "not_usable")
    void_unused(lot=b, reason="Error", now=at(1, 5), idempotency_key="void:b")
    refused(lambda: draw_takes(contract, [Drawdown(b.pk, 100)], at(1, 5)), "not_usable")


def test_giving_back_restores_the_original_lots(contract: Contract, a: Lot, b: Lot) -> None:
    movement = approve(contract, 100, date(2026, 1, 20), at(1, 21))

    reversal = reverse(movement=movement, now=at(1, 22), idempotency_key="r", reason="Se apuntó dos veces")

    assert (left(a), left(b)) == (30, 600)
    assert reversal.corrects == movement
    assert list(verify_ledger()) == []


def test_part_of_it_goes_back_to_the_last_drawn_first(contract: Contract, a: Lot, b: Lot) -> None:
    movement = approve(contract, 100, date(2026, 1, 20), at(1, 21))

    give = {"movement": movement, "now": at(1, 22), "reason": "Ajuste"}
    first = reverse(**give, idempotency_key="r1", hundredths=minutes(60))
    second = reverse(**give, idempotency_key="r2", hundredths=minutes(20))
    rest = reverse(**give, idempotency_key="r3")

    assert [drawn(back) for back in (first, second, rest)] == [{"B": -60}, {"B": -10, "A": -10}, {"A": -20}]
    assert list(verify_ledger()) == []


def test_giving_back_twice_with_one_key_gives_back_once(contract: Contract, b: Lot) -> None:
    movement = approve(contract, 100, date(2026, 3, 1), at(3, 2))
    first = reverse(movement=movement, now=at(3, 3), idempotency_key="r", reason="Ajuste")

    assert reverse(movement=movement, now=at(3, 4), idempotency_key="r", reason="Ajuste") == first
    assert left(b) == 600


def test_what_was_given_back_cannot_be_given_back_again(contract: Contract, b: Lot) -> None:
    movement = approve(contract, 100, date(2026, 3, 1), at(3, 2))
    give = {"movement": movement, "now": at(3, 3), "reason": "Ajuste"}
    refused(lambda: reverse(**give, idempotency_key="r", hundredths=minutes(101)), "too_much")
    reversal = reverse(**give, idempotency_key="r1")
    refused(lambda: reverse(**give, idempotency_key="r2"), "already_reversed")
    give["movement"] = reversal
    refused(lambda: reverse(**give, idempotency_key="r3"), "not_a_drawdown")
    refused(lambda: reverse(**give, idempotency_key="r1"), "key_reused")


def test_hours_given_back_to_an_expired_lot_expire_at_once(contract: Contract, a: Lot, b: Lot) -> None:
    movement = approve(contract, 100, date(2026, 1, 20), at(1, 21))

    reverse(movement=movement, now=at(2, 10), idempotency_key="r", reason="Ajuste")

    assert (left(a), left(b)) == (0, 600)
    expiry = Movement.objects.get(kind=Movement.Kind.EXPIRY)
    assert drawn(expiry) == {"A": 30}
    assert [row.expired for row in balance_of(contract, now=at(2, 10)).lots] == [minutes(30), 0]
    assert list(verify_ledger()) == []


def test_hours_given_back_to_a_void_lot_are_void_at_once(contract: Contract, b: Lot) -> None:
    movement = approve(contract, 100, date(2026, 3, 1), at(3, 2))
    void_unused(lot=b, reason="Baja", now=at(3, 3), idempotency_key="v")

    reverse(movement=movement, now=at(3, 4), idempotency_key="r", reason="Ajuste")

    assert left(b) == 0
    assert Movement.objects.filter(kind=Movement.Kind.VOID).count() == 2
    assert list(verify_ledger()) == []


def test_the_database_refuses_to_edit_or_unbalance_the_ledger(contract: Contract, b: Lot) -> None:
    movement = approve(contract, 100, date(2026, 3, 1), at(3, 2))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Movement.objects.filter(pk=movement.pk).update(note="otra cosa")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Posting.objects.filter(movement=movement).delete()
    with pytest.raises(IntegrityError, match="lot_never_below_zero"), transaction.atomic():
        Lot.objects.filter(pk=b.pk).update(left=-1)


@pytest.mark.django_db(transaction=True)
def test_a_balance_that_its_postings_do_not_explain_cannot_be_committed() -> None:
    lot = make_lot(contract_by_the_minute(), 60, now=at(1, 1))
    with pytest.raises(DatabaseError, match="does not keep the sum"):
        Lot.objects.filter(pk=lot.pk).update(left=minutes(61))
    lot.refresh_from_db()
    assert lot.left == minutes(60)


def test_a_refusal_is_said_in_words(contract: Contract, a: Lot) -> None:
    with pytest.raises(Refused, match="rate the work again"):
        draw_takes(contract, [Drawdown(a.pk, minutes(31))], at(1, 5))
