"""Bank statements on screen: read, confirmed, taken back, set aside; and the columns of a CSV."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from ecuanime.billing.models import BankEntry, BankFormat, Invoice
from tests.factories.bank import ACCOUNT, camt, entry, make_entries, transaction
from tests.factories.billing import MONTH_END, Billing, make_billing
from tests.shared import made_once, own
from tests.web.office_invoices.test_invoices import text_of

pytestmark = pytest.mark.django_db
BANK = "/facturas/banco/"


@pytest.fixture(autouse=True)
def surroundings(time_machine: Any, settings: Settings, tmp_path: Path) -> None:
    time_machine.move_to(MONTH_END, tick=False)
    settings.ECUANIME_FILES = str(tmp_path)


def _billing() -> Billing:
    billing = make_billing()
    billing.approved(15)
    return billing


made_billing = made_once(_billing)


@pytest.fixture
def billing(made_billing: Billing) -> Billing:
    return own(made_billing)


@pytest.fixture
def clerk(client: Browser, billing: Billing) -> Browser:
    client.force_login(billing.clerk)
    return client


def send(clerk: Browser, content: bytes, **fields: Any) -> Any:
    return clerk.post(f"{BANK}leer/", {"file": SimpleUploadedFile("movimientos.xml", content)} | fields)


def test_from_the_file_to_the_paid_invoice_and_back(clerk: Browser, billing: Billing) -> None:
    issued = billing.issue()
    statement = camt(entry("20.00", transaction("20.00", f"Pago {issued.number}", name="Umbría")))

    page = text_of(clerk.get(send(clerk, statement).url))
    for part in (
        "1 new entries; 0 were here already",
        "Umbría",
        "its number stands in the text",
        "€6.47 above",
    ):
        assert part in page
    found = BankEntry.objects.get()
    offered = text_of(clerk.get(f"{BANK}{found.pk}/"))
    assert 'value="13.53"' in clerk.get(f"{BANK}{found.pk}/").content.decode()
    assert issued.number in offered

    sent = {f"amount_{issued.pk}": "13.53", "left": "2000", "hold_rest": "on", "received_on": "2026-11-30"}
    assert clerk.post(f"{BANK}{found.pk}/cobrar/", sent | {"list": "yes"}).url == BANK
    assert Invoice.objects.get(pk=issued.pk).owed == 0
    assert "held for the client" in text_of(clerk.get(f"{BANK}{found.pk}/"))
    again = clerk.post(f"{BANK}{found.pk}/cobrar/", sent)
    assert again.status_code == 422
    assert "decided on this money meanwhile" in text_of(again)

    assert "taken back, each by its negative" in text_of(clerk.get(f"{BANK}{found.pk}/deshacer/"))
    clerk.post(f"{BANK}{found.pk}/deshacer/", {"reason": "Era de otro"})
    assert Invoice.objects.get(pk=issued.pk).owed == 1353


def test_an_invoice_is_found_and_paid_in_part(clerk: Browser, billing: Billing) -> None:
    issued = billing.issue()
    [found] = make_entries(billing.clerk, ["5.00"], name="Nadie")
    address = f"{BANK}{found.pk}/"
    assert issued.number not in text_of(clerk.get(address))
    assert issued.number in text_of(clerk.get(address, {"buscar": billing.client.name}))

    sent = {"left": "500", "received_on": "2026-11-30", "hold_rest": "on"}
    assert "for which client" in text_of(clerk.post(f"{address}cobrar/", sent))
    clerk.post(f"{address}cobrar/", {"left": "500", "received_on": "2026-11-30", f"amount_{issued.pk}": "5"})

    assert Invoice.objects.get(pk=issued.pk).owed == 853


def test_what_cannot_be_read_says_why(clerk: Browser) -> None:
    answer = send(clerk, b"<!DOCTYPE a []><a/>")

    assert answer.status_code == 422
    assert "document type" in text_of(answer)


def test_set_aside_and_taken_up_again(clerk: Browser, billing: Billing) -> None:
    [found] = make_entries(billing.clerk, ["5.00"])

    assert clerk.post(f"{BANK}{found.pk}/apartar/", {"reason": ""}).status_code == 422
    clerk.post(f"{BANK}{found.pk}/apartar/", {"reason": "Intereses"})
    assert "Intereses" in text_of(clerk.get(BANK, {"ver": "apartadas"}))
    clerk.post(f"{BANK}{found.pk}/retomar/")
    assert BankEntry.objects.get().state == "to_match"


def test_the_columns_of_a_csv(clerk: Browser) -> None:
    facts = {
        "name": "Banco",
        "account": ACCOUNT,
        "currency": "EUR",
        "separator": ";",
        "decimal_mark": ",",
        "date_format": "%d/%m/%Y",
        "day_column": "Fecha",
        "amount_column": "Importe",
    }
    assert clerk.post("/ajustes/banco/", facts | {"account": "IE00"}).status_code == 422
    assert clerk.post("/ajustes/banco/", facts).status_code == 302
    assert clerk.post("/ajustes/banco/", facts).status_code == 422
    kept = BankFormat.objects.get()
    clerk.post(f"/ajustes/banco/columnas/{kept.pk}/", facts | {"name": "Otro"})
    assert "Otro" in text_of(clerk.get("/ajustes/banco/"))

    send(clerk, b"Fecha;Importe\n30/11/2026;1,00\n", columns=kept.pk)
    assert BankEntry.objects.get().amount == 100
    clerk.post(f"/ajustes/banco/columnas/{kept.pk}/quitar/")
    assert not BankFormat.objects.exists()


def test_one_more_row_costs_no_query(clerk: Browser, billing: Billing) -> None:
    issued = billing.issue()

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert clerk.get(BANK).status_code == 200
        return len(queries)

    make_entries(billing.clerk, text=issued.number)
    asked()
    one = asked()
    billing.approved(15)
    second = billing.issue()
    make_entries(billing.clerk, ["13.53", "1.00"], text=second.number)

    assert asked() == one
