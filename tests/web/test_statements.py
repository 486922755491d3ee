"""Statements of hours: the page, the CSV and the PDF say the same, in the office and in the portal."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from ecuanime.contracts.models import Contract, PlanKind
from ecuanime.entitlements.actions import void_unused
from ecuanime.web.components import statement_files
from tests.factories import NOW, make_contact, make_contract, make_firm, make_person, make_site
from tests.factories.entitlements import make_lot, make_pack
from tests.rooms.entitlements.approving import approve, at, contract_by_the_minute

pytestmark = pytest.mark.django_db

FEBRUARY = "desde=2026-02-01&hasta=2026-02-28"


@pytest.fixture(autouse=True)
def today(time_machine: Any) -> None:
    make_firm()
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def contract() -> Contract:
    """A pack of 10 h, of which 1 h 40 went in January and 50 min in February."""
    contract = contract_by_the_minute()
    make_lot(contract, 600, now=at(1, 1), code="BN-0001")
    approve(contract, 100, date(2026, 1, 20), at(1, 21))
    approve(contract, 50, date(2026, 2, 2), at(2, 3))
    return contract


@pytest.fixture
def technician(client: Browser) -> Browser:
    client.force_login(make_person("technician", language="en"))
    return client


@pytest.fixture
def contact(contract: Contract) -> Browser:
    browser = Browser()
    browser.force_login(make_contact(contract.client, signs_in=True, language="en").user)  # type: ignore[arg-type]
    return browser


def addresses(contract: Contract) -> tuple[str, str]:
    return f"/contratos/{contract.number}/libro/", f"/portal/horas/{contract.number}/extracto/"


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().replace("\xa0", " ").split())


def rows_of(response: Any) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_page_file_and_paper_agree(contract: Contract, technician: Browser, contact: Browser) -> None:
    for browser, address in zip((technician, contact), addresses(contract), strict=True):
        page = text_of(browser.get(f"{address}?{FEBRUARY}"))
        assert "<dt>Opening balance</dt><dd>8 h 20</dd>" in page
        assert "<dt>Closing balance</dt><dd>7 h 30</dd>" in page
        assert "−0 h 50" in page
        assert "−1 h 40" not in page

        rows = rows_of(browser.get(f"{address}csv/?{FEBRUARY}"))
        assert rows[1][-1] == "500"
        assert rows[2][0].startswith("2026-02-03T10:00")
        assert rows[2][1:] == ["Used", "", "BN-0001", "-50", "450"]
        assert rows[3][-1] == "450"
        assert len(rows) == 4

        paper = browser.get(f"{address}pdf/?{FEBRUARY}")
        text = PdfReader(io.BytesIO(paper.content)).pages[0].extract_text().replace("\xa0", " ")
        for words in ("Opening balance", "8 h 20", "−0 h 50", "Closing balance", "7 h 30", contract.number):
            assert words in text
        assert paper.headers["Content-Disposition"] == f'attachment; filename="{contract.number}.pdf"'


def test_what_counts_incidents_says_so(technician: Browser) -> None:
    contract = make_contract(kind=PlanKind.INCIDENT_PACK)
    make_pack(contract, 5)
    office, _portal = addresses(contract)

    rows = rows_of(technician.get(f"{office}csv/"))
    assert rows[0][-2:] == ["incidents", "balance_incidents"]
    assert rows[-1][-1] == "5"
    paper = technician.get(f"{office}pdf/")
    text = PdfReader(io.BytesIO(paper.content)).pages[0].extract_text().replace("\xa0", " ")
    assert "Incidents statement" in text
    assert "+5 incidents" in text
    assert "Hours" not in text


def test_one_lot_can_be_asked_for(contract: Contract, technician: Browser) -> None:
    make_lot(contract, 60, now=at(3, 1), code="BN-0002")
    office, _portal = addresses(contract)

    assert "Closing balance</dt><dd>1 h 00" in text_of(technician.get(f"{office}?lote=BN-0002"))
    rows = rows_of(technician.get(f"{office}csv/?lote=BN-0002"))
    assert [row[-1] for row in rows[1:]] == ["0", "60", "60"]


def test_a_lot_that_pays_at_some_sites_alone_names_them(
    contract: Contract, technician: Browser, contact: Browser
) -> None:
    contract.lots.get().sites.add(make_site(contract.client, "Taller"), make_site(contract.client, "Almacén"))
    named = "BN-0001 (Almacén, Taller)"
    for browser, address in zip((technician, contact), addresses(contract), strict=True):
        assert named in text_of(browser.get(f"{address}?{FEBRUARY}"))
        assert rows_of(browser.get(f"{address}csv/?{FEBRUARY}"))[2][3] == named
        paper = browser.get(f"{address}pdf/?{FEBRUARY}&lote=BN-0001").content
        assert f"· {named}" in PdfReader(io.BytesIO(paper)).pages[0].extract_text().replace("\xa0", " ")


def test_the_why_of_a_movement_is_in_the_file_and_is_no_formula(
    contract: Contract, technician: Browser
) -> None:
    lot = contract.lots.get()
    void_unused(lot=lot, reason='=HYPERLINK("x")', now=at(4, 1), idempotency_key="v")

    rows = rows_of(technician.get(addresses(contract)[0] + "csv/"))

    assert rows[-2][1:3] == ["Cancelled", '\'=HYPERLINK("x")']


def test_days_that_cannot_be_are_said_so(contract: Contract, technician: Browser, contact: Browser) -> None:
    for browser, address in zip((technician, contact), addresses(contract), strict=True):
        response = browser.get(f"{address}?desde=2026-02-02&hasta=2026-02-01")
        assert response.status_code == 422
        assert "The last day is before the first one." in text_of(response)
        assert browser.get(f"{address}?lote=BN-9999").status_code == 422


def test_what_is_too_long_to_print_leads_back(
    contract: Contract, technician: Browser, contact: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statement_files, "MOST_PRINTED", 2)
    for browser, address in zip((technician, contact), addresses(contract), strict=True):
        response = browser.get(f"{address}pdf/", follow=True)
        assert response.redirect_chain[-1][0] == address
        assert "too many movements to print" in text_of(response)


def test_hours_that_the_client_does_not_see_are_not_there(contract: Contract, contact: Browser) -> None:
    Contract.objects.filter(pk=contract.pk).update(hours_visible=False)
    _office, portal = addresses(contract)
    for address in (portal, f"{portal}csv/", f"{portal}pdf/"):
        assert contact.get(address).status_code == 404


def test_a_statement_costs_the_same_with_two_movements_and_with_three(
    technician: Browser, contact: Browser, contract: Contract
) -> None:
    office, portal = addresses(contract)
    counts = []
    for span in ("?hasta=2026-01-31", ""):
        with CaptureQueriesContext(connection) as asked:
            technician.get(office + span)
            contact.get(portal + span)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_one_statement_over_all_contracts_agrees_on_page_file_and_paper(
    contract: Contract, technician: Browser, contact: Browser
) -> None:
    second = make_contract(contract.client)
    make_lot(second, 300, now=at(2, 10), code="BN-0002")
    for browser, address in (
        (technician, f"/clientes/{contract.client.code}/extracto/"),
        (contact, "/portal/horas/extracto/"),
    ):
        page = text_of(browser.get(f"{address}?{FEBRUARY}"))
        assert "<dt>Opening balance</dt><dd>8 h 20</dd>" in page
        assert "<dt>Closing balance</dt><dd>12 h 30</dd>" in page
        assert f"{second.number} · BN-0002" in page

        rows = rows_of(browser.get(f"{address}csv/?{FEBRUARY}"))
        assert [row[-1] for row in rows[1:]] == ["500", "450", "750", "750"]

        paper = PdfReader(io.BytesIO(browser.get(f"{address}pdf/?{FEBRUARY}").content))
        text = paper.pages[0].extract_text().replace("\xa0", " ")
        for words in ("All contracts", "8 h 20", "12 h 30", contract.number, second.number):
            assert words in text


def test_of_all_contracts_the_client_sees_those_whose_hours_it_sees(
    contract: Contract, contact: Browser
) -> None:
    hidden = make_contract(contract.client, hours_visible=False)
    make_lot(hidden, 300, now=at(2, 10), code="BN-0009")
    page = text_of(contact.get("/portal/horas/extracto/"))
    assert "BN-0009" not in page
    assert "<dt>Closing balance</dt><dd>7 h 30</dd>" in page
