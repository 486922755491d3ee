"""Direct debits on screen: from the mandate to the file, the money and what comes back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Browser
from pytest_django.fixtures import Settings

from ecuanime.billing.models import Collection, Invoice, Mandate
from tests.factories.bank import camt, entry, read, transaction
from tests.factories.billing import MONTH_END, Billing, make_billing
from tests.web.office_invoices.test_invoices import text_of

pytestmark = pytest.mark.django_db
PAGE = "/facturas/banco/remesas/"
KEY = "0" * 32


@pytest.fixture
def billing(time_machine: Any, settings: Settings, tmp_path: Path) -> Billing:
    time_machine.move_to(MONTH_END, tick=False)
    settings.ECUANIME_FILES = str(tmp_path)
    billing = make_billing()
    billing.approved(15)
    return billing


@pytest.fixture
def clerk(client: Browser, billing: Billing) -> Browser:
    client.force_login(billing.clerk)
    return client


def signed(clerk: Browser, billing: Billing) -> Invoice:
    """A client who signed, and an invoice of theirs."""
    clerk.post("/ajustes/banco/acreedor/", {"creditor_id": "ES50ZZZM23456789", "bic": ""})
    mandate = {"holder": "Umbría", "iban": "ES9121000418450200051332", "scheme": "CORE"}
    address = f"/clientes/{billing.client.code}/mandatos/"
    assert clerk.post(address, mandate | {"signed_on": "2026-12-01"}).status_code == 422
    assert clerk.post(address, mandate | {"signed_on": "2026-11-01"}).status_code == 302
    return billing.issue()


def test_what_must_be_set_up_first_is_said(clerk: Browser, billing: Billing) -> None:
    assert "Nothing can be collected yet" in text_of(clerk.get(PAGE))
    wrong = clerk.post("/ajustes/banco/acreedor/", {"creditor_id": "ES00ZZZM23456789"})
    assert wrong.status_code == 422
    assert "not a valid creditor identifier" in text_of(wrong)


def test_from_the_mandate_to_the_money_and_back(clerk: Browser, billing: Billing) -> None:
    issued = signed(clerk, billing)
    mandate = Mandate.objects.get()
    assert mandate.reference in text_of(clerk.get(f"/clientes/{billing.client.code}/cuenta/"))
    assert issued.number in text_of(clerk.get(f"{PAGE}nueva/"))

    sent = {"invoices": [issued.pk], "collect_on": "2026-12-03", "idempotency_key": KEY}
    assert clerk.post(f"{PAGE}nueva/", sent | {"collect_on": "2026-11-30"}).status_code == 422
    made = clerk.post(f"{PAGE}nueva/", sent)
    collection = Collection.objects.get()
    assert made.url == f"{PAGE}{collection.pk}/"
    file = clerk.get(f"{made.url}fichero/")
    assert b'<InstdAmt Ccy="EUR">13.53</InstdAmt>' in b"".join(file.streaming_content)  # type: ignore[attr-defined]
    assert collection.number in text_of(clerk.get(PAGE))

    item = collection.items.get()
    paid = entry("13.53", transaction(end_to_end=item.end_to_end))
    back = entry("13.53", transaction(end_to_end=item.end_to_end, returned="AM04"), side="DBIT")
    money, taken = read(camt(paid, back), billing.clerk)
    assert f"1 debit of collection {collection.number}" in text_of(clerk.get("/facturas/banco/"))
    assert "Confirm the money of its collection first" in text_of(clerk.get(f"/facturas/banco/{taken.pk}/"))
    clerk.post(f"/facturas/banco/{money.pk}/adeudos/", {"left": "1353", "debits": str(item.pk)})
    assert Invoice.objects.get(pk=issued.pk).owed == 0

    assert "AM04: not enough money" in text_of(clerk.get("/facturas/banco/"))
    clerk.post(f"/facturas/banco/{taken.pk}/adeudos/", {"left": "-1353", "debits": str(item.pk)})
    assert Invoice.objects.get(pk=issued.pk).owed == 1353
    assert "AM04: not enough money" in text_of(clerk.get(made.url))
    again = clerk.post(f"/facturas/banco/{taken.pk}/adeudos/", {"left": "x"}, follow=True)
    assert "Somebody decided on this money meanwhile" in text_of(again)


def test_by_hand(clerk: Browser, billing: Billing) -> None:
    issued = signed(clerk, billing)
    sent = {"invoices": [issued.pk], "collect_on": "2026-12-03", "idempotency_key": KEY}
    page = clerk.post(f"{PAGE}nueva/", sent).url
    item = Collection.objects.get().items.get()

    clerk.post(f"{page}cobrada/", {"collected_on": "2026-11-30"})
    assert Invoice.objects.get(pk=issued.pk).owed == 0
    assert "may be collected anew" in text_of(clerk.get(f"{page}devolver/{item.pk}/"))
    clerk.post(f"{page}devolver/{item.pk}/", {"reason": "MD06", "returned_on": "2026-11-30"})
    assert Invoice.objects.get(pk=issued.pk).owed == 1353

    again = clerk.post(f"{PAGE}nueva/", sent | {"idempotency_key": "1" * 32}).url
    clerk.post(f"{again}retirar/")
    assert "withdrawn" in text_of(clerk.get(again))
    clerk.post(f"/clientes/{billing.client.code}/mandatos/{Mandate.objects.get().pk}/cancelar/")
    assert "There is nothing to collect" in text_of(clerk.get(f"{PAGE}nueva/"))
