"""Closed periods: nothing is issued, dated or noted in them."""

from __future__ import annotations

from datetime import date

import pytest

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.books.closed import closed_through
from ecuanime.billing.models import Closing, Invoice
from tests.factories import make_person
from tests.factories.billing import MONTH_END, Billing, make_billing
from tests.rooms.billing.snapshots import refused
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db

LAST_OF_OCTOBER = date(2026, 10, 31)


def _billing() -> Billing:
    billing = make_billing()
    billing.approved(15)
    return billing


made_billing = made_once(_billing)


@pytest.fixture
def billing(made_billing: Billing) -> Billing:
    return own(made_billing)


def close(billing: Billing, through: date = LAST_OF_OCTOBER, **fields: object) -> Closing:
    values = {"by": billing.clerk, "now": MONTH_END} | fields
    return actions.close_books(through=through, **values)  # type: ignore[arg-type]


def issue(billing: Billing, draft: Invoice, dated: date) -> Invoice:
    return actions.issue_invoice(invoice=draft, by=billing.clerk, now=MONTH_END, dated=dated)


def test_no_document_is_dated_in_closed_days(billing: Billing) -> None:
    close(billing)
    draft = billing.draft()

    refused(lambda: issue(billing, draft, LAST_OF_OCTOBER), "closed_period")

    assert issue(billing, draft, date(2026, 11, 1)).issued_on == date(2026, 11, 1)


def test_no_payment_is_noted_in_closed_days(billing: Billing) -> None:
    issued = billing.issue()
    close(billing)
    values = {"by": billing.clerk, "now": MONTH_END, "received_on": LAST_OF_OCTOBER, "idempotency_key": "x"}

    refused(lambda: actions.record_payment(invoice=issued, amount=1, **values), "closed_period")  # type: ignore[arg-type]
    refused(
        lambda: actions.record_deposit(client=billing.client, currency="EUR", amount=1, **values),  # type: ignore[arg-type]
        "closed_period",
    )


def test_closed_days_are_opened_again_with_a_reason(billing: Billing) -> None:
    close(billing)

    refused(lambda: close(billing, date(2026, 9, 30)), "no_reason")
    close(billing, date(2026, 9, 30), reason="Faltaba una factura")

    assert closed_through() == date(2026, 9, 30)
    assert issue(billing, billing.draft(), LAST_OF_OCTOBER).issued_on == LAST_OF_OCTOBER


def test_only_what_is_over_and_only_by_who_keeps_them(billing: Billing) -> None:
    supervisor = make_person(Role.SUPERVISOR)
    refused(lambda: close(billing, MONTH_END.date()), "not_over")
    refused(lambda: close(billing, by=supervisor), "not_allowed")


def test_a_date_is_never_before_the_last_of_its_series_nor_after_today(billing: Billing) -> None:
    billing.issue()
    billing.approved(15)
    draft = billing.draft()

    refused(lambda: issue(billing, draft, date(2026, 11, 29)), "date_back")
    refused(lambda: issue(billing, draft, date(2026, 12, 1)), "future")
