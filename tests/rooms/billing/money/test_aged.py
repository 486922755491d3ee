"""What is owed by age: each open invoice in one band, and the bands sum to what is owed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ecuanime.billing import actions
from ecuanime.billing.models import Invoice
from ecuanime.billing.queries import AgedRow, aged_receivables, aged_totals, receivables
from tests.factories import make_client
from tests.factories.billing import MONTH_END, Billing, make_billing
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db

TODAY = MONTH_END.date()
made_billing = made_once(make_billing)


@pytest.fixture
def billing(made_billing: Billing) -> Billing:
    return own(made_billing)


def owing(billing: Billing, number: str, days: int, total: int = 10000, **fields: object) -> Invoice:
    """An open invoice of a former program that is `days` past due."""
    due_on = TODAY - timedelta(days=days)
    values = {
        "client": billing.client,
        "issued_on": min(due_on, TODAY) - timedelta(days=30),
        "due_on": due_on,
    }
    values |= {"paid": 0, "by": billing.clerk, "now": MONTH_END, **fields}
    return actions.bring_invoice(number=number, total=total, **values)  # type: ignore[arg-type]  # of several kinds


@pytest.mark.parametrize(
    ("days", "band"),
    [(-5, 0), (0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (900, 4)],
)
def test_each_invoice_stands_in_the_band_of_its_age(billing: Billing, days: int, band: int) -> None:
    owing(billing, "A/1", days)
    (row,) = aged_receivables(today=TODAY)
    assert row.owed == tuple(10000 if number == band else 0 for number in range(5))


def test_what_was_paid_is_not_owed_and_all_bands_sum_to_what_is(billing: Billing) -> None:
    owing(billing, "A/1", 10, paid=4000)
    owing(billing, "A/2", 100)
    owing(billing, "A/3", -20, total=500)
    (row,) = aged_receivables(today=TODAY)
    assert row == AgedRow("EUR", (500, 6000, 0, 0, 10000), billing.client.code, billing.client.name)
    assert row.total == receivables(today=TODAY)[0].owed
    assert aged_totals(today=TODAY) == [AgedRow("EUR", row.owed)]


def test_whoever_owes_most_comes_first_and_currencies_stay_apart(billing: Billing) -> None:
    other = make_client(name="Talleres Umbría")
    owing(billing, "A/1", 10)
    owing(billing, "B/1", 10, total=90000, client=other)
    owing(billing, "B/2", 40, total=100, client=other, currency="USD")
    rows = aged_receivables(today=TODAY)
    assert [(row.name, row.currency) for row in rows] == [
        (other.name, "EUR"),
        (billing.client.name, "EUR"),
        (other.name, "USD"),
    ]
    assert aged_receivables(today=TODAY, most=1) == rows[:1]
    assert [(row.currency, row.total) for row in aged_totals(today=TODAY)] == [("EUR", 100000), ("USD", 100)]


def test_more_invoices_cost_no_more_queries(billing: Billing) -> None:
    for number in range(3):
        owing(billing, f"A/{number}", 40 * number, client=make_client())
    with CaptureQueriesContext(connection) as queries:
        assert len(aged_receivables(today=TODAY)) == 3
    assert len(queries) == 1


def test_nothing_owed_is_no_row(billing: Billing) -> None:
    billing.approved(30)
    assert aged_receivables(today=date(2030, 1, 1)) == []
