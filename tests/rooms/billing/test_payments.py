"""Money received: never edited, corrected by its negative."""

from __future__ import annotations

from datetime import date

import pytest

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.models import Invoice, Payment
from ecuanime.billing.verification import verify_invoices
from tests.factories import make_person
from tests.factories.billing import MONTH_END, Billing, make_billing
from tests.rooms.billing.snapshots import everything, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def billing() -> Billing:
    billing = make_billing()
    billing.approved(15)
    return billing


@pytest.fixture
def issued(billing: Billing) -> Invoice:
    return billing.issue()


def pay(billing: Billing, invoice: Invoice, amount: int, **fields: object) -> Payment:
    values = {"received_on": date(2026, 11, 30), "by": billing.clerk, "now": MONTH_END}
    values |= {"idempotency_key": f"pay-{Payment.objects.count()}"} | fields
    return actions.record_payment(invoice=invoice, amount=amount, **values)  # type: ignore[arg-type]


def correct(billing: Billing, payment: Payment, reason: str = "Era de otro cliente") -> Payment:
    return actions.correct_payment(payment=payment, reason=reason, by=billing.clerk, now=MONTH_END)


def test_a_part_and_then_the_rest(billing: Billing, issued: Invoice) -> None:
    payment = pay(billing, issued, 1000, method=Payment.Method.CARD, reference=" TPV  12 ")
    issued.refresh_from_db()
    assert (issued.paid, issued.owed) == (1000, 353)
    assert (payment.method, payment.reference, payment.recorded_by) == ("card", "TPV 12", billing.clerk)

    pay(billing, issued, 353)

    issued.refresh_from_db()
    assert issued.owed == 0
    assert list(verify_invoices()) == []


def test_the_same_again_is_one_payment(billing: Billing, issued: Invoice) -> None:
    first = pay(billing, issued, 1353, idempotency_key="click")
    before = everything()

    assert pay(billing, issued, 1353, idempotency_key="click").pk == first.pk
    assert everything() == before
    refused(lambda: pay(billing, issued, 1, idempotency_key="click"), "key_reused")


def test_more_than_is_owed_is_refused_with_what_is(billing: Billing, issued: Invoice) -> None:
    words = refused(lambda: pay(billing, issued, 1354), "above_owed")

    assert "13.53" in words


def test_money_given_back(billing: Billing, issued: Invoice) -> None:
    pay(billing, issued, 1353)

    pay(billing, issued, -353)

    issued.refresh_from_db()
    assert issued.owed == 353
    refused(lambda: pay(billing, issued, -1001), "below_paid")


def test_a_mistake_is_corrected_once_by_its_negative(billing: Billing, issued: Invoice) -> None:
    payment = pay(billing, issued, 1353)

    negative = correct(billing, payment)

    issued.refresh_from_db()
    assert (negative.amount, negative.corrects, issued.owed) == (-1353, payment, 1353)
    assert correct(billing, payment).pk == negative.pk
    refused(lambda: correct(billing, negative), "is_correction")
    assert list(verify_invoices()) == []


def test_a_correction_says_why(billing: Billing, issued: Invoice) -> None:
    payment = pay(billing, issued, 1353)

    refused(lambda: correct(billing, payment, " "), "no_reason")


def test_a_payment_that_was_given_back_already_is_not_taken_back_too(
    billing: Billing, issued: Invoice
) -> None:
    payment = pay(billing, issued, 1353)
    pay(billing, issued, -1353)

    refused(lambda: correct(billing, payment), "below_paid")


def test_what_makes_no_sense_is_refused(billing: Billing, issued: Invoice) -> None:
    refused(lambda: pay(billing, issued, 0), "no_amount")
    refused(lambda: pay(billing, issued, 1, received_on=date(2026, 12, 1)), "future")
    technician = make_person(Role.TECHNICIAN)
    refused(lambda: pay(billing, issued, 1, by=technician), "not_allowed")


def test_drafts_and_credit_notes_are_not_paid(billing: Billing, issued: Invoice) -> None:
    note = actions.credit_invoice(invoice=issued, reason="mal", by=billing.clerk, now=MONTH_END)
    refused(lambda: pay(billing, note, -1), "is_correction")
    billing.approved(10)
    draft = billing.draft()
    refused(lambda: pay(billing, draft, 1), "not_issued")
