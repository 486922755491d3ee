"""A client's VAT number on screen: asked about at a click, and warned of while an invoice leans on it unproven."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client as Browser

from ecuanime.accounts.models import Role
from tests.factories import make_person
from tests.factories.billing import MONTH_END, Billing
from tests.factories.fiscal import make_spanish_billing
from tests.rooms.billing.spain.test_vies import NUMBER
from tests.vies import ViesDouble, vies_on_this_machine

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(monkeypatch: Any) -> Iterator[ViesDouble]:
    with vies_on_this_machine(monkeypatch) as double:
        yield double


@pytest.fixture
def billing(time_machine: Any) -> Billing:
    time_machine.move_to(MONTH_END, tick=False)
    billing = make_spanish_billing(country="IE", tax_id=NUMBER, city="Galway")
    billing.approved(30)
    return billing


@pytest.fixture
def clerk(client: Browser) -> Browser:
    client.force_login(make_person(Role.BILLING, language="en"))
    return client


def text_of(response: Any) -> str:
    return str(response.content.decode()).replace("\xa0", " ")


def test_it_is_warned_of_until_vies_calls_it_valid(
    billing: Billing, service: ViesDouble, clerk: Browser
) -> None:
    data = f"/clientes/{billing.client.code}/datos/"
    ask = f"/clientes/{billing.client.code}/nif-iva/"
    draft = f"/facturas/{billing.draft().key}/"
    assert "never checked" in text_of(clerk.get(data))
    for page in (draft, f"{draft}emitir/"):
        assert f"{NUMBER}, which was not checked in VIES" in text_of(clerk.get(page))

    service.plan.append("MS_UNAVAILABLE")
    said = text_of(clerk.post(ask, follow=True))
    assert f"VIES gave no answer about {NUMBER}" in said
    assert "It gave no answer on 30 Nov 2026: that country&#x27;s register is out of service." in said

    assert "says that IE6388047V is not valid" in text_of(clerk.post(ask, follow=True))
    assert "which VIES called not valid on 30 November 2026" in text_of(clerk.get(f"{draft}emitir/"))

    service.valid[NUMBER] = "NUBE LTD"
    service.requesters = {"ESB00000018"}
    page = text_of(clerk.post(ask, follow=True))
    assert "VIES calls IE6388047V valid." in page
    assert "WAPIAAAA" in page
    assert "NUBE LTD" in page
    assert "VIES" not in text_of(clerk.get(f"{draft}emitir/"))


def test_a_client_at_home_has_no_such_panel(clerk: Browser) -> None:
    billing = make_spanish_billing()

    assert "VIES" not in text_of(clerk.get(f"/clientes/{billing.client.code}/datos/"))


def test_who_does_not_bill_reads_and_does_not_ask(billing: Billing, client: Browser) -> None:
    client.force_login(make_person(Role.TECHNICIAN, language="en"))

    page = text_of(client.get(f"/clientes/{billing.client.code}/datos/"))

    assert "never checked" in page
    assert "Ask VIES" not in page
