"""The journal on screen: accounts first, then entries and files."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.test import Client as Browser
from openpyxl import load_workbook

from tests.factories.billing import MONTH_END, make_billing
from tests.web.office_invoices.test_invoices import text_of

pytestmark = pytest.mark.django_db
PAGE = "/facturas/exportar/diario/"


def test_the_accounts_are_named_and_the_files_say_what_the_page_says(
    client: Browser, time_machine: Any
) -> None:
    time_machine.move_to(MONTH_END, tick=False)
    billing = make_billing()
    client.force_login(billing.clerk)
    assert "Nothing was issued or paid in these days" in text_of(client.get(PAGE))
    billing.approved(15)
    issued = billing.issue()

    assert "Clients, Services, Tax charged" in text_of(client.get(PAGE))
    assert client.post(f"{PAGE}cuentas/", {"clients": "=1"}).status_code == 422
    accounts = {"clients": "430{client}", "services": "705", "tax": "477"}
    assert client.post(f"{PAGE}cuentas/", accounts).url == PAGE

    shown = text_of(client.get(PAGE))
    assert issued.number in shown
    assert "477" in shown
    asked = {"desde": "2026-11-01", "hasta": "2026-11-30", "formato": "csv"}
    lines = b"".join(client.get(PAGE, asked).streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert lines[1].split(",")[:3] == ["1", "2026-11-30", issued.number]
    assert ",13.53,0.00,EUR," in lines[1]
    book = load_workbook(BytesIO(b"".join(client.get(PAGE, asked | {"formato": "xlsx"}).streaming_content)))  # type: ignore[attr-defined]
    assert len(list(book.active)) == len(lines)
    assert client.get(PAGE, asked | {"formato": "exe"}).status_code == 404
