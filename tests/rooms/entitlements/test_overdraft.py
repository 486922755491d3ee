"""The overdraft account: work noted down, settled by the next lot, and given back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from ecuanime.contracts.models import Contract, PlanKind
from ecuanime.entitlements.actions import (
    book_expiry,
    give_back_overdraft,
    make_usable,
    open_period,
    overdraw,
    settle_overdraft_again,
    transfer_hours,
    void_unused,
)
from ecuanime.entitlements.models import Lot, Movement
from ecuanime.entitlements.queries import balance_of, overdrawn_of, statement, verify_ledger
from tests.factories import make_contract
from tests.factories.entitlements import make_lot, make_pack
from tests.rooms.entitlements.approving import at, contract_by_the_minute, minutes
from tests.rooms.entitlements.snapshots import everything, refused
from tests.rules.examples import Row, rows

pytestmark = pytest.mark.django_db

TODAY = at(2, 1)


@pytest.fixture
def contract() -> Contract:
    return contract_by_the_minute()


def note_down(contract: Contract, worked: int, key: str = "entry:1", **fields: Any) -> Movement:
    values: dict[str, Any] = {"cause": key, "worked_at": None, "now": at(1, 10), "idempotency_key": key}
    return overdraw(contract=contract, hundredths=minutes(worked), **(values | fields))


def buy(contract: Contract, hours: int = 10, key: str = "p") -> Lot:
    fields = {"starts_on": date(2026, 2, 1), "now": TODAY, "usable_from": TODAY, "idempotency_key": key}
    return make_pack(contract, hours, **fields).paid


def owed(contract: Contract) -> int:
    return overdrawn_of([contract.pk]).get(contract.pk, 0) // 100


def test_overdrawn_work_takes_the_balance_below_zero(contract: Contract) -> None:
    note_down(contract, 30)
    note_down(contract, 10, "entry:2")

    assert owed(contract) == 40
    assert [(line.change // 100, line.balance // 100) for line in statement(contract).lines] == [
        (-10, -40),
        (-30, -30),
    ]
    balance = balance_of(contract, now=TODAY)
    assert (balance.lots, balance.left, balance.overdrawn) == ((), 0, minutes(40))
    assert list(verify_ledger()) == []


@pytest.mark.parametrize(
    "row",
    [
        row
        for row in rows(
            "overdraft",
            "overdrawn before",
            "uncovered",
            "overdrawn after",
            "held",
            "next lot",
            "settled",
            "left of it",
        )
        if int(row["next lot"]) % 60 == 0
    ],
)
def test_the_next_pack_settles_it(contract: Contract, row: Row) -> None:
    note_down(contract, int(row["overdrawn after"]))

    pack = buy(contract, int(row["next lot"]) // 60)

    assert pack.left == minutes(int(row["left of it"]))
    assert owed(contract) == 0
    assert statement(contract).closing == pack.left
    assert Movement.objects.filter(kind=Movement.Kind.SETTLEMENT).count() == 1
    assert list(verify_ledger()) == []


def test_a_pack_settles_when_it_can_be_used_and_only_then(contract: Contract) -> None:
    note_down(contract, 40)
    waiting = make_pack(contract, 10, now=TODAY, usable_from=None).paid
    assert owed(contract) == 40

    for _ in range(2):
        make_usable(lot=waiting, now=TODAY)

    waiting.refresh_from_db()
    assert (owed(contract), waiting.left) == (0, minutes(560))


def test_a_bonus_settles_before_the_hours_it_came_with_and_the_next_pack_the_rest(contract: Contract) -> None:
    note_down(contract, 60 * 22)

    paid = buy(contract, 20)
    assert paid.bonuses.get().left == 0
    assert (paid.left, owed(contract)) == (0, 60)
    later = buy(contract, 2, "q")

    assert (later.left, owed(contract)) == (minutes(60), 0)
    assert list(verify_ledger()) == []


def test_the_allowance_of_a_period_settles_too() -> None:
    contract = make_contract(kind=PlanKind.MONTHLY, next_period_at=at(1, 1))
    note_down(contract, 30)

    open_period(contract=contract, now=at(2, 1), pending={})

    assert owed(contract) == 0
    assert Lot.objects.get(is_allowance=True).left == minutes(270)


def test_given_back_before_it_was_settled_it_is_no_longer_owed(contract: Contract) -> None:
    movement = note_down(contract, 30)
    back = {"movement": movement, "now": at(1, 12), "reason": "Ajuste"}

    first = give_back_overdraft(idempotency_key="b", **back)  # type: ignore[arg-type]

    assert give_back_overdraft(idempotency_key="b", **back) == first  # type: ignore[arg-type]
    assert owed(contract) == 0
    refused(lambda: give_back_overdraft(idempotency_key="c", **back), "already_reversed")  # type: ignore[arg-type]
    assert list(verify_ledger()) == []


def test_part_of_it_can_be_given_back(contract: Contract) -> None:
    movement = note_down(contract, 30)
    back = {"movement": movement, "now": at(1, 12), "reason": "Ajuste"}

    give_back_overdraft(idempotency_key="b", hundredths=minutes(10), **back)  # type: ignore[arg-type]

    assert owed(contract) == 20
    too_much = {"idempotency_key": "c", "hundredths": minutes(21), **back}
    refused(lambda: give_back_overdraft(**too_much), "too_much")  # type: ignore[arg-type]
    give_back_overdraft(idempotency_key="d", **back)  # type: ignore[arg-type]
    assert owed(contract) == 0
    assert list(verify_ledger()) == []


def test_given_back_later_the_pack_that_settled_it_gets_it_back(contract: Contract) -> None:
    first, second = note_down(contract, 30), note_down(contract, 20, "entry:2")
    pack = buy(contract)
    note_down(contract, 15, "entry:3")

    back = {"now": at(2, 5), "reason": "Ajuste"}
    give_back_overdraft(movement=first, idempotency_key="b1", **back)  # type: ignore[arg-type]
    pack.refresh_from_db()
    assert (owed(contract), pack.left) == (0, minutes(565))
    give_back_overdraft(movement=second, idempotency_key="b2", **back)  # type: ignore[arg-type]

    pack.refresh_from_db()
    assert pack.left == minutes(585)
    assert list(verify_ledger()) == []


def test_what_comes_back_to_a_void_pack_does_not_stay_there(contract: Contract) -> None:
    movement = note_down(contract, 30)
    pack = buy(contract)
    void_unused(lot=pack, reason="Baja", now=at(2, 2), idempotency_key="v")

    give_back_overdraft(movement=movement, now=at(2, 3), reason="Ajuste", idempotency_key="b")

    pack.refresh_from_db()
    assert pack.left == 0
    assert list(verify_ledger()) == []


def test_the_same_work_is_noted_down_once(contract: Contract) -> None:
    first = note_down(contract, 30)
    before = everything()

    assert note_down(contract, 30) == first
    assert everything() == before
    refused(lambda: note_down(contract, 31), "key_reused")
    refused(lambda: note_down(contract, 0, "entry:2"), "nothing_to_draw")


def test_only_overdrawn_work_is_given_back_this_way(contract: Contract) -> None:
    make_lot(contract, 60)
    grant = Movement.objects.get()
    back = {"movement": grant, "now": TODAY, "reason": "x", "idempotency_key": "b"}
    refused(lambda: give_back_overdraft(**back), "not_overdrawn")  # type: ignore[arg-type]


def test_hours_moved_here_settle_it(contract: Contract) -> None:
    note_down(contract, 30)
    other = make_contract(contract.client, version=contract.version)
    lot = make_pack(other, 1, starts_on=date(2026, 1, 1), now=TODAY, usable_from=TODAY).paid

    moved = transfer_hours(lot=lot, to=contract, reason="Reparto", now=TODAY, idempotency_key="move")

    moved.refresh_from_db()
    assert (owed(contract), moved.left) == (0, minutes(30))
    assert list(verify_ledger()) == []


@pytest.mark.parametrize("meanwhile", ["nothing", "void", "expired"])
def test_work_overdrawn_again_is_settled_again_by_the_pack_that_had_settled_it(
    contract: Contract, meanwhile: str
) -> None:
    movement = note_down(contract, 30)
    pack, now = buy(contract), at(2, 3)
    if meanwhile == "void":
        void_unused(lot=pack, reason="Baja", now=at(2, 2), idempotency_key="v")
    if meanwhile == "expired":
        now = datetime(2027, 3, 1, 9, tzinfo=UTC)
        book_expiry(lot=pack, pending_hundredths=0, now=now)
    left = Lot.objects.get(pk=pack.pk).left

    give_back_overdraft(movement=movement, now=now, reason="Ajuste", idempotency_key="b")
    note_down(contract, 45, "again", cause="entry:1", now=now)
    [settled] = settle_overdraft_again(contract=contract, cause="entry:1", now=now)

    assert (owed(contract), Lot.objects.get(pk=pack.pk).left) == (15, left)
    assert statement(contract).lines[0].change == -minutes(30) + minutes(30)
    assert settled.kind == Movement.Kind.SETTLEMENT
    assert settle_overdraft_again(contract=contract, cause="entry:1", now=now) == []
    assert list(verify_ledger()) == []


def test_a_pack_settles_again_no_more_than_it_still_has(contract: Contract) -> None:
    movement = note_down(contract, 90)
    pack = buy(contract, 1)
    give_back_overdraft(movement=movement, now=at(2, 3), reason="Ajuste", idempotency_key="b")
    transfer_hours(
        lot=pack,
        to=make_contract(contract.client, version=contract.version),
        hundredths=minutes(40),
        reason="Reparto",
        now=at(2, 3),
        idempotency_key="move",
    )

    note_down(contract, 90, "again", cause="entry:1", now=at(2, 4))
    settle_overdraft_again(contract=contract, cause="entry:1", now=at(2, 4))

    assert (owed(contract), Lot.objects.get(pk=pack.pk).left) == (70, 0)
    assert list(verify_ledger()) == []


def test_other_work_overdrawn_later_is_not_settled_with_hours_that_came_back(contract: Contract) -> None:
    movement = note_down(contract, 30)
    buy(contract)
    give_back_overdraft(movement=movement, now=at(2, 3), reason="Ajuste", idempotency_key="b")

    note_down(contract, 20, "entry:2", now=at(2, 4))

    assert settle_overdraft_again(contract=contract, cause="entry:2", now=at(2, 4)) == []
    assert owed(contract) == 20
