"""Card payments on screen: paid in the portal, told by Stripe, looked at in the office, set up in the settings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from ecuanime.api.stripe import MOST_BYTES
from ecuanime.billing.actions.cards.events import work_card_event
from ecuanime.billing.models import CardCheckout, CardEvent, CardSettings, Payment
from tests.factories.billing import MONTH_END
from tests.factories.cards import Cards, card_firm, make_card_event
from tests.stripe import LIVE_KEY, SIGNING_SECRET, session_event, signed
from tests.web.office_invoices.test_invoices import text_of
from tests.web.test_portal_invoices import browser_of

pytestmark = pytest.mark.django_db
HOOK = "/api/v1/stripe/events"
EVENTS = "/facturas/banco/tarjeta/"


@pytest.fixture
def cards(monkeypatch: pytest.MonkeyPatch, time_machine: Any) -> Iterator[Cards]:
    time_machine.move_to(MONTH_END, tick=False)
    with card_firm(monkeypatch) as made:
        yield made


def tell(said: dict[str, Any], *, secret: str = SIGNING_SECRET, **headers: str) -> int:
    """The status with which an event is answered, come without a session, with CSRF enforced."""
    body, signature = signed(said, MONTH_END, secret=secret)
    sent = {"HTTP_STRIPE_SIGNATURE": signature} | headers
    browser = Browser(enforce_csrf_checks=True)
    status: int = browser.generic("POST", HOOK, body, "application/json", **sent).status_code
    return status


def test_from_the_button_to_the_paid_invoice(cards: Cards) -> None:
    invoice, lead = cards.issued(), browser_of(cards.billing.lead)
    address = f"/portal/facturas/{invoice.number}/"
    page = lead.get(address)
    assert "Pay €54.12 by card" in text_of(page)
    assert "form-action 'self' https://checkout.stripe.com;" in page.headers["Content-Security-Policy"]

    gone = lead.post(f"{address}pagar/")
    assert (gone.status_code, gone.url) == (303, CardCheckout.objects.get().url)
    [(fields, session)] = cards.stripe.sessions.values()
    assert fields["success_url"].endswith(f"{address}?tarjeta=hecho")
    back = text_of(lead.get(address, {"tarjeta": "hecho"}))
    assert "being confirmed" in back
    assert "by card</button>" not in back
    assert "Nothing was charged" in text_of(lead.get(address, {"tarjeta": "sin-pagar"}))

    assert tell(session_event(session, "checkout.session.completed", MONTH_END)) == 200
    assert not Payment.objects.exists()
    work_card_event(event=CardEvent.objects.get(), now=MONTH_END)
    paid = lead.get(address, {"tarjeta": "hecho"})
    assert "being confirmed" not in text_of(paid)
    assert "checkout.stripe.com" not in paid.headers["Content-Security-Policy"]
    clerk = Browser()
    clerk.force_login(cards.billing.clerk)
    assert f"pi_{session['id']}" in text_of(clerk.get(f"/facturas/{invoice.number}/"))
    assert "noted" in text_of(clerk.get(f"{EVENTS}{CardEvent.objects.get().pk}/"))


def test_where_stripe_does_not_answer_they_are_told(cards: Cards) -> None:
    invoice, lead = cards.issued(), browser_of(cards.billing.lead)
    cards.stripe.plan.append("503")
    address = f"/portal/facturas/{invoice.number}/"
    assert "does not work at the moment" in text_of(lead.post(f"{address}pagar/", follow=True))
    admin = Browser()
    admin.force_login(cards.admin)
    assert "could not do it just now" in text_of(admin.get("/ajustes/tarjeta/"))


def test_what_is_not_signed_too_large_or_unreadable_is_not_kept(cards: Cards) -> None:
    said = session_event(cards.session(cards.issued()), "checkout.session.completed", MONTH_END)
    assert tell(said, secret="whsec_other") == 400
    assert tell(said, HTTP_STRIPE_SIGNATURE="") == 400
    assert tell(said | {"data": 3}) == 400
    assert tell(said | {"padding": "x" * MOST_BYTES}) == 413
    assert tell({"type": "customer.created"}) == 200
    assert not CardEvent.objects.exists()
    CardSettings.objects.update(is_on=False, signing_sealed="")
    assert tell(said) == 404
    assert Browser().get(HOOK).status_code == 405


def test_the_office_looks_at_what_does_not_fit(cards: Cards) -> None:
    clerk = Browser()
    clerk.force_login(cards.billing.clerk)
    counts, made = [], make_card_event()
    for _more in range(2):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert clerk.get(EVENTS).status_code == 200
        counts.append(len(queries))
        for _each in range(2):
            made = make_card_event()
    assert counts[0] == counts[1]
    assert "5 to look at" in text_of(clerk.get("/facturas/banco/"))
    assert "does not say that this was paid" in text_of(clerk.get(EVENTS, {"ver": "por-mirar"}))
    address = f"{EVENTS}{made.pk}/"
    assert clerk.post(address, {"note": ""}).status_code == 422
    assert clerk.post(address, {"note": "Hablado con el cliente"}).url == EVENTS
    assert "Hablado con el cliente" in text_of(clerk.get(address))
    again = text_of(clerk.post(f"{address}otra-vez/", follow=True))
    assert "dealt with meanwhile" in again


def test_no_page_shows_a_secret(cards: Cards) -> None:
    admin = Browser()
    admin.force_login(cards.admin)
    shown = text_of(admin.get("/ajustes/tarjeta/"))
    refused = admin.post("/ajustes/tarjeta/", {"key": f"{LIVE_KEY}x", "is_on": "on"})
    assert (refused.status_code, "does not know this key" in text_of(refused)) == (422, True)
    for page in (shown, text_of(refused)):
        assert HOOK in page
        assert LIVE_KEY not in page
        assert SIGNING_SECRET not in page
    admin.post("/ajustes/tarjeta/olvidar/")
    assert "Nobody can pay by card yet" in text_of(admin.get("/ajustes/tarjeta/"))
