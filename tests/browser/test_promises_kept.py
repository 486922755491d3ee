"""A supervisor reads how last month's promises were kept: all clients, one, a ticket; on paper, in a spreadsheet."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from ecuanime.accounts.models import Role, User
from ecuanime.clients.models import Client
from ecuanime.contracts.actions import set_service_level
from ecuanime.tickets.actions import reply, tell_due_deadlines
from ecuanime.worklog.models import BreachCredit
from tests.browser.axe import look, needs_axe
from tests.browser.house import House
from tests.browser.visitor import visiting
from tests.factories import make_client, make_contact, make_contract, make_person
from tests.factories.tickets import make_ticket

SENT = datetime(2026, 11, 17, 9, tzinfo=UTC)
WORDS = {
    "es": ("Plazos cumplidos", "Informe de cumplimiento", "1 de 2", "Primera respuesta"),
    "en": ("Promises kept", "Compliance report", "1 of 2", "First response"),
}


def last_month(language: str) -> tuple[User, Client]:
    """A supervisor, and a client with one promise kept and one broken in November."""
    boss = make_person(Role.SUPERVISOR, language=language)
    client = make_client(name=f"Viveros Umbral {language}")
    contact = make_contact(client)
    make_contract(client)
    set_service_level(client=client, targets={(3, "first_response"): 60}, credit_minutes=30, now=SENT)
    for minutes in (30, 90):
        ticket = make_ticket(contact=contact, subject=f"Riego {minutes}", now=SENT)
        reply(ticket=ticket, author=boss, text="Ya.", now=SENT + timedelta(minutes=minutes))
    tell_due_deadlines(now=SENT + timedelta(hours=2))
    return boss, client


def download(page: Page, name: str) -> bytes:
    """What a link of the page hands over."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).click()
    return Path(waiting.value.path()).read_bytes()


@needs_axe
@pytest.mark.parametrize("language", WORDS)
def test_a_supervisor_reads_last_months_promises(house: House, chromium: Any, language: str) -> None:
    heading, report, kept, promise = WORDS[language]
    boss, client = last_month(language)
    with visiting(house, chromium, user=boss, language=language) as visitor:
        page = visitor.open("/plazos/cumplimiento/")
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        page.get_by_role("link", name=client.name).click()
        expect(page.get_by_role("heading", name=report)).to_be_visible()
        expect(page.locator(".ec-facts").first).to_contain_text(kept)
        expect(page.locator("[aria-labelledby=h-time]").first).to_contain_text(promise)
        address = page.url
        rows = download(page, "CSV").decode("utf-8-sig").splitlines()
        assert [row.split(",")[7] for row in rows if row.startswith("time")] == ["met", "breached"]
        paper = PdfReader(io.BytesIO(download(page, "PDF")))
        assert report in "".join(sheet.extract_text() for sheet in paper.pages)
        behind = page.get_by_role("table", name=re_list(language))
        behind.get_by_role("link", name="Riego 90").click()
        page.wait_for_url("**/tickets/**")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Riego 90")
        page.go_back()
        page.locator("form[action$='/abonar/'] button").click()
        expect(page.locator("form[action$='/abonar/']")).to_have_count(0)
        assert [row.minutes for row in BreachCredit.objects.filter(given_by=boss)] == [30]
        look(visitor, address)
        look(visitor, "/plazos/cumplimiento/")


def re_list(language: str) -> str:
    """What the table of all promises is called."""
    return {"es": "Todos los plazos del mes", "en": "Every promise of the month"}[language]
