"""Handing over on screen, and what the client and programs see of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from pytest_django.fixtures import Settings

from ecuanime.accounts.models import Role
from ecuanime.billing.models import HandedOver, IssuingSettings
from tests.factories import make_person
from tests.factories.billing import MONTH_END, Billing, make_billing
from tests.web.test_portal_invoices import browser_of

pytestmark = pytest.mark.django_db
PAGE = "/facturas/exportar/traspaso/"


@pytest.fixture
def billing(time_machine: Any, settings: Settings, tmp_path: Path) -> Billing:
    time_machine.move_to(MONTH_END, tick=False)
    settings.ECUANIME_FILES = str(tmp_path)
    return make_billing()


@pytest.fixture
def administrator(client: Browser) -> Browser:
    client.force_login(make_person(Role.ADMINISTRATOR, language="en"))
    return client


def text_of(response: Any) -> str:
    return str(response.content.decode()).replace("\xa0", " ")


def test_from_the_mode_to_the_client(billing: Billing, administrator: Browser) -> None:
    assert administrator.post(f"{PAGE}modo/", {"is_elsewhere": "on", "program": "Conta"}).status_code == 302
    assert IssuingSettings.objects.get().program == "Conta"
    billing.approved(5)
    one = billing.issue()
    assert one.number in text_of(administrator.get(PAGE))
    key = "a" * 32

    answer = administrator.post(f"{PAGE}nuevo/", {"documents": [one.pk], "idempotency_key": key})

    item = HandedOver.objects.get()
    assert answer.headers["Location"] == f"{PAGE}{item.hand_over_id}/"
    assert "not noted yet" in text_of(administrator.get(answer.headers["Location"]))
    for ending, begins in (
        ("csv", "\N{ZERO WIDTH NO-BREAK SPACE}number".encode()),
        ("xlsx", b"PK"),
        ("json", b"{"),
    ):
        file = administrator.get(answer.headers["Location"], {"formato": ending})
        assert file.content.startswith(begins)
    address = f"{PAGE}documentos/{item.pk}/"
    pdf = SimpleUploadedFile("f.pdf", b"%PDF-1.7 theirs")
    sent = {"number": "2026/55", "issued_on": "2026-11-29", "total": "5.00"}
    assert "not come yet" in text_of(administrator.post(address, sent | {"issued_on": "2027-01-01"}))
    assert administrator.post(address, sent | {"file": pdf}).status_code == 302
    assert "of difference" in text_of(administrator.get(answer.headers["Location"]))
    assert "Issued as 2026/55" in text_of(administrator.get(f"/facturas/{one.number}/"))

    lead = browser_of(billing.lead)
    page = text_of(lead.get(f"/portal/facturas/{one.number}/"))
    assert "2026/55" in page
    download = lead.get(f"/portal/facturas/{one.number}/emitida/")
    assert b"".join(download.streaming_content) == b"%PDF-1.7 theirs"

    assert administrator.post(f"{address}olvidar/", {"reason": "mal"}).status_code == 302
    assert administrator.post(f"{address}retirar/", {"reason": "mal"}).status_code == 302
    assert one.number in text_of(administrator.get(PAGE))
    assert lead.get(f"/portal/facturas/{one.number}/emitida/").status_code == 404


def test_a_csv_says_which_rows_it_could_not_note(billing: Billing, administrator: Browser) -> None:
    file = SimpleUploadedFile("f.csv", b"document,number,issued_on,total\nP-1,A-1,2026-11-29,1\n")

    page = text_of(administrator.post(f"{PAGE}emitidas/", {"file": file}))

    assert "Row 2: P-1 is not handed over." in page
