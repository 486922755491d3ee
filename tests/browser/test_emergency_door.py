"""An emergency of a firm that is not known, from the public form on a phone to the guarantee's proof of payment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from ecuanime.delivery.models import OutgoingMail
from ecuanime.emergencies.models import Emergency
from tests.browser.axe import look, needs_axe
from tests.browser.house import Clock, House, open_house
from tests.browser.test_emergency import desk, do
from tests.browser.test_path import says
from tests.browser.visitor import PHONE, Visitor, next_page, visiting
from tests.factories.emergencies import STRUCK, make_sala

SAID = {
    "facts": "No hay correo desde anoche.",
    "since": "las 23:10",
    "desired": "Entra y sale correo.",
    "firm": "Fundiciones Ruano",
    "name": "Elena Ruano",
    "email": "elena@ruano.example",
    "phone": "+34 600 000 001",
}
THEIRS = {
    "legal_name": "Fundiciones Ruano SL",
    "tax_id": "IE6388047V",
    "address": "Calle Larga, 4",
    "city": "Galway",
}
PDF = {"mimeType": "application/pdf", "buffer": b"%PDF-1.7"}


@pytest.fixture
def own_house(migrated: None, django_db_blocker: Any) -> Iterator[House]:
    with django_db_blocker.unblock(), open_house("door", clock=Clock(STRUCK)) as house:
        yield house


@needs_axe
def test_from_the_public_form_on_a_phone_to_the_proof_of_payment(own_house: House, chromium: Any) -> None:
    sala = make_sala(takes_strangers=True)
    with (
        visiting(own_house, chromium, size=PHONE) as stranger,
        visiting(own_house, chromium, user=sala.expert) as expert,
    ):
        page = stranger.page
        declare(stranger)
        case = Emergency.objects.get()
        says(page, case.number, "60 min")
        do(desk(expert), "take_on")
        figures = {"certainty": "70", "risk": "Lo de anoche.", "lasts": "5:00", "normalise": "3:00"}
        do(desk(expert), "say_viable", **figures, mitigate="6:00", guarantee_hours="2")
        where = page.url.removeprefix(own_house.url)
        look(stranger, where)
        page.select_option("[name=country]", "IE")
        do(stranger, "identity", **THEIRS)
        page.locator("summary", has_text="acuerdo").click()
        page.set_input_files("#own_agreement", {"name": "acuerdo.pdf", **PDF})
        do(stranger, "agreement")
        says(page, "acuerdo.pdf", "SHA-256")
        do(stranger, "accept", name="Elena R. Ruano")
        says(page, "F-2026-0001")
        page.set_input_files("#files", {"name": "pago.pdf", **PDF})
        do(stranger, "proof")
        says(page, "pago.pdf")
        do(stranger, "write", body="Ya está pagado.")
        says(page, "Ya está pagado.")
        assert not stranger.has_sideways_scroll()
        do(desk(expert), "start_on_proof")
    case.refresh_from_db()
    assert (case.stage, case.acceptance.name) == ("normalising", "Elena R. Ruano")


def declare(stranger: Visitor) -> None:
    """They say what has stopped, and prove their address by the link in their mail."""
    look(stranger, "/urgencia/")
    page = stranger.page
    for name, value in SAID.items():
        page.fill(f"[name={name}]", value)
    stranger.house.clock.forward(seconds=10)
    with next_page(page):
        page.locator("main form button[type=submit]").last.click()
    found = re.search(r"/urgencia/\S+/", OutgoingMail.objects.latest("pk").text)
    assert found
    stranger.open(found[0])
    with next_page(page):
        page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/caso/**")
    stranger.house.work()
