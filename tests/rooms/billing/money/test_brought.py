"""What a former program invoiced: owed, paid, reminded of and stated like any other, and never ours."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from ecuanime.billing import actions, jobs
from ecuanime.billing.books.accounts import statement_of
from ecuanime.billing.documents.tags import InvoiceTag, tag_of
from ecuanime.billing.models import Invoice, Payment, Series
from ecuanime.billing.queries import find_invoice, receivables
from ecuanime.billing.verifying.invoices import verify_invoices
from ecuanime.delivery.models import OutgoingMail
from tests.factories.billing import MONTH_END, Billing, make_billing
from tests.rooms.billing.snapshots import refused
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db

ISSUED, DUE, TODAY = date(2026, 10, 1), date(2026, 10, 31), MONTH_END.date()


made_billing = made_once(make_billing)


@pytest.fixture
def billing(made_billing: Billing) -> Billing:
    return own(made_billing)


def bring(billing: Billing, **fields: Any) -> Invoice:
    values: dict[str, Any] = {
        "client": billing.client,
        "number": "A/1023",
        "issued_on": ISSUED,
        "due_on": DUE,
    }
    values |= {"total": 121000, "tax": 21000, "paid": 50000, "by": billing.clerk, "now": MONTH_END}
    return actions.bring_invoice(**(values | fields))


def test_it_is_owed_paid_and_stated_without_a_number_of_ours(billing: Billing) -> None:
    invoice = bring(billing)
    assert (invoice.net, invoice.owed, tag_of(invoice, today=TODAY)) == (100000, 71000, InvoiceTag.OVERDUE)
    assert (find_invoice(invoice.key), find_invoice("A/1023")) == (invoice, None)
    assert receivables(today=TODAY)[0].overdue == 71000
    actions.record_payment(
        invoice=invoice,
        amount=71000,
        received_on=TODAY,
        by=billing.clerk,
        now=MONTH_END,
        idempotency_key="rest",
    )
    statement = statement_of(billing.client, currency="EUR", first=ISSUED, last=TODAY)
    assert [row.balance for row in statement.rows] == [121000, 71000, 0]
    assert list(verify_invoices()) == []
    assert not Series.objects.exists()
    assert not OutgoingMail.objects.exists()
    billing.approved(30)
    assert billing.issue().number == "F-2026-0001"


def test_it_is_reminded_of_without_a_pdf(billing: Billing) -> None:
    actions.save_reminder_ladder(days=[3], by=billing.clerk, now=MONTH_END)
    invoice = bring(billing)
    assert invoice.remind_on == DUE + timedelta(days=3)
    assert actions.send_reminder(invoice=invoice, now=MONTH_END) is not None
    mail = OutgoingMail.objects.get()
    assert ("A/1023" in mail.subject, "710,00" in mail.text, mail.files.count()) == (True, True, 0)


def test_it_is_never_sent_drawn_credited_nor_changed(
    billing: Billing, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = bring(billing)
    common: dict[str, Any] = {"invoice": invoice, "by": billing.clerk, "now": MONTH_END}
    refused(lambda: actions.send_invoice(**common, idempotency_key="x"), "brought_over")
    refused(lambda: actions.credit_invoice(**common, reason="x"), "brought_over")
    refused(lambda: actions.discard_draft(**common), "issued")
    payment = Payment.objects.get()
    assert (payment.kind, payment.amount, payment.can_be_corrected) == (Payment.Kind.BROUGHT, 50000, False)
    monkeypatch.setattr(jobs, "read_clock", lambda: MONTH_END)
    jobs.finish_what_was_left(0)
    assert actions.ensure_pdf(invoice=invoice, now=MONTH_END).pdf is None
    for change in ({"total": 1}, {"number": "B"}, {"series": 1}, {"state": "draft"}, {"credited": 1}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Invoice.objects.filter(pk=invoice.pk).update(**change)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"number": ""}, "no_number"),
        ({"number": "A/1"}, "number_taken"),
        ({"number": "F-2026-0044"}, "number_of_ours"),
        ({"number": "2027-R-1"}, "number_of_ours"),
        ({"number": "F26-12"}, "number_of_ours"),
        ({"total": -100}, "negative"),
        ({"total": 0, "tax": 0, "paid": 0}, "negative"),
        ({"paid": -1}, "negative"),
        ({"tax": 121001}, "above_total"),
        ({"paid": 121001}, "above_total"),
        ({"paid": 121000}, "nothing_owed"),
        ({"issued_on": date(2026, 12, 1), "due_on": date(2026, 12, 2)}, "future"),
        ({"due_on": date(2026, 9, 30)}, "due_before"),
        ({"issued_on": date(2026, 8, 31)}, "closed_period"),
        ({"by": "technician"}, "not_allowed"),
    ],
)
def test_what_cannot_be_owed_is_refused(billing: Billing, change: dict[str, Any], code: str) -> None:
    bring(billing, number="A/1")
    bring(billing, number="F-2025-0044")
    actions.close_books(through=date(2026, 8, 31), by=billing.clerk, now=MONTH_END)
    if "by" in change:
        change = {"by": billing.office.technician}
    refused(lambda: bring(billing, **change), code)


def test_a_series_that_comes_to_its_number_is_refused(billing: Billing) -> None:
    bring(billing, number="H-2026-0001")
    billing.approved(30)
    draft = billing.draft()
    actions.save_numbering(code="H", purpose="invoice", is_default=True, by=billing.clerk, now=MONTH_END)
    refused(lambda: billing.issue(draft), "number_brought")
