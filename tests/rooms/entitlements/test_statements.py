"""Statements: of a contract and of a lot, between two days, and at once however long the ledger is."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection

from ecuanime.contracts.models import Contract
from ecuanime.entitlements.actions import reverse
from ecuanime.entitlements.models import Lot, Movement, Posting
from ecuanime.entitlements.queries import Span, Statement, lines_between, statement, verify_ledger
from ecuanime.rules.packs import Drawdown
from tests.factories.entitlements import make_lot
from tests.plans import explained
from tests.rooms.entitlements.approving import approve, at, contract_by_the_minute, draw_takes, minutes
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db

JANUARY = Span(date(2026, 1, 1), date(2026, 1, 31))
FEBRUARY = Span(date(2026, 2, 1), date(2026, 2, 28))


made_contract = made_once(contract_by_the_minute)


@pytest.fixture
def contract(made_contract: Contract) -> Contract:
    return own(made_contract)


@pytest.fixture
def lots(contract: Contract) -> tuple[Lot, Lot]:
    """A (30 min, drawn first) and B (600 min) bought on 1 January; 100 drawn on the 21st, 50 on 3 February."""
    a = make_lot(contract, 30, expires_on=date(2026, 6, 30), now=at(1, 1), code="A")
    b = make_lot(contract, 600, now=at(1, 1), code="B")
    approve(contract, 100, date(2026, 1, 20), at(1, 21))
    approve(contract, 50, date(2026, 2, 2), at(2, 3))
    return a, b


def changes(found: Statement) -> list[tuple[int, int]]:
    return [(line.change // 100, line.balance // 100) for line in found.lines]


def figures(found: Statement) -> tuple[int, int]:
    return found.opening // 100, found.closing // 100


@pytest.mark.usefixtures("lots")
def test_a_span_opens_with_what_stood_before_it_and_closes_with_what_is_left(contract: Contract) -> None:
    whole, january, february = (statement(contract, span=span) for span in (Span(), JANUARY, FEBRUARY))

    assert figures(whole) == (0, 480)
    assert (figures(january), changes(january)) == ((0, 530), [(-100, 530), (600, 630), (30, 30)])
    assert (figures(february), changes(february)) == ((530, 480), [(-50, 480)])
    assert figures(statement(contract, span=Span(date(2027, 1, 1)))) == (480, 480)
    assert figures(statement(contract, span=Span(None, date(2025, 12, 31)))) == (0, 0)


def test_a_lot_has_a_statement_of_its_own(contract: Contract, lots: tuple[Lot, Lot]) -> None:
    a, b = lots

    assert changes(statement(contract, lot=a)) == [(-30, 0), (30, 30)]
    found = statement(contract, lot=b, span=FEBRUARY)
    assert (figures(found), changes(found)) == ((530, 480), [(-50, 480)])
    assert figures(statement(contract, lot=b, span=JANUARY)) == (0, 530)
    assert figures(statement(contract, lot=b, span=Span(date(2027, 1, 1)))) == (480, 480)
    assert figures(statement(contract, lot=b, span=Span(None, date(2025, 12, 31)))) == (0, 0)


def test_a_lots_lines_add_up_to_what_it_has_left(contract: Contract, lots: tuple[Lot, Lot]) -> None:
    movement = Movement.objects.filter(kind=Movement.Kind.DRAWDOWN).earliest("id")
    reverse(movement=movement, now=at(2, 4), idempotency_key="r", reason="Ajuste")

    for lot in lots:
        lot.refresh_from_db()
        assert sum(line.change for line in lines_between(contract, lot=lot)) == lot.left
        assert statement(contract, lot=lot).closing == lot.left
    assert list(verify_ledger()) == []


def test_every_line_comes_oldest_first_for_a_file(contract: Contract, lots: tuple[Lot, Lot]) -> None:
    listed = [line.balance // 100 for line in lines_between(contract)]
    of_lot = [line.balance // 100 for line in lines_between(contract, lot=lots[1], span=JANUARY)]

    assert listed == [30, 630, 530, 480]
    assert of_lot == [600, 530]


def test_the_day_is_counted_where_the_contract_is(contract: Contract) -> None:
    midnight = datetime(2026, 1, 31, 23, tzinfo=UTC)  # 00:00 of 1 February in Madrid
    make_lot(contract, 10, now=midnight - timedelta(seconds=1))
    make_lot(contract, 20, now=midnight)

    assert figures(statement(contract, span=JANUARY)) == (0, 10)
    assert figures(statement(contract, span=FEBRUARY)) == (10, 30)


def test_a_clock_that_went_back_puts_nothing_before_what_was_booked(contract: Contract) -> None:
    lot = make_lot(contract, 60, now=at(2, 1))

    draw_takes(contract, [Drawdown(lot.pk, minutes(10))], at(1, 15))

    assert [line.movement.at for line in statement(contract).lines] == [at(2, 1), at(2, 1)]
    assert list(verify_ledger()) == []


def test_incidents_are_counted_apart_from_hours(contract: Contract) -> None:
    make_lot(contract, 5, unit="incidents", now=at(1, 1))
    assert statement(contract).closing == 500
    make_lot(contract, 60, now=at(1, 2))

    assert statement(contract).closing == minutes(60)
    assert [line.balance for line in statement(contract, unit="incidents").lines] == [500]
    assert list(verify_ledger()) == []


@pytest.mark.usefixtures("lots")
def test_pages_of_a_lots_statement_join_without_a_gap(contract: Contract, lots: tuple[Lot, Lot]) -> None:
    lot = lots[1]
    whole = statement(contract, lot=lot)
    first = statement(contract, lot=lot, size=2)
    second = statement(contract, lot=lot, size=2, after=first.older)

    assert (*first.lines, *second.lines) == whole.lines
    assert second.older == ""
    assert statement(contract, lot=lot, after="made-up") == whole


def long_ledger(contract: Contract, count: int) -> Lot:
    """A lot with so many movements of a minute each, an hour after the other, written without the room's actions."""
    lot = make_lot(contract, count + 100, now=at(1, 1))
    rows = []
    for number in range(count):
        facts = {"contract": contract, "kind": "drawdown", "at": at(1, 1) + timedelta(hours=number)}
        balance = lot.left - minutes(number + 1)
        rows.append(Movement(idempotency_key=f"long:{number}", balance=balance, **facts))
    with connection.cursor() as cursor:
        # The guards would add up the whole lot for each row; `verify_ledger` proves these rows instead.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        Posting.objects.bulk_create(
            posting for row in Movement.objects.bulk_create(rows) for posting in minute_of(row, lot)
        )
        Lot.objects.filter(pk=lot.pk).update(left=rows[-1].balance)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        cursor.execute("ANALYZE entitlements_movement, entitlements_posting")
    lot.refresh_from_db()
    return lot


def minute_of(movement: Movement, lot: Lot) -> tuple[Posting, Posting]:
    return (
        Posting(movement=movement, lot=lot, account="lot", quantity=-minutes(1), left=movement.balance),
        Posting(movement=movement, lot=lot, account="used", quantity=minutes(1)),
    )


def test_ten_thousand_movements_open_by_index_alone(
    contract: Contract, django_assert_max_num_queries: Any
) -> None:
    lot = long_ledger(contract, 10_000)
    assert list(verify_ledger()) == []
    span = Span(date(2026, 6, 1), date(2026, 6, 30))
    for only, most in ((None, 5), (lot, 8)):
        read = partial(statement, contract, lot=only, span=span)
        with django_assert_max_num_queries(most):
            found = read()
        assert found.opening - found.closing == minutes(30 * 24)
        for lines in explained(read, "ANALYZE", "TIMING OFF", "COSTS OFF"):
            plan = "\n".join(lines)
            assert "Seq Scan on entitlements_movement" not in plan
            assert "Seq Scan on entitlements_posting" not in plan
            assert rows_read(plan) <= 200, plan


def rows_read(plan: str) -> int:
    """The most rows that any step of a plan gave or threw away."""
    return max(int(float(found)) for found in re.findall(r"(?:actual rows=|by Filter: )([0-9.]+)", plan))
