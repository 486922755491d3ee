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
from tests.factories.fiscal import make_spanish_billing
from tests.rooms.billing.books.test_exchange import in_dollars
from tests.rooms.billing.spain.test_fiscal_paper import page_of, pdf_of

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
    sent = {"currency": "USD", "on": "2026-11-10", "rate": "0.92", "source": "ecb"}
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
    assert (
        clerk.post(
            f"{address}cobros/cambio/",
            {"exchange_rate": "0.92", "rate_on": "2026-11-12", "rate_source": "ecb"},
        ).status_code
        == 302
    )
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


@pytest.mark.usefixtures("billing")
def test_an_invoice_in_dollars_is_issued_in_spain_once_its_rate_is_noted(clerk: Browser) -> None:
    billing = make_spanish_billing()
    billing.approved(30)
    draft = in_dollars(billing.draft())
    address = f"/facturas/{draft.key}/"
    assert "It cannot be issued without one: its taxes are stated in EUR too." in text_of(clerk.get(address))

    refused = clerk.post(f"{address}emitir/", {"dated": "2026-11-30"})
    assert refused.status_code == 422
    assert "the exchange rate of the USD for 9 November 2026 is not noted" in text_of(refused)
    assert f'href="{RATES}"' in text_of(refused)

    noted = {"currency": "USD", "on": "2026-11-06", "rate": "0.92", "source": "ecb"}
    assert clerk.post(RATES, noted).status_code == 302
    foreseen = text_of(clerk.get(address))
    assert "It will be booked at 0.92 EUR for one USD (European Central Bank)." in foreseen
    assert clerk.post(f"{address}emitir/", {"dated": "2026-11-30"}).status_code == 302

    draft.refresh_from_db()
    page = text_of(clerk.get(f"/facturas/{draft.number}/"))
    assert "Total in EUR" in page
    assert "€24.49" in page
    assert "Exchange rate of 6 November 2026 (European Central Bank): 0.92 EUR for one USD" in page
    assert "Book at this rate" not in page
    books = text_of(clerk.get("/facturas/libros/impuestos/", {"ejercicio": "2026", "periodo": "4T"}))
    assert "€20.24" in books
    assert "not stated in euros" not in books
    assert page_of(pdf_of(draft)).code().text.endswith("&importe=24.49")


def test_a_draft_takes_a_rate_of_its_own_and_gives_it_up(billing: Billing, clerk: Browser) -> None:
    billing.approved(30)
    draft = in_dollars(billing.draft())
    address = f"/facturas/{draft.key}/cobros/cambio/"
    sent = {"exchange_rate": "0.9", "rate_on": "2026-11-20", "rate_source": "other"}

    assert clerk.post(address, sent | {"rate_on": "2027-01-01"}).status_code == 422
    assert clerk.post(address, sent).status_code == 302
    assert "0.9 EUR for one USD (another source)" in text_of(clerk.get(f"/facturas/{draft.key}/"))
    assert clerk.post(address, sent | {"exchange_rate": ""}).status_code == 302

    draft.refresh_from_db()
    assert draft.exchange_rate is None


def test_a_supervisor_is_led_to_no_page_that_is_closed_to_them(billing: Billing, client: Browser) -> None:
    make_spanish_billing()
    billing.approved(30)
    draft = in_dollars(billing.draft())
    client.force_login(make_person(Role.SUPERVISOR, language="en"))

    refused = text_of(client.post(f"/facturas/{draft.key}/emitir/", {"dated": "2026-11-30"}))

    assert "is not noted" in refused
    assert f'href="{RATES}"' not in refused
    assert "A rate for this draft alone" in refused
