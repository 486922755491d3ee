"""Money received: never edited, corrected by its negative."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.books.accounts import held_money
from ecuanime.billing.models import Invoice, Payment
from ecuanime.billing.verifying.invoices import verify_invoices
from tests.factories import make_client, make_person
from tests.factories.billing import MONTH_END, Billing, make_billing
from tests.rooms.billing.snapshots import everything, refused
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db


def make_approved() -> Billing:
    billing = make_billing()
    billing.approved(15)
    return billing


made_billing = made_once(make_approved)


@pytest.fixture
def billing(made_billing: Billing) -> Billing:
    return own(made_billing)


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


class TestReferences:
    """A client's reference counts once."""

    def test_a_second_payment_with_it_is_refused_whatever_its_case(
        self, billing: Billing, issued: Invoice
    ) -> None:
        pay(billing, issued, 1000, reference="TRF 0017")

        words = refused(lambda: pay(billing, issued, 353, reference=" trf  0017 "), "reference_used")

        assert "trf 0017" in words

    def test_taken_back_it_is_free_again(self, billing: Billing, issued: Invoice) -> None:
        correct(billing, pay(billing, issued, 1000, reference="TRF 0017"))

        assert pay(billing, issued, 1000, reference="TRF 0017").reference_key == "trf 0017"

    def test_another_client_may_use_the_same(self, billing: Billing, issued: Invoice) -> None:
        pay(billing, issued, 1000, reference="1")
        deposit = actions.record_deposit(
            client=make_client(),
            currency="EUR",
            amount=100,
            received_on=date(2026, 11, 30),
            reference="1",
            by=billing.clerk,
            now=MONTH_END,
            idempotency_key="other",
        )
        assert deposit.reference_key == "1"

    def test_the_database_lets_only_the_key_go(self, billing: Billing, issued: Invoice) -> None:
        pay(billing, issued, 1000, reference="TRF 0017")
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            Payment.objects.update(reference_key=None, amount=1)
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            Payment.objects.update(reference_key="another")


class TestAboveWhatIsOwed:
    """The rest is held for the client when the person says so."""

    def test_it_is_held(self, billing: Billing, issued: Invoice) -> None:
        payment = pay(billing, issued, 2000, keep_rest=True, reference="TRF 1")

        issued.refresh_from_db()
        assert (payment.amount, issued.owed, held_money(billing.client)) == (1353, 0, {"EUR": 647})
        assert pay(billing, issued, 2000, keep_rest=True, idempotency_key=payment.idempotency_key) == payment
        assert list(verify_invoices()) == []

    def test_with_nothing_owed_all_of_it_is(self, billing: Billing, issued: Invoice) -> None:
        pay(billing, issued, 1353)

        payment = pay(billing, issued, 500, keep_rest=True)

        assert (payment.invoice, held_money(billing.client)) == (None, {"EUR": 500})

    def test_taken_back_both_parts_go(self, billing: Billing, issued: Invoice) -> None:
        correct(billing, pay(billing, issued, 2000, keep_rest=True))

        issued.refresh_from_db()
        assert (issued.paid, held_money(billing.client)) == (0, {})
        assert list(verify_invoices()) == []
