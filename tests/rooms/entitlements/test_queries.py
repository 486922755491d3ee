"""Balances, the statement and the walk over the whole ledger."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from ecuanime.contracts.models import Contract
from ecuanime.entitlements.access import may_see_hours, may_void_lots
from ecuanime.entitlements.actions import book_expiry, reverse, void_unused
from ecuanime.entitlements.models import Lot, Movement, Posting
from ecuanime.entitlements.queries import (
    Standing,
    balance_of,
    balances_for,
    lots_by_code,
    lots_for_rating,
    statement,
    verify_ledger,
)
from ecuanime.rules.packs import Drawdown
from ecuanime.staff.models import ProductArea
from tests.factories import make_client, make_contact, make_contract, make_person, make_work_type
from tests.factories.entitlements import make_lot, make_pack
from tests.rooms.entitlements.approving import (
    approve,
    at,
    contract_by_the_minute,
    draw_takes,
    minutes,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract() -> Contract:
    return contract_by_the_minute()


def test_a_balance_lists_the_lots_in_the_order_they_will_be_drawn(contract: Contract) -> None:
    late = make_lot(contract, 600, expires_on=date(2026, 12, 31), code="late")
    soon = make_lot(contract, 30, expires_on=date(2026, 11, 30), code="soon")
    endless = make_lot(contract, 10, code="endless")

    balance = balance_of(contract, now=at(11, 10))

    assert [row.lot for row in balance.lots] == [soon, late, endless]
    assert (balance.left, balance.granted) == (minutes(640), minutes(640))
    assert (balance.next_expiry_on, balance.expiring) == (date(2026, 11, 30), minutes(30))


def test_a_balance_counts_only_what_todays_work_can_use(contract: Contract) -> None:
    make_lot(contract, 1, expires_on=date(2026, 11, 9), code="expired")
    make_lot(contract, 2, valid_from=date(2026, 11, 11), code="future")
    make_lot(contract, 4, usable_from=None, code="waiting")
    void_unused(lot=make_lot(contract, 8, code="void"), reason="Error", now=at(11, 1), idempotency_key="v")
    used = make_lot(contract, 16, code="used")
    draw_takes(contract, [Drawdown(used.pk, minutes(16))], at(11, 2))
    make_lot(contract, 32, code="live")

    balance = balance_of(contract, now=at(11, 10))

    assert {row.lot.code: row.standing for row in balance.lots} == {
        "expired": Standing.EXPIRED,
        "future": Standing.FUTURE,
        "waiting": Standing.WAITING,
        "void": Standing.VOID,
        "used": Standing.USED_UP,
        "live": Standing.IN_USE,
    }
    assert balance.left == minutes(32)


def test_the_day_is_counted_where_the_contract_is(contract: Contract) -> None:
    make_lot(contract, 1, expires_on=date(2026, 11, 9))
    midnight = at(11, 9, 23)  # 00:00 of the tenth in Madrid

    assert balance_of(contract, now=midnight - timedelta(seconds=1)).left == minutes(1)
    assert balance_of(contract, now=midnight).left == 0


def test_pending_is_taken_off_lot_by_lot_and_never_below_zero(contract: Contract) -> None:
    a, b = make_lot(contract, 30), make_lot(contract, 60)
    balance = balance_of(contract, now=at(11, 10))

    assert balance.less({a.pk: minutes(40), b.pk: minutes(10)}) == minutes(50)
    assert balance.less({}) == minutes(90)


def test_a_contract_without_lots_has_an_empty_balance(contract: Contract) -> None:
    balance = balance_of(contract, now=at(11, 10))

    assert (balance.has_lots, balance.left, balance.next_expiry_on, balance.expiring) == (False, 0, None, 0)


def test_balances_of_many_cost_as_many_queries_as_those_of_one(
    contract: Contract, django_assert_num_queries: Any
) -> None:
    contracts = [contract, make_contract(), make_contract()]
    for each in contracts:
        make_pack(each, 20)

    for some in (contracts[:1], contracts):
        with django_assert_num_queries(1):
            balances = balances_for(some, now=at(11, 10))
        assert {balance.left for balance in balances.values()} == {minutes(21 * 60)}


def test_lots_go_to_rating_with_their_scopes_and_what_expired(contract: Contract) -> None:
    lot = make_lot(contract, 30, expires_on=date(2026, 1, 31), now=at(1, 1))
    lot.areas.add(ProductArea.objects.create(code="linux", name="Linux"))
    lot.work_types.add(make_work_type("remote"))
    book_expiry(lot=lot, pending_hundredths=minutes(20), now=at(2, 1))
    lot.refresh_from_db()

    [given] = lots_for_rating([lot])

    assert (given.balance, given.expired, given.usable) == (minutes(20), minutes(10), True)
    assert (given.areas, given.work_types) == ({"linux"}, {"remote"})


def test_a_statement_runs_backwards_with_the_balance_after_each_movement(contract: Contract) -> None:
    make_lot(contract, 60, now=at(1, 1))
    movement = approve(contract, 20, date(2026, 1, 2), at(1, 3))
    reverse(movement=movement, now=at(1, 4), idempotency_key="r", reason="Ajuste")

    lines = statement(contract).lines

    assert [(line.movement.kind, line.change, line.balance) for line in lines] == [
        (Movement.Kind.REVERSAL, minutes(20), minutes(60)),
        (Movement.Kind.DRAWDOWN, minutes(-20), minutes(40)),
        (Movement.Kind.GRANT, minutes(60), minutes(60)),
    ]


def test_pages_of_a_statement_join_without_a_gap(contract: Contract) -> None:
    make_lot(contract, 60, now=at(1, 1))
    for day in range(2, 8):
        approve(contract, day, date(2026, 1, day), at(1, day))
    whole = statement(contract)
    assert whole.older == ""

    lines, cursor = list(statement(contract, size=3).lines), statement(contract, size=3).older
    while cursor:
        page = statement(contract, after=cursor, size=3)
        lines, cursor = [*lines, *page.lines], page.older

    assert lines == list(whole.lines)


def test_a_statements_page_costs_the_same_with_one_and_three_movements(
    contract: Contract, django_assert_num_queries: Any
) -> None:
    make_lot(contract, 60, now=at(1, 1))
    for expected in (1, 3):
        with django_assert_num_queries(4):
            assert len(statement(contract).lines) == expected
        approve(contract, 1, date(2026, 1, 2), at(1, 3))
        approve(contract, 1, date(2026, 1, 2), at(1, 3))


def test_lots_are_found_by_what_people_call_them(contract: Contract) -> None:
    pack = make_pack(contract, 10)
    assert lots_by_code([pack.paid.code, "BN-9999"]) == {pack.paid.code: pack.paid}


def test_verification_finds_what_was_tampered_with(contract: Contract) -> None:
    lot = make_lot(contract, 60)
    approve(contract, 20, date(2026, 1, 2), at(1, 3))
    assert list(verify_ledger()) == []
    taken = Posting.objects.get(lot=lot, account="lot", quantity__lt=0)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE entitlements_posting SET quantity = -1 WHERE id = %s", [taken.pk])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")

    problems = "\n".join(verify_ledger())

    assert "unbalanced" in problems
    assert f"lot {lot.code}: keeps 4000 but its postings sum to 5999" in problems


def test_contacts_see_their_own_hours_unless_the_contract_hides_them() -> None:
    client = make_client()
    contact, stranger = make_contact(client), make_contact()
    shown = make_contract(client)
    hidden = make_contract(client, hours_visible=False)

    assert may_see_hours(contact, shown)
    assert not may_see_hours(contact, hidden)
    assert not may_see_hours(stranger, shown)


def test_supervisors_and_administrators_void_lots() -> None:
    roles = ("administrator", "supervisor", "consultant", "technician", "billing")
    allowed = [role for role in roles if may_void_lots(make_person(role))]
    assert allowed == ["administrator", "supervisor"]


def test_a_lot_is_listed_by_its_code(contract: Contract) -> None:
    assert str(Lot.objects.get(pk=make_lot(contract, 1, code="BN-0187").pk)) == "BN-0187"
