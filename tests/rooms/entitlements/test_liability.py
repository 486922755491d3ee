"""What the firm owes in work at the end of a day: the ledger as it stood then."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ecuanime.entitlements.actions import void_unused
from ecuanime.entitlements.liability import unused_on
from ecuanime.entitlements.models import Lot
from tests.factories import NOW, make_contract
from tests.factories.entitlements import make_lot

pytestmark = pytest.mark.django_db
ZONE = "Europe/Madrid"
DAY = NOW.date()


def test_paid_and_free_hours_of_a_contract_at_what_was_paid() -> None:
    contract = make_contract()
    make_lot(contract, 100, unit_price_paid=30)
    make_lot(contract, 20, unit_price_paid=33)
    make_lot(contract, 60, unit_price_paid=0, is_bonus=True)

    [row] = unused_on(DAY, zone=ZONE)

    assert (row.contract, row.client_code) == (contract.number, contract.client.code)
    assert (row.paid, row.free) == (12_000, 6_000)
    assert row.value == 5000 + 1100


def test_what_came_or_went_later_does_not_count() -> None:
    contract, later = make_contract(), NOW + timedelta(days=2)
    kept = make_lot(contract, 60)
    make_lot(make_contract(), 60, now=later)

    void_unused(lot=kept, reason="mal", now=later, idempotency_key="void")

    [row] = unused_on(DAY, zone=ZONE)
    assert (row.contract, row.paid) == (contract.number, 6_000)
    assert [each.contract for each in unused_on(later.date(), zone=ZONE)] != [contract.number]


def test_allowances_and_what_was_not_paid_are_left_out() -> None:
    contract = make_contract()
    make_lot(contract, 60, is_allowance=True, source=Lot.Source.ALLOWANCE)
    make_lot(contract, 60, usable_from=None)

    assert unused_on(DAY, zone=ZONE) == []
    assert unused_on(date(2020, 1, 1), zone=ZONE) == []


def test_one_query_however_many_contracts() -> None:
    for _ in range(3):
        make_lot(make_contract(), 60)

    with CaptureQueriesContext(connection) as asked:
        assert len(unused_on(DAY, zone=ZONE)) == 3
    assert len(asked) == 1
