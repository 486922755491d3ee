"""The room of an emergency on both sides at once: it stays true by itself, and nothing written is lost offline."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from ecuanime.emergencies import actions
from ecuanime.emergencies.models import Critical, Happening
from ecuanime.procedures.actions import ItemGiven, write_checklist
from tests.browser.axe import look, needs_axe
from tests.browser.house import Clock, House, open_house
from tests.browser.test_emergency import speak
from tests.browser.visitor import PHONE, Visitor, visiting
from tests.factories.emergencies import STRUCK, Scene, make_scene

LOOK_NOW = "() => window.dispatchEvent(new Event('online'))"


@pytest.fixture
def own_house(migrated: None, django_db_blocker: Any) -> Iterator[House]:
    with django_db_blocker.unblock(), open_house("room", clock=Clock(STRUCK + timedelta(hours=2))) as house:
        yield house


def opened() -> Scene:
    """A case at work for an hour, with a result to come true and a checklist at hand."""
    sala = make_scene()
    sala.declare()
    sala.write_dossier()
    sala.work(minutes=9)
    sala.answer(guarantee_hours=0)
    sala.accept(ceiling=80_00)
    sala.later(minutes=5)
    sala.work(hours=1)
    items = [ItemGiven("Clonar los discos antes de tocar nada"), ItemGiven("Huella de la copia", "text")]
    write_checklist(name="Restaurar un servidor", items=items, blocks_solving=False, now=sala.now)
    for kind, text in (("result", "Los 22 conductores ven su ruta"), ("action", "Pedir la clave del GPS")):
        actions.add_critical(emergency=sala.case, kind=kind, text=text, by=sala.expert, now=sala.now)
    return sala


@needs_axe
def test_both_sides_see_the_same_without_reloading_and_nothing_is_lost(
    own_house: House, chromium: Any
) -> None:
    sala = opened()
    for person in (sala.expert, sala.lead.user):
        speak(person, "es")
    here, there = f"/emergencias/{sala.case.number}/", f"/portal/emergencias/{sala.case.number}/"
    with (
        visiting(own_house, chromium, user=sala.expert, language="es") as expert,
        visiting(own_house, chromium, user=sala.lead.user, size=PHONE, language="es") as client,
    ):
        expert.open(here)
        client.open(there)
        note(expert, "El disco es viejo.")
        note(expert, "Discos clonados.", is_shown=True)
        expect(expert.page.locator("#linea-lista")).to_contain_text("El disco es viejo.")
        client.page.evaluate(LOOK_NOW)
        expect(client.page.locator("#linea-lista")).to_contain_text("Discos clonados.")
        assert "El disco es viejo." not in client.page.content()
        write_offline(expert, client)
        tick(expert)
        client.page.evaluate(LOOK_NOW)
        expect(client.page.locator("#critico-result")).to_contain_text("22 de 22")
        take_checklist(expert)
        own_house.work()
        for visitor, path in ((expert, here), (client, there)):
            look(visitor, path)
    assert Critical.objects.get(kind="result").state == "done"
    assert Happening.objects.filter(act="wrote").count() == 1


def note(expert: Visitor, text: str, *, is_shown: bool = False) -> None:
    """Note a fact; the page stays."""
    form = expert.page.locator("#form-line")
    form.locator("textarea").fill(text)
    if is_shown:
        form.locator("[name=is_shown]").check()
    form.locator("button").click()
    expect(form.locator("textarea")).to_have_value("")


def write_offline(expert: Visitor, client: Visitor) -> None:
    """The client writes while the connection is gone: it is kept, also through a reload, and sent once."""
    client.expected += ["ERR_INTERNET_DISCONNECTED", "Failed to load resource", "net::"]
    page = client.page
    client.context.set_offline(True)
    page.fill("#write", "Ya hay luz en la nave.")
    page.click("#form-write button")
    expect(page.locator("#form-write [role=alert]")).to_contain_text("conexión")
    client.context.set_offline(False)
    expect(page.locator("#linea-lista")).to_contain_text("Ya hay luz en la nave.", timeout=15_000)
    expect(page.locator("#write")).to_have_value("")
    page.fill("#write", "A medio escribir")
    page.reload()
    expect(page.locator("#write")).to_have_value("A medio escribir")
    expert.page.evaluate(LOOK_NOW)
    expect(expert.page.locator("#linea-lista")).to_contain_text("Ya hay luz en la nave.")


def tick(expert: Visitor) -> None:
    """The result has come true, with what shows it."""
    row = expert.page.locator("#critico-result li").first
    row.locator("summary").click()
    row.locator("select").select_option("done")
    row.locator("textarea").fill("22 de 22 confirmados")
    row.locator("button[name=do]").click()
    expect(expert.page.locator("#critico-result")).to_contain_text("22 de 22")


def take_checklist(expert: Visitor) -> None:
    expert.page.locator("#form-checklist [name=is_shown]").check()
    expert.page.locator("#form-checklist button").click()
    expect(expert.page.locator("#critico-action")).to_contain_text("Huella de la copia")
