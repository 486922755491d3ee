"""What Stripe says becomes payments, refunds and disputes, once, in any order; what does not fit waits for a person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.actions.cards.events import receive_card_event, settle_card_event, work_again
from ecuanime.billing.books.accounts import held_in
from ecuanime.billing.jobs import finish_what_was_left
from ecuanime.billing.models import CardCheckout, CardEvent, Dispute, Invoice, Payment
from ecuanime.billing.queries.cards import card_offer
from ecuanime.billing.verifying.invoices import verify_invoices
from ecuanime.foundation.errors import Refused
from tests.factories import make_person
from tests.factories.billing import MONTH_END
from tests.factories.cards import Cards, make_card_event, set_up
from tests.stripe import TEST_KEY, charge_event, dispute_event, event, session_event, signed

pytestmark = pytest.mark.django_db
COMPLETED = "checkout.session.completed"
LATER = "checkout.session.async_payment_succeeded"


def paid(cards: Cards, **changes: Any) -> tuple[Invoice, dict[str, Any]]:
    """An invoice that was paid by card, and its session."""
    invoice = cards.issued()
    session = cards.session(invoice)
    cards.hears(session_event(session, COMPLETED, MONTH_END, **changes))
    invoice.refresh_from_db()
    return invoice, session


def amounts() -> list[tuple[str, int]]:
    return list(Payment.objects.order_by("pk").values_list("kind", "amount"))


class TestPaid:
    def test_the_event_alone_notes_the_payment_once(self, cards: Cards) -> None:
        invoice, session = paid(cards)
        for kind in (COMPLETED, LATER):
            again = cards.hears(session_event(session, kind, MONTH_END))
            assert (again.state, again.trouble) == ("noted", "")

        payment = Payment.objects.get()
        assert (payment.amount, payment.method, payment.recorded_by) == (invoice.total, "card", None)
        assert payment.reference == f"pi_{session['id']}"
        assert (invoice.owed, invoice.paid) == (0, invoice.total)
        checkout = CardCheckout.objects.get()
        assert (checkout.state, checkout.payment) == ("paid", payment)

    def test_money_that_comes_later_is_noted_when_it_comes(self, cards: Cards) -> None:
        invoice, session = paid(cards, payment_status="unpaid")
        assert (invoice.paid, CardCheckout.objects.get().state) == (0, "pending")
        cards.hears(session_event(session, LATER, MONTH_END))
        invoice.refresh_from_db()
        assert invoice.owed == 0

    def test_money_that_does_not_come_after_all_lets_them_try_again(self, cards: Cards) -> None:
        invoice, session = paid(cards, payment_status="unpaid")
        failed = session_event(
            session, "checkout.session.async_payment_failed", MONTH_END, payment_status="unpaid"
        )
        cards.hears(failed)
        assert (invoice.paid, CardCheckout.objects.get().state) == (0, "failed")
        assert cards.start(invoice) != session["url"]

    def test_what_was_paid_meanwhile_is_held_for_the_client(self, cards: Cards) -> None:
        invoice = cards.issued()
        session = cards.session(invoice)
        owed = invoice.owed
        note(cards, invoice, owed - 500)
        cards.hears(session_event(session, COMPLETED, MONTH_END))
        invoice.refresh_from_db()
        assert (invoice.owed, held_in(invoice.client, "EUR")) == (0, owed - 500)

    @pytest.mark.parametrize(
        "changes",
        [
            {"amount_total": 1},
            {"currency": "usd"},
            {"payment_status": "no_payment_required"},
            {"payment_intent": None},
            {"id": "cs_other"},
        ],
    )
    def test_what_does_not_fit_is_left_for_a_person(self, cards: Cards, changes: dict[str, Any]) -> None:
        invoice, _session = paid(cards, **changes)
        left = CardEvent.objects.get()
        assert (left.state, bool(left.trouble), invoice.paid) == ("to_look_at", True, 0)
        assert not Payment.objects.exists()

    def test_a_closed_period_is_not_written_to(self, cards: Cards) -> None:
        invoice = cards.issued()
        session = cards.session(invoice)
        yesterday = MONTH_END - timedelta(days=1)
        actions.close_books(through=yesterday.date(), by=cards.billing.clerk, now=MONTH_END)
        cards.hears(session_event(session, COMPLETED, yesterday))
        assert Payment.objects.get().received_on == MONTH_END.date()

    def test_a_test_notes_nothing(self, cards: Cards) -> None:
        set_up(cards.admin, key=TEST_KEY)
        invoice, _session = paid(cards)
        assert (CardEvent.objects.get().state, invoice.paid) == ("test", 0)

    def test_a_test_of_a_live_page_is_left_for_a_person(self, cards: Cards) -> None:
        invoice = cards.issued()
        session = cards.session(invoice) | {"livemode": False}
        assert cards.hears(session_event(session, COMPLETED, MONTH_END)).state == "to_look_at"
        assert not Payment.objects.exists()


class TestRefunds:
    def test_parts_and_the_rest_are_taken_back_once_each(self, cards: Cards) -> None:
        invoice, session = paid(cards)
        whole = invoice.total
        for so_far in (1000, 1000, whole, 1000):  # repeated, and the first one late
            assert cards.hears(charge_event(session, so_far, MONTH_END)).state == "noted"
        assert amounts() == [("received", whole), ("returned", -1000), ("returned", 1000 - whole)]
        invoice.refresh_from_db()
        assert (invoice.paid, CardCheckout.objects.get().refunded) == (0, whole)

    def test_what_is_held_of_it_goes_back_first(self, cards: Cards) -> None:
        invoice = cards.issued()
        session = cards.session(invoice)
        note(cards, invoice, 1000)
        cards.hears(session_event(session, COMPLETED, MONTH_END))
        for so_far, held, owed in ((400, 600, 0), (1500, 0, 500)):
            cards.hears(charge_event(session, so_far, MONTH_END))
            invoice.refresh_from_db()
            assert (held_in(invoice.client, "EUR"), invoice.owed) == (held, owed)

    def test_before_its_payment_is_known_it_waits(self, cards: Cards) -> None:
        invoice = cards.issued()
        session = cards.session(invoice)
        early = cards.hears(charge_event(session, 1000, MONTH_END))
        assert (early.state, Payment.objects.count()) == ("elsewhere", 0)
        jobs = ProcrastinateJob.objects.count()
        cards.hears(session_event(session, COMPLETED, MONTH_END), works=True)
        assert ProcrastinateJob.objects.count() > jobs + 1  # its own, and that of the refund

        finish_what_was_left(0)
        early.refresh_from_db()
        assert (early.state, amounts()[-1]) == ("noted", ("returned", -1000))

    def test_more_than_was_paid_or_of_a_payment_taken_back_is_left_for_a_person(self, cards: Cards) -> None:
        invoice, session = paid(cards)
        assert cards.hears(charge_event(session, invoice.total + 1, MONTH_END)).state == "to_look_at"
        actions.correct_payment(
            payment=Payment.objects.get(), reason="Error", by=cards.billing.clerk, now=MONTH_END
        )
        left = cards.hears(charge_event(session, 100, MONTH_END))
        assert (left.state, Payment.objects.count()) == ("to_look_at", 2)


class TestDisputes:
    @pytest.mark.parametrize(("status", "owes"), [("won", False), ("lost", True)])
    def test_a_dispute_withdraws_the_money_until_it_is_closed(
        self, cards: Cards, status: str, owes: bool
    ) -> None:
        invoice, session = paid(cards)
        for kind in ("created", "funds_withdrawn", "created"):
            assert cards.hears(dispute_event(session, kind, MONTH_END)).state == "noted"
        invoice.refresh_from_db()
        assert (invoice.owed, Dispute.objects.get().outcome) == (invoice.total, "open")

        for _twice in range(2):
            assert cards.hears(dispute_event(session, "closed", MONTH_END, status=status)).state == "noted"
        assert cards.hears(dispute_event(session, "created", MONTH_END)).state == "noted"
        invoice.refresh_from_db()
        assert (invoice.owed > 0, Dispute.objects.get().outcome) == (owes, status)
        assert Payment.objects.count() == (2 if owes else 3)

    def test_closed_before_it_was_heard_of(self, cards: Cards) -> None:
        invoice, session = paid(cards)
        cards.hears(dispute_event(session, "closed", MONTH_END, status="lost"))
        invoice.refresh_from_db()
        assert (invoice.owed, Dispute.objects.get().outcome) == (invoice.total, "lost")

    @pytest.mark.parametrize(
        ("kind", "changes"),
        [("created", {"status": "warning_needs_response"}), ("created", {"amount": 1}), ("closed", {})],
    )
    def test_a_question_a_part_and_an_unknown_end_are_left_for_a_person(
        self, cards: Cards, kind: str, changes: dict[str, Any]
    ) -> None:
        invoice, session = paid(cards)
        assert cards.hears(dispute_event(session, kind, MONTH_END, **changes)).state == "to_look_at"
        assert (invoice.owed, Dispute.objects.exists()) == (0, False)

    def test_of_a_payment_that_was_refunded_in_part(self, cards: Cards) -> None:
        _invoice, session = paid(cards)
        cards.hears(charge_event(session, 100, MONTH_END))
        assert cards.hears(dispute_event(session, "created", MONTH_END)).state == "to_look_at"
        assert not Dispute.objects.exists()


class TestReceiving:
    def test_it_is_kept_once_and_worked_by_a_job(self, cards: Cards) -> None:
        said = session_event(cards.session(cards.issued()), COMPLETED, MONTH_END)
        cards.hears(said, works=False)
        jobs = ProcrastinateJob.objects.count()
        cards.hears(said, works=False)
        kept = CardEvent.objects.get()
        assert (kept.state, ProcrastinateJob.objects.count()) == ("received", jobs)
        assert not Payment.objects.exists()

    def test_what_a_dead_worker_left_is_worked_later(self, cards: Cards, time_machine: Any) -> None:
        cards.hears(session_event(cards.session(cards.issued()), COMPLETED, MONTH_END), works=False)
        time_machine.move_to(MONTH_END + timedelta(minutes=6), tick=False)
        finish_what_was_left(0)
        assert (CardEvent.objects.get().state, Payment.objects.count()) == ("noted", 1)

    def test_unknown_kinds_are_forgotten_and_other_shops_left_alone(self, cards: Cards) -> None:
        body, signature = signed(event("customer.created", {}, MONTH_END), MONTH_END)
        assert receive_card_event(body=body, signature=signature, now=MONTH_END) is None
        assert not CardEvent.objects.exists()
        foreign = cards.session(cards.issued()) | {"client_reference_id": "another-shop"}
        assert cards.hears(session_event(foreign, COMPLETED, MONTH_END)).state == "elsewhere"
        assert not Payment.objects.exists()

    def test_it_is_heard_while_card_payments_are_off(self, cards: Cards) -> None:
        session = cards.session(cards.issued())
        set_up(cards.admin, key="", signing_secret="", is_on=False)
        assert cards.hears(session_event(session, COMPLETED, MONTH_END)).state == "noted"

    def test_a_person_tries_again_or_says_what_became_of_it(self, cards: Cards) -> None:
        clerk, left = cards.billing.clerk, make_card_event()
        for code, by, note in (
            ("not_allowed", cards.billing.office.technician, "x"),
            ("no_reason", clerk, " "),
        ):
            with pytest.raises(Refused) as refusal:
                settle_card_event(event=left, note=note, by=by, now=MONTH_END)
            assert refusal.value.code == code
        assert CardEvent.objects.get().state == "to_look_at"

        assert settle_card_event(event=left, note="Hablado", by=clerk, now=MONTH_END).state == "settled"
        with pytest.raises(Refused) as refusal:
            work_again(event=left, by=clerk, now=MONTH_END)
        assert refusal.value.code == "not_to_look_at"
        assert work_again(event=make_card_event(), by=clerk, now=MONTH_END).state == "elsewhere"


def note(cards: Cards, invoice: Invoice, amount: int) -> None:
    """Money that came by transfer."""
    actions.record_payment(
        invoice=invoice,
        amount=amount,
        received_on=MONTH_END.date(),
        by=cards.billing.clerk,
        now=MONTH_END,
        idempotency_key=f"note-{amount}",
    )


@pytest.mark.parametrize("kind", ["advance", "pro_forma"])
def test_advance_invoices_and_pro_formas_are_paid_by_card_too(cards: Cards, kind: str) -> None:
    if kind == "pro_forma":
        admin = make_person(Role.ADMINISTRATOR)
        actions.save_issuing(is_elsewhere=True, program="Conta", by=admin, now=MONTH_END)
    draft = actions.charge_advance(
        client=cards.billing.client,
        description="A cuenta",
        amount=10_000,
        currency="EUR",
        by=cards.billing.clerk,
        now=MONTH_END,
        idempotency_key="advance",
    )
    invoice = cards.billing.issue(draft)
    assert invoice.kind == kind

    cards.hears(session_event(cards.session(invoice), COMPLETED, MONTH_END))

    invoice.refresh_from_db()
    assert (invoice.owed, Payment.objects.get().amount) == (0, invoice.total)
    assert card_offer(invoice) is None
    assert list(verify_invoices()) == []
