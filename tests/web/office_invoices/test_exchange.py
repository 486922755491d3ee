"""Exchange rates on screen: noted, booked, and what they brought shown at the payment and on the account."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.models import ExchangeRate, Payment
from tests.factories import make_person
from tests.factories.billing import MONTH_END, Billing, make_billing

pytestmark = pytest.mark.django_db
RATES = "/facturas/libros/cambios/"


@pytest.fixture
def billing(time_machine: Any) -> Billing:
    time_machine.move_to(MONTH_END, tick=False)
    return make_billing()


@pytest.fixture
def clerk(client: Browser) -> Browser:
    client.force_login(make_person(Role.BILLING, language="en"))
    return client


def text_of(response: Any) -> str:
    return str(response.content.decode()).replace("\xa0", " ")


def test_a_rate_is_noted_and_a_wrong_one_says_why(billing: Billing, clerk: Browser) -> None:
    sent = {"currency": "USD", "on": "2026-11-10", "rate": "0.92"}
    assert "three letters" in text_of(clerk.post(RATES, sent | {"currency": "EUR"}))
    assert ExchangeRate.objects.count() == 0

    assert clerk.post(RATES, sent).status_code == 302

    assert "1 USD = 0.92 EUR" in text_of(clerk.get(RATES))


def test_a_payment_at_another_rate_shows_its_difference(billing: Billing, clerk: Browser) -> None:
    brought = actions.bring_invoice(
        client=billing.client,
        number="US-1",
        issued_on=date(2026, 11, 12),
        due_on=date(2026, 11, 20),
        total=10_000,
        paid=0,
        currency="USD",
        by=billing.clerk,
        now=MONTH_END,
    )
    address = f"/facturas/{brought.key}/"
    assert "No rate of the USD was noted" in text_of(clerk.get(address))
    assert clerk.post(f"{address}cobros/cambio/", {"exchange_rate": "0.92"}).status_code == 302
    assert "Booked at 0.92 EUR for one USD." in text_of(clerk.get(address))

    sent = {"amount": "100", "received_on": "2026-11-30", "method": "transfer", "exchange_rate": "0.95"}
    assert clerk.post(f"{address}cobros/", sent | {"idempotency_key": "a" * 32}).status_code == 302

    assert Payment.objects.get().exchange_rate == Decimal("0.95")
    page = text_of(clerk.get(address))
    assert "exchange difference: €3.00" in page
    assert "Book at this rate" not in page
    account = text_of(clerk.get(f"/clientes/{billing.client.code}/cuenta/?moneda=USD"))
    assert "Exchange differences of these days: €3.00" in account
    assert "Gains by exchange rates" in text_of(clerk.get("/facturas/exportar/diario/"))
