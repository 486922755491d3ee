"""Unused prepaid hours on screen and as files."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client as Browser
from openpyxl import load_workbook

from ecuanime.accounts.models import Role
from tests.factories import NOW, make_client, make_contract, make_firm, make_person
from tests.factories.entitlements import make_lot
from tests.web.office_invoices.test_invoices import text_of

pytestmark = pytest.mark.django_db
PAGE = "/facturas/exportar/horas-sin-usar/"


@pytest.fixture
def clerk(client: Browser) -> Browser:
    make_firm()
    client.force_login(make_person(Role.BILLING, language="en"))
    return client


def test_the_page_and_its_files_say_the_same(clerk: Browser) -> None:
    contract = make_contract(client=make_client(name="=Umbría"))
    make_lot(contract, 90)
    asked = {"dia": NOW.date().isoformat()}

    shown = text_of(clerk.get(PAGE, asked))
    assert contract.number in shown
    assert shown.count("€45.00") == 2
    text = b"".join(clerk.get(PAGE, asked | {"formato": "csv"}).streaming_content).decode()  # type: ignore[attr-defined]
    assert text.splitlines()[1].split(",")[1:] == [
        "'=Umbría",
        contract.number,
        "EUR",
        "1.5000",
        "0.0000",
        "45.00",
    ]
    book = load_workbook(BytesIO(b"".join(clerk.get(PAGE, asked | {"formato": "xlsx"}).streaming_content)))  # type: ignore[attr-defined]
    assert [cell.value for cell in list(book.active)[1]][6] == 45
    assert clerk.get(PAGE, asked | {"formato": "exe"}).status_code == 404


def test_days_without_any_and_days_that_are_none(clerk: Browser) -> None:
    assert "No prepaid hours were left" in text_of(clerk.get(PAGE))
    assert clerk.get(PAGE, {"dia": "ayer"}).status_code == 422
