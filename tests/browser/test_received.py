"""A supplier's invoice in dollars and one on paper: filed, and counted in the book and in the modelo 303."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from playwright.sync_api import expect

from ecuanime.accounts.models import Role, User
from ecuanime.billing.einvoice.ubl import as_ubl
from ecuanime.staff.models import Firm
from tests.browser.axe import look
from tests.browser.house import House
from tests.browser.visitor import PHONE, next_page, visiting
from tests.rooms.billing.einvoice.test_faults import PLAIN

PERIOD = "?ejercicio=2026&periodo=4T"
BOUGHT_ON = date(2026, 11, 10)


def test_an_invoice_in_dollars_is_filed_stated_and_declared(house: House, chromium: Any) -> None:
    Firm.objects.update(country="ES", tax_id="B00000018")
    paper = replace(PLAIN, currency="USD", issued_on=BOUGHT_ON, due_on=None)
    clerk = User.objects.get(roles=[Role.BILLING])
    with visiting(house, chromium, user=clerk, language="en") as visitor:
        page = visitor.open("/facturas/recibidas/")
        page.set_input_files(
            "input[type=file]", {"name": "f.xml", "mimeType": "text/xml", "buffer": as_ubl(paper)}
        )
        with next_page(page):
            page.click("form[enctype] button.btn-primary")
        expect(page.locator("#h-rate")).to_be_visible()
        filed = page.url.removeprefix(house.url)
        look(visitor, filed)
        page.fill("#stated_exchange_rate", "0.92")
        page.fill("#stated_rate_on", BOUGHT_ON.isoformat())
        with next_page(page):
            page.click("form[action$='/cambio/'] button")
        expect(page.locator("main")).to_contain_text("111.32")

        page = visitor.open(f"/facturas/libros/impuestos/{PERIOD}")
        expect(page.locator("tr", has_text="28 · 29")).to_contain_text("19.32")
        for path in (
            "/facturas/recibidas/",
            "/facturas/recibidas/aduana/",
            f"/facturas/libros/impuestos/{PERIOD}",
        ):
            look(visitor, path)
            assert not visitor.has_sideways_scroll(), path


def test_a_paper_is_filed_by_hand_on_a_phone_and_withdrawn(house: House, chromium: Any) -> None:
    Firm.objects.update(country="ES", tax_id="B00000018")
    paper = {"name": "f.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 on paper"}
    clerk = User.objects.get(roles=[Role.BILLING])
    with visiting(house, chromium, user=clerk, size=PHONE) as visitor:
        visitor.expected = ["422"]
        page = visitor.open("/facturas/recibidas/")
        page.set_input_files("input[type=file]", paper)
        with next_page(page):
            page.click("form[enctype] button.btn-primary")
        expect(page.locator("main")).to_contain_text("It is kept.")
        waiting = page.url.removeprefix(house.url)
        for name, words in {
            "supplier_name": "Imprenta Sol",
            "supplier_tax_id": "A58818501",
            "number": "F-77",
            "issued_on": "2026-10-10",
            "percent_1": "21",
            "base_1": "100",
            "tax_1": "21",
            "withheld": "15",
            "to_pay": "121",
        }.items():
            page.fill(f"#id_{name}", words)
        with next_page(page):
            page.click("form[enctype] button.btn-primary")
        expect(page.locator("#id_to_pay_error")).to_contain_text("106.00")
        assert not visitor.has_sideways_scroll()
        page.fill("#id_to_pay", "106")
        with next_page(page):
            page.click("form[enctype] button.btn-primary")
        expect(page.locator("main")).to_contain_text("typed from its paper")
        filed = page.url.removeprefix(house.url)
        look(visitor, filed)
        page.click("summary:has-text('It was typed wrongly')")
        page.fill("#withdrawn_reason", "La base era otra")
        with next_page(page):
            page.click("form[action$='/retirar/'] button")
        expect(page.locator("main")).not_to_contain_text("F-77")
        page.set_input_files("input[type=file]", paper)
        with next_page(page):
            page.click("form[enctype] button.btn-primary")
        assert page.url != house.url + waiting
        look(visitor, page.url.removeprefix(house.url))
        look(visitor, "/facturas/recibidas/a-mano/")
        look(visitor, "/facturas/recibidas/")
        with next_page(page):
            page.click("form[action$='/descartar/'] button")
        expect(page.locator("#h-papers")).to_have_count(0)
