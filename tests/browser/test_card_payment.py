"""A client pays an invoice by card: off to Stripe's page, which the content policy has to allow, and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.request import Request, urlopen

import pytest

from ecuanime.accounts.models import User
from ecuanime.clients.models import Contact
from tests.browser.axe import look, needs_axe
from tests.browser.house import Clock, House, open_house
from tests.browser.test_path import says
from tests.browser.visitor import visiting
from tests.factories.billing import MONTH_END
from tests.factories.cards import Cards, card_firm
from tests.stripe import session_event, signed

STRIPE = "https://checkout.stripe.com"


@pytest.fixture
def paid_house(migrated: None, django_db_blocker: Any) -> Iterator[House]:
    with django_db_blocker.unblock(), open_house("cards", clock=Clock(MONTH_END)) as house:
        yield house


@pytest.fixture
def cards(paid_house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cards]:
    """Stripe's API is a double on loopback, and its page one that the browser is given."""
    with card_firm(monkeypatch) as made:
        yield made


@needs_axe
def test_to_stripes_page_and_back(paid_house: House, chromium: Any, cards: Cards) -> None:
    invoice = cards.issued()
    address = f"/portal/facturas/{invoice.number}/"
    with visiting(paid_house, chromium, user=lead_of(cards)) as visitor:
        visitor.expected.append(STRIPE)
        look(visitor, address)
        # That the browser sets out is what shows that it may.
        with visitor.page.expect_request(f"{STRIPE}/**"):
            visitor.page.get_by_role("button", name="con tarjeta").click()
        [(fields, session)] = cards.stripe.sessions.values()
        visitor.page.wait_for_url("chrome-error://**")  # there is no Stripe here
        visitor.open(fields["success_url"])
        says(visitor.page, "El pago con tarjeta se está confirmando")
        look(visitor, visitor.page.url)

        pay_at_stripe(paid_house, session)
        says(visitor.open(address), "Pagada", "54,12")


def pay_at_stripe(house: House, session: dict[str, Any]) -> None:
    """Stripe says that a page of it was paid, and the house works on it."""
    now = house.clock.now()
    body, signature = signed(session_event(session, "checkout.session.completed", now), now)
    headers = {"Stripe-Signature": signature, "Content-Type": "application/json"}
    with urlopen(Request(f"{house.url}/api/v1/stripe/events", body, headers)) as answer:
        assert answer.status == 200
    house.work()


def lead_of(cards: Cards) -> User:
    """The client's project lead, with an account that reads Spanish."""
    lead = cards.billing.lead
    user = User.objects.create_user(
        email=lead.email, password="una clave bastante larga", name=lead.name, language="es"
    )
    Contact.objects.filter(pk=lead.pk).update(user=user)
    return user
