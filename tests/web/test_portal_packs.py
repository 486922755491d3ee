"""Buying a pack in the portal: its price first, ordered once however often it is sent, and only by who may."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client as Browser

from ecuanime.accounts.models import User
from ecuanime.billing.models import Charge
from ecuanime.contracts.models import PlanKind
from ecuanime.entitlements.models import Lot
from tests.factories import make_contact
from tests.factories.billing import MONTH_END, Billing, make_billing

pytestmark = pytest.mark.django_db

KEY = "a" * 32


@pytest.fixture(autouse=True)
def today(time_machine: Any) -> None:
    time_machine.move_to(MONTH_END, tick=False)


@pytest.fixture
def billing() -> Billing:
    return make_billing(PlanKind.HOUR_PACK, language="en")


@pytest.fixture
def lead(billing: Billing) -> Browser:
    contact = billing.lead
    contact.user = User.objects.create_user(email=contact.email, name=contact.name, language="en")
    contact.save()
    browser = Browser()
    browser.force_login(contact.user)
    return browser


def text_of(response: Any) -> str:
    return str(response.content.decode()).replace("\xa0", " ")


def test_a_lead_sees_the_price_and_orders_once(billing: Billing, lead: Browser) -> None:
    address = f"/portal/horas/{billing.contract.number}/comprar/"
    assert address in text_of(lead.get("/portal/horas/"))
    assert "€300.00" in text_of(lead.get(address))
    assert "€600.00" in text_of(lead.get(f"{address}precio/?quantity=20"))

    for _ in range(2):
        response = lead.post(address, {"quantity": 20, "idempotency_key": KEY}, follow=True)

    assert "Your order is with us" in text_of(response)
    assert "waiting for payment" in text_of(response)
    assert Charge.objects.count() == 1
    assert Lot.objects.count() == 2


def test_a_quantity_without_a_price_is_refused_on_its_form(billing: Billing, lead: Browser) -> None:
    address = f"/portal/horas/{billing.contract.number}/comprar/"
    response = lead.post(address, {"quantity": 0, "idempotency_key": KEY})
    assert response.status_code == 422
    assert not Lot.objects.exists()


def test_who_may_not_buy_finds_nothing(billing: Billing) -> None:
    browser = Browser()
    plain = make_contact(billing.client, signs_in=True, language="en")
    browser.force_login(plain.user)  # type: ignore[arg-type]  # it signs in
    address = f"/portal/horas/{billing.contract.number}/comprar/"
    assert browser.get(address).status_code == 404
    assert browser.post(address, {"quantity": 10, "idempotency_key": KEY}).status_code == 404
    assert browser.get(f"{address}precio/").status_code == 404
    assert address not in text_of(browser.get("/portal/horas/"))
