"""An emergency from the client's phone to the third invoice and the report: the client, an expert and billing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from ecuanime.accounts.models import User
from ecuanime.emergencies.models import Emergency
from tests.browser.axe import look, needs_axe
from tests.browser.house import Clock, House, open_house
from tests.browser.test_path import form_to, press, says
from tests.browser.visitor import PHONE, Visitor, visiting
from tests.factories.emergencies import STRUCK, Sala, make_sala

CASE = "EX-0001"
WORDS = {
    "es": ("60 min", "Falta la garantía", "¿Vuelve a ser normal?", "Cerrada", "informe"),
    "en": ("60 min", "The guarantee is due", "Is it normal again?", "Closed", "report"),
}


@pytest.fixture
def own_house(migrated: None, django_db_blocker: Any) -> Iterator[House]:
    with django_db_blocker.unblock(), open_house("emergency", clock=Clock(STRUCK)) as house:
        yield house


@needs_axe
@pytest.mark.parametrize("language", WORDS)
def test_from_the_declaration_to_the_third_invoice(own_house: House, chromium: Any, language: str) -> None:
    sala = make_sala()
    for person in (sala.lead.user, sala.expert, sala.clerk):
        speak(person, language)
    minutes, due, is_normal, closed, report = WORDS[language]
    with (
        visiting(own_house, chromium, user=sala.lead.user, size=PHONE, language=language) as client,
        visiting(own_house, chromium, user=sala.expert, language=language) as expert,
        visiting(own_house, chromium, user=sala.clerk, language=language) as clerk,
    ):
        declare(client, sala)
        says(client.page, CASE, minutes)
        say_viable(expert)
        accept(client)
        says(client.page, due)
        pay(clerk)
        work(own_house, sala, hours=3, minutes=10)
        do(desk(expert), "declare_normal", evidence="22 rutas creadas.")
        says(portal(client).page, is_normal)
        look(client, f"/portal/emergencias/{CASE}/")
        do(portal(client), "normal")
        sala.review()
        amounts = [bill(clerk, "invoice_2")]
        work(own_house, sala, hours=5)
        sala.write_dossier()
        do(desk(expert), "close")
        sala.review()
        amounts.append(bill(clerk, "invoice_3"))
        assert amounts == ["110.83", "125.00"]
        says(portal(client).page, closed)
        with client.page.expect_download() as waiting:
            client.page.get_by_role("link", name=re.compile(report, re.IGNORECASE)).click()
        assert Path(waiting.value.path()).read_bytes().startswith(b"%PDF-")
        look(expert, f"/emergencias/{CASE}/")


def speak(person: User | None, language: str) -> None:
    assert person
    person.language = language
    person.save(update_fields=["language"])


def desk(visitor: Visitor) -> Visitor:
    """At the case, on the firm's side."""
    visitor.open(f"/emergencias/{CASE}/")
    return visitor


def portal(visitor: Visitor) -> Visitor:
    """At the case, on the client's side."""
    visitor.open(f"/portal/emergencias/{CASE}/")
    return visitor


def do(visitor: Visitor, act: str, **values: str) -> None:
    """Fill in the form of an act and send it by its button."""
    form = visitor.page.locator(f'form:has([name="do"][value="{act}"])').first
    for name, value in values.items():
        form.locator(f"[name={name}]").fill(value)
    form.locator(f'[name="do"][value="{act}"]').click()
    visitor.page.wait_for_load_state()
    visitor.house.work()


def declare(client: Visitor, sala: Sala) -> None:
    look(client, "/portal/emergencias/nueva/")
    page = client.page
    page.select_option("[name=area]", str(sala.area.pk))
    page.fill("[name=facts]", "No arranca el servidor.")
    page.fill("[name=desired]", "Arranca y hay rutas.")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(f"**/portal/emergencias/{CASE}/")
    client.house.work()
    sala.case = Emergency.objects.get(number=CASE)


def say_viable(expert: Visitor) -> None:
    do(desk(expert), "take_on")
    figures = {"certainty": "70", "risk": "Lo de anoche.", "lasts": "5:00", "normalise": "3:00"}
    do(desk(expert), "say_viable", **figures, mitigate="6:00", guarantee_hours="2")


def accept(client: Visitor) -> None:
    """The client reads the text and what it costs, and sets a ceiling."""
    says(portal(client).page, "70", "35", "25")
    do(client, "accept", ceiling="500")


def pay(clerk: Visitor) -> None:
    """Billing notes the guarantee as paid, which opens the work."""
    page = desk(clerk).page
    page.locator("main a[href*='/facturas/F-']").first.click()
    page.wait_for_url("**/facturas/F-*/")
    press(form_to(page, "/cobros/"))
    page.wait_for_load_state()
    clerk.house.work()


def work(house: House, sala: Sala, **span: int) -> None:
    """The expert works for so long."""
    sala.again()
    sala.now = house.clock.now()
    house.clock.forward(**span)
    sala.work(**span)


def bill(clerk: Visitor, document: str) -> str:
    """A document of the case is drafted and issued by its buttons; what it comes to before tax."""
    do(desk(clerk), document)
    page = clerk.page
    page.wait_for_url(re.compile(r"/facturas/[^/]+/$"))
    clerk.open(page.url + "emitir/")
    page.click("main form button.btn-primary")
    page.wait_for_url(re.compile(r"/facturas/F-\d{4}-\d+/$"))
    clerk.house.work()
    expect(page.locator("main")).to_contain_text(re.compile(r"\d+[.,]\d\d"))
    found = re.search(r"(110|125)[.,](\d\d)", page.locator("main").inner_text())
    assert found, page.locator("main").inner_text()
    return f"{found[1]}.{found[2]}"
