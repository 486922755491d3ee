"""Crediting the days of a fee that its contract does not have, from where it is proposed to the credit note."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client as Browser

from ecuanime.billing.models import Charge, Invoice
from tests.factories.billing import MONTH_END, Billing, make_billing
from tests.rooms.billing.credits.test_unused_fees import ended, invoiced

pytestmark = pytest.mark.django_db


@pytest.fixture
def billing(time_machine: Any) -> Billing:
    time_machine.move_to(MONTH_END, tick=False)
    return make_billing()


@pytest.fixture
def fee(billing: Billing) -> Charge:
    return ended(invoiced(billing), 12)


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(response.content.decode()).replace("\xa0", " "))


def test_it_is_proposed_confirmed_and_then_gone(client: Browser, billing: Billing, fee: Charge) -> None:
    client.force_login(billing.office.supervisor)
    address = f"/cuotas/{fee.pk}/rectificar/"
    for page in (f"/contratos/{fee.contract.number}/liquidar/", "/facturas/preparar/"):
        text = text_of(client.get(page))
        assert address in text
        assert "€120.00" in text
    page = text_of(client.get(address))
    assert "€200.00" in page
    assert "€80.00" in page
    assert f"El contrato {fee.contract.number} terminó el 12 de noviembre de 2026" in page
    said = {"amount": "12000", "reason": "Fin del contrato"}

    for _time in range(2):
        answer = client.post(address, said)
        note = Invoice.objects.get(kind=Invoice.Kind.CREDIT_NOTE)
        assert answer["Location"] == f"/facturas/{note.number}/"

    assert client.get(address).status_code == 302
    assert address not in text_of(client.get(f"/contratos/{fee.contract.number}/liquidar/"))


def test_another_amount_than_was_shown_issues_nothing(client: Browser, billing: Billing, fee: Charge) -> None:
    client.force_login(billing.clerk)
    answer = client.post(f"/cuotas/{fee.pk}/rectificar/", {"amount": "9", "reason": "Fin del contrato"})
    assert answer.status_code == 422
    assert "Another amount is to be credited by now" in text_of(answer)
    assert 'name="amount" value="12000"' in text_of(answer)
    assert not Invoice.objects.filter(corrects__isnull=False).exists()
