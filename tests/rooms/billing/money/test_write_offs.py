"""What is given up as lost: owed no more, neither paid nor credited, and taken back while its days are open."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.books.accounts import statement_of
from ecuanime.billing.documents.tags import InvoiceTag, tag_of
from ecuanime.billing.models import Invoice, Payment
from ecuanime.billing.queries import (
    InvoiceFilter,
    aged_receivables,
    counts_by_filter,
    receivables,
    written_off_in,
)
from ecuanime.billing.verifying.invoices import verify_invoices
from tests.factories import make_person
from tests.factories.billing import MONTH_END, Billing, make_billing
from tests.rooms.billing.snapshots import refused
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db
TODAY = MONTH_END.date()
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def make_partly_paid() -> tuple[Billing, Invoice]:
    """A firm with an invoice of 13.53 of which 3.53 are paid."""
    billing = make_billing()
    billing.approved(15)
    issued = billing.issue()
    actions.record_payment(
        invoice=issued, amount=353, received_on=TODAY, by=billing.clerk, now=MONTH_END, idempotency_key="part"
    )
    return billing, issued


made = made_once(make_partly_paid)


@pytest.fixture
def both(made: tuple[Billing, Invoice]) -> tuple[Billing, Invoice]:
    return own(made)


@pytest.fixture
def billing(both: tuple[Billing, Invoice]) -> Billing:
    return both[0]


@pytest.fixture
def issued(both: tuple[Billing, Invoice]) -> Invoice:
    return both[1]


def write_off(billing: Billing, invoice: Invoice, **fields: Any) -> Payment:
    values = {"owed": 1000, "written_on": TODAY, "reason": "Concurso", "by": billing.clerk, "now": MONTH_END}
    return actions.write_off(invoice=invoice, **(values | fields))


def undo(billing: Billing, written: Payment, **fields: Any) -> Payment:
    values = {"reason": "Pagó", "by": billing.clerk, "now": MONTH_END} | fields
    return actions.undo_write_off(written=written, **values)


def test_it_is_owed_no_more_and_is_no_payment(billing: Billing, issued: Invoice) -> None:
    write_off(billing, issued)

    issued.refresh_from_db()
    assert (issued.owed, issued.paid, issued.credited, issued.written_off) == (0, 353, 0, 1000)
    assert tag_of(issued, today=TODAY) == InvoiceTag.WRITTEN_OFF
    assert issued.remind_on is None
    assert aged_receivables(today=TODAY) == []
    assert receivables(today=TODAY)[0].to_give_back == 0
    assert written_off_in(*YEAR) == [("EUR", 1000)]
    counts = counts_by_filter(today=TODAY)
    assert [
        counts[each] for each in (InvoiceFilter.UNPAID, InvoiceFilter.PAID, InvoiceFilter.WRITTEN_OFF)
    ] == [
        0,
        0,
        1,
    ]
    assert list(verify_invoices()) == []


def test_the_account_shows_it(billing: Billing, issued: Invoice) -> None:
    write_off(billing, issued)

    statement = statement_of(billing.client, currency="EUR", first=YEAR[0], last=YEAR[1])

    assert [row.amount for row in statement.rows] == [1353, -353, -1000]
    assert statement.closing == 0


def test_taken_back_the_invoice_owes_it_again(billing: Billing, issued: Invoice) -> None:
    written = write_off(billing, issued)

    negative = undo(billing, written)

    issued.refresh_from_db()
    assert (issued.owed, issued.written_off, issued.paid) == (1000, 0, 353)
    assert undo(billing, written) == negative
    assert written_off_in(*YEAR) == []
    assert list(verify_invoices()) == []
    write_off(billing, issued)
    assert Invoice.objects.get(pk=issued.pk).owed == 0


def test_only_what_is_owed_now_and_by_whoever_may(billing: Billing, issued: Invoice) -> None:
    supervisor = make_person(Role.SUPERVISOR)

    refused(lambda: write_off(billing, issued, by=supervisor), "not_allowed")
    refused(lambda: write_off(billing, issued, reason=" "), "no_reason")
    refused(lambda: write_off(billing, issued, owed=1353), "changed")
    refused(lambda: write_off(billing, issued, written_on=TODAY + timedelta(days=1)), "future")
    written = write_off(billing, issued)
    refused(lambda: write_off(billing, issued), "nothing_owed")
    refused(lambda: undo(billing, written, by=supervisor), "not_allowed")
    refused(lambda: undo(billing, issued.payments.first()), "not_written_off")


def test_it_is_neither_paid_nor_credited_until_it_is_taken_back(billing: Billing, issued: Invoice) -> None:
    write_off(billing, issued)

    def credit() -> object:
        return actions.credit_invoice(invoice=issued, reason="mal", by=billing.clerk, now=MONTH_END)

    assert "written off" in refused(credit, "written_off")


def test_in_closed_days_it_stays(billing: Billing, issued: Invoice) -> None:
    later = MONTH_END + timedelta(days=3)
    written = write_off(billing, issued)
    actions.close_books(through=TODAY, by=billing.clerk, now=later)

    refused(lambda: undo(billing, written, now=later), "closed_period")
    refused(lambda: write_off(billing, billing_other(billing, later), owed=100, now=later), "closed_period")


def billing_other(billing: Billing, now: Any) -> Invoice:
    """Another invoice that owes 1.00, of a former program."""
    return actions.bring_invoice(
        client=billing.client,
        number="A/1",
        issued_on=date(2026, 10, 1),
        due_on=date(2026, 10, 31),
        total=100,
        paid=0,
        by=billing.clerk,
        now=now,
    )
