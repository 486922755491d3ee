"""The page of the tax books: summaries and rows of a period, and their files."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from ecuanime.accounts.models import Role
from ecuanime.staff.models import Firm
from tests.factories import make_person
from tests.factories.billing import make_received
from tests.rooms.billing.drafts.test_taxed_lines import in_spain

pytestmark = pytest.mark.django_db
PAGE = "/facturas/libros/impuestos/"
QUARTER = {"ejercicio": "2026", "periodo": "4T"}


@pytest.fixture
def browser() -> Browser:
    """The billing clerk, with one invoice of the quarter."""
    billing = in_spain()
    billing.approved(60)
    billing.issue()
    browser = Browser()
    browser.force_login(billing.clerk)
    return browser


def test_the_page_shows_the_sums_and_the_book_of_the_period(browser: Browser) -> None:
    page = browser.get(PAGE, QUARTER)

    said = page.content.decode()
    assert page.status_code == 200
    assert "07 · 09" in said
    assert "B58378431" in said
    assert "9.24" in said


def test_a_period_without_documents_says_so(browser: Browser) -> None:
    page = browser.get(PAGE, QUARTER | {"periodo": "1T"})

    assert "07 · 09" not in page.content.decode()
    assert page.status_code == 200


@pytest.mark.parametrize(("country", "has_a_tab"), [("ES", True), ("MX", False)])
def test_the_way_to_them_is_shown_where_they_are_kept(
    browser: Browser, country: str, has_a_tab: bool
) -> None:
    Firm.objects.update(country=country)
    assert (f'href="{PAGE}"' in browser.get("/facturas/").content.decode()) is has_a_tab
    assert ("not in Spain" in browser.get(PAGE, QUARTER).content.decode()) is not has_a_tab


def test_the_files(browser: Browser) -> None:
    book = browser.get(PAGE, QUARTER | {"formato": "csv", "libro": "expedidas"})
    sheets = browser.get(PAGE, QUARTER | {"formato": "xlsx"})

    text = b"".join(book.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.count("\r\n") == 2
    assert 'filename="expedidas-2026-4T.csv"' in book["Content-Disposition"]
    workbook = load_workbook(BytesIO(b"".join(sheets.streaming_content)))  # type: ignore[attr-defined]
    assert workbook.sheetnames == [
        *("Facturas expedidas", "Facturas recibidas"),
        *("Modelo 303", "Modelo 347", "Modelo 349"),
    ]


def test_what_was_received_is_deducted_and_has_its_file(browser: Browser) -> None:
    received = make_received(filed_by=make_person(Role.BILLING))
    received.taxes.update(category="AE", percent=0, amount=0)

    said = browser.get(PAGE, QUARTER).content.decode()
    book = browser.get(PAGE, QUARTER | {"formato": "csv", "libro": "recibidas"})

    assert "36 · 37" in said
    assert "One tax line of received invoices" in said
    text = b"".join(book.streaming_content).decode()  # type: ignore[attr-defined]
    assert f",{received.number},IE4749148U,Nube Clara,123.00,100.00,0,0.00," in text


def test_what_waits_for_its_rate_says_so_and_leads_to_it(browser: Browser) -> None:
    make_received(filed_by=make_person(Role.BILLING), currency="USD")

    said = browser.get(PAGE, QUARTER).content.decode()

    assert "waits for its exchange rate" in said
    assert 'href="/facturas/recibidas/"' in said
    assert "0 tax lines of received invoices are in these figures" in said


def test_what_is_typed_stands_in_the_303(browser: Browser) -> None:
    address = f"{PAGE}ajustes/?ejercicio=2026&periodo=4T"
    sent = {"box": "44", "amount": "-12.50", "reason": "Prorrata definitiva"}

    assert browser.post(address, sent | {"reason": ""}).status_code == 422
    assert browser.post(address, sent | {"amount": "0"}).status_code == 422
    assert browser.post(address, sent).url == f"{PAGE}?ejercicio=2026&periodo=4T"  # type: ignore[attr-defined]

    said = browser.get(PAGE, QUARTER).content.decode()
    assert "Prorrata definitiva" in said
    assert "44 · Regularisation by the final pro rata" in said
    assert said.count("12.50") == 3  # where it was typed, in its box, and in all that is deducted
    year = browser.get(PAGE, QUARTER | {"periodo": "0A"}).content.decode()
    assert "Choose a quarter or a month" in year
    assert browser.post(f"{PAGE}ajustes/?ejercicio=2026&periodo=0A", sent).status_code == 422


def test_one_more_received_invoice_costs_no_query(browser: Browser) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(PAGE, QUARTER).status_code == 200
        return len(queries)

    clerk = make_person(Role.BILLING)
    make_received(filed_by=clerk)
    asked()
    one = asked()
    make_received(filed_by=clerk, currency="USD")
    make_received(filed_by=clerk)

    assert asked() == one


@pytest.mark.parametrize("wrong", [{"formato": "exe"}, {"formato": "csv", "libro": "x"}])
def test_what_is_no_file_is_not_found(browser: Browser, wrong: dict[str, str]) -> None:
    assert browser.get(PAGE, QUARTER | wrong).status_code == 404


@pytest.mark.parametrize("wrong", [{"periodo": "5T"}, {"ejercicio": "9" * 50}])
def test_what_is_no_period_is_said(browser: Browser, wrong: dict[str, str]) -> None:
    assert browser.get(PAGE, QUARTER | wrong).status_code == 422
