"""A firm whose clients pay by card, and what Stripe says of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from ecuanime.accounts.models import Role, User
from ecuanime.billing.actions.cards.events import receive_card_event, work_card_event
from ecuanime.billing.actions.cards.pages import CardChanges, save_card_settings, start_checkout
from ecuanime.billing.cards import stripe
from ecuanime.billing.models import CardEvent, Invoice
from ecuanime.clients.models import Contact
from tests.factories import make_person
from tests.factories.billing import MONTH_END, Billing, make_billing
from tests.stripe import LIVE_KEY, SIGNING_SECRET, StripeDouble, signed, stripe_on_this_machine

_numbers = iter(range(1, 10_000))


@dataclass
class Cards:
    """All is set up with a live key; the API's address leads to the double."""

    billing: Billing
    stripe: StripeDouble
    admin: User

    def issued(self, minutes: int = 60) -> Invoice:
        """An invoice of so many minutes at 44.00 an hour and its tax."""
        self.billing.approved(minutes)
        return self.billing.issue()

    def start(self, invoice: Invoice, contact: Contact | None = None) -> str:
        """Where the client is sent to pay."""
        back = "https://soporte.example/portal/"
        return start_checkout(
            invoice=invoice,
            contact=contact or self.billing.lead,
            paid_url=back,
            back_url=back,
            language="es",
            now=MONTH_END,
        )

    def session(self, invoice: Invoice) -> dict[str, Any]:
        """The page that was made for an invoice last."""
        self.start(invoice)
        return list(self.stripe.sessions.values())[-1][1]

    def hears(self, said: dict[str, Any], *, works: bool = True) -> CardEvent:
        """An event that came, and was worked."""
        body, signature = signed(said, MONTH_END)
        receive_card_event(body=body, signature=signature, now=MONTH_END)
        kept = CardEvent.objects.get(event_id=said["id"])
        return work_card_event(event=kept, now=MONTH_END) if works else kept


@contextmanager
def double_of_stripe(monkeypatch: pytest.MonkeyPatch) -> Iterator[StripeDouble]:
    """The double, to which the API's address leads."""
    with stripe_on_this_machine() as double:
        monkeypatch.setattr(stripe, "SERVICE", stripe.Service(double.url, is_internal=True))
        yield double


@contextmanager
def card_firm(monkeypatch: pytest.MonkeyPatch, key: str = LIVE_KEY) -> Iterator[Cards]:
    """A firm that has set it up."""
    with double_of_stripe(monkeypatch) as double:
        billing, admin = make_billing(), make_person(Role.ADMINISTRATOR, language="en")
        set_up(admin, key=key)
        yield Cards(billing, double, admin)


def set_up(
    admin: User, *, key: str = LIVE_KEY, signing_secret: str = SIGNING_SECRET, is_on: bool = True
) -> None:
    """The settings, kept."""
    changes = CardChanges(is_on=is_on, key=key, signing_secret=signing_secret)
    save_card_settings(changes=changes, by=admin, clock=lambda: MONTH_END)


def make_card_event(**fields: Any) -> CardEvent:
    """An event that a person has to look at."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "event_id": f"evt_made_{number}",
        "kind": "checkout.session.completed",
        "occurred_at": MONTH_END,
        "received_at": MONTH_END,
        "worked_at": MONTH_END,
        "is_live": True,
        "object_id": f"cs_made_{number}",
        "intent": f"pi_made_{number}",
        "amount": 5000,
        "state": CardEvent.State.TO_LOOK_AT,
        "trouble": "not_paid",
    }
    return CardEvent.objects.create(**(values | fields))
