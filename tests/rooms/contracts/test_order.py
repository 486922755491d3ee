"""The order of a client's contracts, and which of a chain stands on a day."""

from __future__ import annotations

from datetime import date

import pytest

from ecuanime.contracts.actions import end_contract, order_contracts
from ecuanime.contracts.queries import (
    contract_that_fits,
    in_place_of,
    ordered_contracts,
    replaceable_contracts,
)
from ecuanime.foundation.models import AuditEntry
from tests.factories import NOW, make_client, make_contract
from tests.rooms.contracts.snapshots import refused

pytestmark = pytest.mark.django_db


def test_the_order_decides_which_contract_work_falls_under() -> None:
    client = make_client()
    first, second = (make_contract(client, precedence=precedence) for precedence in (10, 20))
    make_contract(client, state="ended", ends_on=date(2026, 1, 31), precedence=5)
    assert contract_that_fits(client, area=None, site=None, at=NOW) == first

    for _ in range(2):
        order_contracts(client=client, numbers=[second.number, first.number], now=NOW)

    assert list(ordered_contracts(client)) == [second, first]
    assert contract_that_fits(client, area=None, site=None, at=NOW) == second
    assert AuditEntry.objects.filter(verb="contracts_ordered").count() == 1


def test_an_order_of_other_contracts_than_there_are_is_refused() -> None:
    client = make_client()
    contract = make_contract(client)
    stranger = make_contract()
    for numbers in ([], [contract.number, stranger.number], [contract.number] * 2):
        refused(lambda numbers=numbers: order_contracts(client=client, numbers=numbers, now=NOW), "stale")


def test_a_chain_gives_the_contract_of_each_day() -> None:
    client = make_client()
    first = make_contract(client, ends_on=date(2026, 6, 30))
    second = make_contract(client, starts_on=date(2026, 7, 1), ends_on=date(2026, 9, 30), replaces=first)
    third = make_contract(client, starts_on=date(2026, 10, 1), replaces=second)
    make_contract(client, starts_on=date(2026, 7, 1), replaces=first, state="quoted", accepted_at=None)
    for known in (first, second, third):
        assert in_place_of(known, date(2026, 6, 30)) == first
        assert in_place_of(known, date(2026, 8, 1)) == second
        assert in_place_of(known, date(2027, 1, 1)) == third
    assert in_place_of(third, date(2025, 12, 31)) == third
    assert list(replaceable_contracts(client)) == [third]


def test_where_nothing_comes_after_a_contract_it_stays() -> None:
    alone = make_contract(ends_on=date(2026, 6, 30))
    assert in_place_of(alone, date(2026, 8, 1)) == alone
    gap = make_contract(alone.client, starts_on=date(2026, 9, 1), replaces=alone)
    assert in_place_of(alone, date(2026, 8, 1)) == alone
    assert in_place_of(alone, date(2026, 9, 1)) == gap


def test_a_contract_is_not_ended_on_a_day_of_its_successor() -> None:
    client = make_client()
    first = make_contract(client, ends_on=date(2026, 6, 30))
    make_contract(client, starts_on=date(2026, 7, 1), replaces=first)
    end = {"contract": first, "reason": "Baja", "now": NOW}
    refused(lambda: end_contract(ends_on=date(2026, 7, 1), **end), "already_replaced")
    assert end_contract(ends_on=date(2026, 6, 30), **end).ends_on == date(2026, 6, 30)
