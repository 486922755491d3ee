"""Deposits and other money held for clients, and the payments that banks withdraw."""

from __future__ import annotations

from datetime import date

import pytest

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.books.accounts import held_money, statement_of
from ecuanime.billing.models import Dispute, Invoice, Payment
from ecuanime.billing.verifying.invoices import verify_invoices
from tests.factories import make_person
from tests.factories.billing import MONTH_END, Billing, make_billing
from tests.rooms.billing.snapshots import everything, refused
from tests.shared import made_once, own

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 30)


def _billing() -> Billing:
    billing = make_billing()
    billing.approved(15)
    return billing


made_billing = made_once(_billing)


@pytest.fixture
def billing(made_billing: Billing) -> Billing:
    return own(made_billing)


@pytest.fixture
def issued(billing: Billing) -> Invoice:
    return billing.issue()


def deposit(billing: Billing, amount: int = 1000, **fields: object) -> Payment:
    values = {"client": billing.client, "currency": "EUR", "received_on": TODAY, "now": MONTH_END}
    values |= {"by": billing.clerk, "idempotency_key": f"deposit-{Payment.objects.count()}"} | fields
    return actions.record_deposit(amount=amount, **values)  # type: ignore[arg-type]


def apply(billing: Billing, invoice: Invoice, **fields: object) -> Payment:
    values = {"by": billing.clerk, "now": MONTH_END, "idempotency_key": "apply"} | fields
    return actions.apply_held(invoice=invoice, **values)  # type: ignore[arg-type]


def sound() -> bool:
    return list(verify_invoices()) == []


class TestDeposits:
    """Money that came before its invoice."""

    def test_it_is_held_and_then_pays(self, billing: Billing, issued: Invoice) -> None:
        deposit(billing)

        payment = apply(billing, issued)

        issued.refresh_from_db()
        assert (payment.amount, payment.kind, issued.owed) == (1000, "applied", 353)
        assert held_money(billing.client) == {}
        assert apply(billing, issued) == payment
        assert sound()

    def test_only_what_is_owed_is_applied(self, billing: Billing, issued: Invoice) -> None:
        deposit(billing, 2000)

        apply(billing, issued)

        issued.refresh_from_db()
        assert (issued.owed, held_money(billing.client)) == (0, {"EUR": 647})

    def test_applied_by_mistake_it_is_held_again(self, billing: Billing, issued: Invoice) -> None:
        deposit(billing)
        payment = apply(billing, issued)

        actions.correct_payment(payment=payment, reason="Era para otra", by=billing.clerk, now=MONTH_END)

        issued.refresh_from_db()
        assert (issued.paid, held_money(billing.client)) == (0, {"EUR": 1000})
        assert sound()

    def test_it_is_given_back(self, billing: Billing) -> None:
        deposit(billing)
        back = deposit(billing, -400)

        assert (back.kind, held_money(billing.client)) == ("returned", {"EUR": 600})
        refused(lambda: deposit(billing, -601), "above_held")

    def test_the_same_again_is_one(self, billing: Billing) -> None:
        first = deposit(billing, idempotency_key="click")
        before = everything()

        assert deposit(billing, idempotency_key="click") == first
        assert everything() == before
        refused(lambda: deposit(billing, 1, idempotency_key="click"), "key_reused")

    def test_taken_back_once_applied_is_refused(self, billing: Billing, issued: Invoice) -> None:
        money = deposit(billing)
        apply(billing, issued)

        def take_back() -> object:
            return actions.correct_payment(payment=money, reason="Mal", by=billing.clerk, now=MONTH_END)

        refused(take_back, "above_held")

    def test_what_makes_no_sense_is_refused(self, billing: Billing, issued: Invoice) -> None:
        by = make_person(Role.TECHNICIAN)
        refused(lambda: apply(billing, issued), "nothing_held")
        deposit(billing)
        refused(lambda: deposit(billing, 0), "no_amount")
        refused(lambda: deposit(billing, 1, received_on=date(2026, 12, 1)), "future")
        refused(lambda: deposit(billing, 1, by=by), "not_allowed")
        refused(lambda: apply(billing, issued, by=by), "not_allowed")
        refused(lambda: apply(billing, issued, amount=1001), "above_held")
        refused(lambda: apply(billing, issued, amount=1354), "above_owed")


class TestOverpaid:
    """A credit note after the payment leaves money over."""

    def test_it_is_held(self, billing: Billing, issued: Invoice) -> None:
        deposit(billing, 1353)
        apply(billing, issued)
        refused(
            lambda: actions.hold_overpaid(invoice=issued, by=billing.clerk, now=MONTH_END), "nothing_over"
        )
        actions.credit_invoice(invoice=issued, reason="Mal", by=billing.clerk, now=MONTH_END)

        actions.hold_overpaid(invoice=issued, by=billing.clerk, now=MONTH_END)

        issued.refresh_from_db()
        assert (issued.owed, held_money(billing.client)) == (0, {"EUR": 1353})
        assert sound()


class TestDisputes:
    """The bank withdraws a payment until it is known who keeps it."""

    @pytest.fixture
    def payment(self, billing: Billing, issued: Invoice) -> Payment:
        return actions.record_payment(
            invoice=issued,
            amount=1353,
            received_on=TODAY,
            method="card",
            by=billing.clerk,
            now=MONTH_END,
            idempotency_key="paid",
        )

    def dispute(self, billing: Billing, payment: Payment, **fields: object) -> Dispute:
        values = {"reason": "No lo reconoce", "disputed_on": TODAY, "by": billing.clerk, "now": MONTH_END}
        return actions.dispute_payment(payment=payment, **(values | fields))  # type: ignore[arg-type]

    def settle(self, billing: Billing, dispute: Dispute, *, is_won: bool) -> Dispute:
        return actions.settle_dispute(
            dispute=dispute, is_won=is_won, settled_on=TODAY, by=billing.clerk, now=MONTH_END
        )

    def test_while_open_the_money_is_owed(self, billing: Billing, issued: Invoice, payment: Payment) -> None:
        dispute = self.dispute(billing, payment)

        issued.refresh_from_db()
        assert (issued.owed, dispute.outcome, dispute.withdrawn.amount) == (1353, "open", -1353)
        before = everything()
        assert self.dispute(billing, payment) == dispute
        assert everything() == before
        assert sound()

    def test_won_it_is_paid_again(self, billing: Billing, issued: Invoice, payment: Payment) -> None:
        won = self.settle(billing, self.dispute(billing, payment), is_won=True)

        issued.refresh_from_db()
        assert (issued.owed, won.outcome) == (0, "won")
        assert self.settle(billing, won, is_won=True) == won
        refused(lambda: self.settle(billing, won, is_won=False), "settled")
        assert sound()

    def test_won_after_it_was_paid_otherwise_it_is_held(
        self, billing: Billing, issued: Invoice, payment: Payment
    ) -> None:
        dispute = self.dispute(billing, payment)
        deposit(billing, 1353)
        apply(billing, issued)

        self.settle(billing, dispute, is_won=True)

        issued.refresh_from_db()
        assert (issued.owed, held_money(billing.client)) == (0, {"EUR": 1353})
        assert sound()

    def test_lost_it_stays_owed(self, billing: Billing, issued: Invoice, payment: Payment) -> None:
        self.settle(billing, self.dispute(billing, payment), is_won=False)

        issued.refresh_from_db()
        assert issued.owed == 1353
        assert sound()

    def paid_with_rest(self, billing: Billing, issued: Invoice) -> Payment:
        """2000 for an invoice of 1353: the rest is held."""
        return actions.record_payment(
            invoice=issued,
            amount=2000,
            received_on=TODAY,
            by=billing.clerk,
            now=MONTH_END,
            idempotency_key="too much",
            keep_rest=True,
        )

    def test_what_was_held_of_it_is_withdrawn_too_and_comes_back(
        self, billing: Billing, issued: Invoice
    ) -> None:
        dispute = self.dispute(billing, self.paid_with_rest(billing, issued))

        issued.refresh_from_db()
        assert (issued.owed, held_money(billing.client)) == (1353, {})
        self.settle(billing, dispute, is_won=True)
        issued.refresh_from_db()
        assert (issued.owed, held_money(billing.client)) == (0, {"EUR": 647})
        assert sound()

    def test_won_it_pays_what_is_still_owed_and_holds_the_rest(
        self, billing: Billing, issued: Invoice, payment: Payment
    ) -> None:
        dispute = self.dispute(billing, payment)
        deposit(billing, 1000)
        apply(billing, issued)

        self.settle(billing, dispute, is_won=True)

        issued.refresh_from_db()
        assert (issued.owed, held_money(billing.client)) == (0, {"EUR": 1000})
        assert sound()

    def test_what_was_held_and_applied_elsewhere_is_taken_back_first(
        self, billing: Billing, issued: Invoice
    ) -> None:
        payment = self.paid_with_rest(billing, issued)
        deposit(billing, -1)

        refused(lambda: self.dispute(billing, payment), "not_disputable")

    def test_refusals(self, billing: Billing, issued: Invoice, payment: Payment) -> None:
        by = make_person(Role.TECHNICIAN)
        refused(lambda: self.dispute(billing, payment, by=by), "not_allowed")
        refused(lambda: self.dispute(billing, payment, reason=" "), "no_reason")
        refused(lambda: self.dispute(billing, payment, disputed_on=date(2026, 12, 1)), "future")
        money = deposit(billing)
        refused(lambda: self.dispute(billing, money), "not_disputable")
        self.dispute(billing, payment)

        def take_back() -> object:
            return actions.correct_payment(payment=payment, reason="Mal", by=billing.clerk, now=MONTH_END)

        refused(take_back, "disputed")

    def test_what_was_taken_back_is_not_disputed(self, billing: Billing, payment: Payment) -> None:
        actions.correct_payment(payment=payment, reason="Mal", by=billing.clerk, now=MONTH_END)
        refused(lambda: self.dispute(billing, payment), "not_disputable")


def test_the_account_says_what_happened_between_two_balances(billing: Billing, issued: Invoice) -> None:
    deposit(billing, 1000, received_on=date(2026, 10, 1))
    apply(billing, issued)
    actions.credit_invoice(invoice=issued, reason="Mal", by=billing.clerk, now=MONTH_END)

    account = statement_of(billing.client, currency="EUR", first=date(2026, 11, 1), last=TODAY)

    assert (account.opening, account.closing, account.held) == (-1000, -1000, 0)
    assert [(row.amount, row.balance) for row in account.rows] == [(1353, 353), (-1353, -1000)]
    before = statement_of(billing.client, currency="EUR", first=date(2026, 9, 1), last=date(2026, 10, 31))
    assert (before.opening, before.closing) == (0, account.opening)


@pytest.mark.parametrize("size", [1, 2, 5])
def test_the_pages_of_an_account_join_without_a_gap(billing: Billing, issued: Invoice, size: int) -> None:
    for amount in (100, 200, -50):
        deposit(billing, amount)
    actions.credit_invoice(invoice=issued, reason="Mal", by=billing.clerk, now=MONTH_END)
    asked = {"currency": "EUR", "first": date(2026, 11, 1), "last": TODAY}
    whole = statement_of(billing.client, **asked)  # type: ignore[arg-type]

    rows, cursor = [], ""
    while True:
        page = statement_of(billing.client, after=cursor, size=size, **asked)  # type: ignore[arg-type]
        rows += page.rows
        assert (page.opening, page.closing) == (whole.opening, whole.closing)
        if not (cursor := page.next):
            break

    assert tuple(rows) == whole.rows
    assert whole.closing == rows[-1].balance == -250
    assert statement_of(billing.client, after="nonsense", size=size, **asked).rows == whole.rows[:size]  # type: ignore[arg-type]
