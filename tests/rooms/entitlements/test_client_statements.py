"""One statement over several contracts of a client, like a bank's over several accounts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ecuanime.contracts.models import Contract, PlanKind
from ecuanime.entitlements.client_statements import (
    ClientStatement,
    client_lines,
    client_statement,
    units_of,
)
from ecuanime.entitlements.queries import Span
from tests.factories import make_contract, make_firm
from tests.factories.entitlements import make_lot, make_pack
from tests.rooms.entitlements.approving import approve, at, contract_by_the_minute

pytestmark = pytest.mark.django_db

ZONE = "Europe/Madrid"
FEBRUARY = Span(date(2026, 2, 1), date(2026, 2, 28))


@pytest.fixture
def contracts() -> list[Contract]:
    """Two packs of one client: 10 h less 1 h 40 in January and 50 min in February, and 5 h from February on."""
    make_firm()
    first = contract_by_the_minute()
    make_lot(first, 600, now=at(1, 1), code="BN-0001")
    approve(first, 100, date(2026, 1, 20), at(1, 21))
    approve(first, 50, date(2026, 2, 2), at(2, 3))
    second = make_contract(first.client)
    make_lot(second, 300, now=at(2, 10), code="BN-0002")
    return [first, second]


def of(contracts: list[Contract], **fields: Any) -> ClientStatement:
    return client_statement(contracts, **({"zone": ZONE, "unit": "minutes"} | fields))


def test_its_balances_are_those_of_its_contracts_together(contracts: list[Contract]) -> None:
    found = of(contracts, span=FEBRUARY)

    assert (found.opening, found.closing) == (50000, 75000)
    assert [(part.contract, part.opening, part.closing) for part in found.parts] == [
        (contracts[0], 50000, 45000),
        (contracts[1], 0, 30000),
    ]
    assert [(line.change, line.balance) for line in found.lines] == [(30000, 75000), (-5000, 45000)]


@pytest.mark.parametrize("span", [Span(), FEBRUARY])
def test_pages_and_the_file_say_the_same(contracts: list[Contract], span: Span) -> None:
    lines, cursor = [], ""
    while True:
        page = of(contracts, span=span, after=cursor, size=1)
        lines += page.lines
        if not (cursor := page.older):
            break

    listed = list(client_lines(contracts, zone=ZONE, unit="minutes", span=span))
    assert [(line.movement.pk, line.balance) for line in reversed(lines)] == [
        (line.movement.pk, line.balance) for line in listed
    ]
    assert listed[-1].balance == page.closing
    assert listed[0].balance - listed[0].change == page.opening


def test_incidents_are_counted_apart(contracts: list[Contract]) -> None:
    incidents = make_contract(contracts[0].client, PlanKind.INCIDENT_PACK)
    make_pack(incidents, 5)
    every = [*contracts, incidents]
    assert units_of(every) == ["minutes", "incidents"]
    assert of(every, unit="incidents").closing == 5
    assert of(every).closing == 75000
    assert of([]).lines == ()


def test_it_costs_the_same_over_two_contracts_and_over_four(
    contracts: list[Contract], django_assert_max_num_queries: Any
) -> None:
    counts = []
    for _ in range(2):
        with django_assert_max_num_queries(9) as queries:
            of(contracts, span=FEBRUARY)
        counts.append(len(queries))
        for _ in range(2):
            contracts.append(make_contract(contracts[0].client))
            make_lot(contracts[-1], 60, now=at(2, 20), code=f"BN-000{len(contracts)}")
    assert counts[0] == counts[1]
