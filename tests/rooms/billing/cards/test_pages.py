"""Setting card payments up, and the payment pages that Stripe is asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.actions.cards.pages import CardChanges, forget_card_keys, save_card_settings
from ecuanime.billing.models import CardCheckout, CardSettings, Invoice
from ecuanime.billing.queries.cards import LIVES, card_offer
from ecuanime.clients.models import Contact
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.models import AuditEntry
from ecuanime.staff.models import Firm
from tests.factories import make_contact, make_person
from tests.factories.billing import MONTH_END
from tests.factories.cards import Cards, set_up
from tests.stripe import LIVE_KEY, SIGNING_SECRET, TEST_KEY

pytestmark = pytest.mark.django_db


class TestSettings:
    def test_both_secrets_are_sealed_and_nowhere_in_the_open(self, cards: Cards) -> None:
        kept = CardSettings.objects.get()
        assert (kept.is_on, kept.is_live) == (True, True)
        stored = repr(CardSettings.objects.values()) + repr(list(AuditEntry.objects.values()))
        assert LIVE_KEY not in stored
        assert SIGNING_SECRET not in stored

    def test_empty_secrets_leave_those_that_are_kept(self, cards: Cards) -> None:
        before = CardSettings.objects.values("key_sealed", "signing_sealed").get()
        set_up(cards.admin, key="", signing_secret="", is_on=False)
        assert CardSettings.objects.values("key_sealed", "signing_sealed").get() == before
        assert not CardSettings.objects.get().is_on

    @pytest.mark.parametrize(
        ("code", "key", "secret"),
        [
            ("publishable_key", "pk_" + "live_ecuanime", ""),
            ("bad_key", "ecuanime", ""),
            ("bad_key", LIVE_KEY + " x", ""),
            ("key", LIVE_KEY + "x", ""),
            ("bad_signing_secret", "", LIVE_KEY),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_kept(
        self, cards: Cards, code: str, key: str, secret: str
    ) -> None:
        before = CardSettings.objects.values().get()
        with pytest.raises(Refused) as refusal:
            set_up(cards.admin, key=key, signing_secret=secret)
        assert refusal.value.code == code
        assert LIVE_KEY not in str(refusal.value)
        assert CardSettings.objects.values().get() == before

    def test_without_both_secrets_it_is_not_turned_on(self, cards: Cards) -> None:
        forget_card_keys(by=cards.admin, now=MONTH_END)
        assert CardSettings.objects.values_list("is_on", "key_sealed", "signing_sealed").get() == (
            False,
            "",
            "",
        )
        for code, key, secret in (("no_key", "", SIGNING_SECRET), ("no_signing_secret", LIVE_KEY, "")):
            with pytest.raises(Refused) as refusal:
                set_up(cards.admin, key=key, signing_secret=secret)
            assert refusal.value.code == code
        assert CardSettings.objects.values_list("key_sealed", "signing_sealed").get() == ("", "")

    def test_administrators_alone_and_never_in_a_demo(self, cards: Cards) -> None:
        for role in (Role.BILLING, Role.SUPERVISOR):
            with pytest.raises(Refused) as refusal:
                forget_card_keys(by=make_person(role), now=MONTH_END)
            assert refusal.value.code == "not_allowed"
        invoice = cards.issued()
        Firm.objects.update(is_demo=True)
        with pytest.raises(Refused) as refusal:
            save_card_settings(changes=CardChanges(key=LIVE_KEY), by=cards.admin, clock=lambda: MONTH_END)
        assert refusal.value.code == "demo"
        asked = len(cards.stripe.asked)
        with pytest.raises(Refused) as refusal:
            cards.start(invoice)
        assert (refusal.value.code, card_offer(invoice)) == ("no_cards", None)
        assert len(cards.stripe.asked) == asked


class TestPages:
    def test_what_is_owed_is_asked_for_once(self, cards: Cards) -> None:
        invoice = cards.issued()
        url = cards.start(invoice)
        assert cards.start(invoice) == url

        [(asked, fields)] = cards.stripe.asked[1:]
        checkout = CardCheckout.objects.get()
        assert asked == "POST /v1/checkout/sessions"
        assert list(cards.stripe.sessions) == [checkout.reference]
        assert fields["line_items[0][price_data][unit_amount]"] == str(invoice.owed) == str(checkout.amount)
        assert fields["line_items[0][price_data][currency]"] == "eur"
        assert fields["client_reference_id"] == checkout.reference
        assert (checkout.state, checkout.asked_by, invoice.paid) == ("open", cards.billing.lead, 0)

    def test_a_lost_answer_is_asked_for_again_with_the_same_key(self, cards: Cards) -> None:
        invoice = cards.issued()
        cards.stripe.plan.append("lost")
        with pytest.raises(Refused) as refusal:
            cards.start(invoice)
        assert refusal.value.code == "no_card_page"
        assert CardSettings.objects.get().trouble == "no_answer"

        assert cards.start(invoice).startswith("https://checkout.stripe.com/")
        assert (len(cards.stripe.sessions), CardCheckout.objects.count()) == (1, 1)
        assert CardSettings.objects.get().trouble == ""

    @pytest.mark.parametrize(("plan", "trouble"), [("503", "busy"), ("garbage", "unreadable")])
    def test_after_a_no_another_page_is_asked_for(self, cards: Cards, plan: str, trouble: str) -> None:
        invoice = cards.issued()
        cards.stripe.plan.append(plan)
        with pytest.raises(Refused):
            cards.start(invoice)
        assert CardSettings.objects.get().trouble == trouble
        cards.start(invoice)
        assert list(CardCheckout.objects.order_by("pk").values_list("state", flat=True)) == ["failed", "open"]

    def test_nobody_is_sent_anywhere_else(self, cards: Cards) -> None:
        cards.stripe.pages = "https://checkout.stripe.com.example"
        with pytest.raises(Refused) as refusal:
            cards.start(cards.issued())
        assert refusal.value.code == "no_card_page"

    def test_another_amount_an_old_page_and_another_mode_are_other_pages(self, cards: Cards) -> None:
        invoice = cards.issued()
        first = cards.start(invoice)
        actions.record_payment(
            invoice=invoice,
            amount=100,
            received_on=MONTH_END.date(),
            by=cards.billing.clerk,
            now=MONTH_END,
            idempotency_key="a",
        )
        second = cards.start(invoice)
        assert CardCheckout.objects.latest("pk").amount == invoice.owed - 100
        CardCheckout.objects.update(asked_at=MONTH_END - LIVES - timedelta(seconds=1))
        third = cards.start(invoice)
        set_up(cards.admin, key=TEST_KEY)
        assert len({first, second, third, cards.start(invoice)}) == 4
        assert not CardCheckout.objects.latest("pk").is_live

    def test_what_is_not_theirs_not_owed_or_not_offered_is_refused(self, cards: Cards) -> None:
        invoice = cards.issued()
        for stranger in (make_contact(sees_invoices=True), make_contact(cards.billing.client)):
            assert code_of(cards, invoice, stranger) == "not_allowed"
        set_up(cards.admin, key="", signing_secret="", is_on=False)
        assert (code_of(cards, invoice), card_offer(invoice)) == ("no_cards", None)
        set_up(cards.admin, key="", signing_secret="")
        credit = actions.credit_invoice(
            invoice=invoice, reason="Error", by=cards.billing.clerk, now=MONTH_END
        )
        for document in (invoice, credit):
            document.refresh_from_db()
            assert (code_of(cards, document), card_offer(document)) == ("not_payable", None)
        assert not CardCheckout.objects.exists()


def code_of(cards: Cards, invoice: Invoice, contact: Contact | None = None) -> str:
    """How a start is refused."""
    with pytest.raises(Refused) as refusal:
        cards.start(invoice, contact)
    return refusal.value.code
