"""A firm in Spain issues, is refused by the agency, registers anew, rectifies and takes back, and sees each answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ecuanime.billing.models import FiscalRecord
from ecuanime.billing.packs.es.agency.outbox import send_due
from tests.browser.axe import look, needs_axe
from tests.browser.house import Clock, House, open_house
from tests.browser.test_path import says
from tests.browser.visitor import Visitor, visiting
from tests.factories.agency import Sending, sending_firm
from tests.factories.billing import MONTH_END

WORDS = "Valor o tipo incorrecto del campo"


@pytest.fixture
def spanish_house(migrated: None, django_db_blocker: Any) -> Iterator[House]:
    with django_db_blocker.unblock(), open_house("spain", clock=Clock(MONTH_END)) as house:
        yield house


@pytest.fixture
def sending(spanish_house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sending]:
    """Its agency is a double that judges by the official schemas."""
    with sending_firm(monkeypatch) as made:
        made.admin.language = "es"
        made.admin.save()
        yield made


def send(house: House) -> None:
    """What the regular job does two minutes later, as long as the agency wants to be left alone."""
    house.clock.forward(minutes=2)
    send_due(house.clock.now)


@needs_axe
def test_issued_rejected_registered_anew_rectified_and_taken_back(
    spanish_house: House, chromium: Any, sending: Sending
) -> None:
    with visiting(spanish_house, chromium, user=sending.admin) as visitor:
        sending.agency.refuses["F-2026-0001"] = (1100, WORDS)
        first = issue(visitor, sending)
        is_refused(visitor, first)
        sending.agency.refuses.clear()
        register_anew(visitor, first)
        says(visitor.open("/facturas/fiscal/envios/"), "1 registro espera")
        send(spanish_house)
        says(visitor.open("/facturas/fiscal/envios/"), "Ningún registro espera")

        second = issue(visitor, sending)
        note = rectify(visitor, second)
        third = issue(visitor, sending)
        take_back(visitor, third)
        send(spanish_house)

        assert [each.kind for each in FiscalRecord.objects.order_by("position")] == [
            *("alta", "alta", "alta", "alta", "alta", "anulacion")
        ]
        assert sending.agency.taken == sending.chained[1:]
        says(visitor.open("/facturas/registro/"), first, second, note, third, "sigue al anterior")
        last = FiscalRecord.objects.latest("position")
        for path in ("/facturas/registro/", f"/facturas/registro/{last.pk}/", "/declaracion/"):
            look(visitor, path)
        visitor.open("/facturas/fiscal/envios/").locator("a[data-open]").first.click()
        says(visitor.page, "A-00000000000000", third)
        look(visitor, visitor.page.url)


def issue(visitor: Visitor, sending: Sending) -> str:
    """A draft of five minutes' work, issued by its button and sent at once if the agency lets us; its number."""
    sending.billing.approved(5)
    draft = sending.billing.draft()
    page = visitor.open(f"/facturas/{draft.key}/emitir/")
    page.click("main form button.btn-primary")
    page.wait_for_url(re.compile(r"/facturas/F-\d{4}-\d+/$"))
    visitor.house.work()
    number = page.url.rstrip("/").split("/")[-1]
    says(visitor.open(f"/facturas/{number}/"), "Registro fiscal", "alta F1")
    return number


def is_refused(visitor: Visitor, number: str) -> None:
    """The agency's own words stand with the way on."""
    page = visitor.open("/facturas/fiscal/envios/")
    says(page, number, "1100", WORDS)
    page.get_by_role("link", name=re.compile("Registrar de nuevo")).first.click()
    expect(page.locator("h1")).to_contain_text(number)


def register_anew(visitor: Visitor, number: str) -> None:
    """A reason is asked for; the invoice stays as it is."""
    look(visitor, f"/facturas/{number}/registro/subsanar/")
    answer(visitor.page, reason="El texto no valía", description="Soporte técnico")
    says(visitor.page, "subsanación", "El texto no valía")


def rectify(visitor: Visitor, number: str) -> str:
    """A rectifying invoice takes all of it off and has a record of its own."""
    look(visitor, f"/facturas/{number}/rectificar/")
    answer(visitor.page, reason="No se prestó")
    visitor.page.wait_for_url(re.compile(r"/facturas/R-\d{4}-\d+/$"))
    visitor.house.work()
    says(visitor.page, number)
    return visitor.page.url.rstrip("/").split("/")[-1]


def take_back(visitor: Visitor, number: str) -> None:
    """For an invoice that should not exist: a cancellation follows in the chain."""
    look(visitor, f"/facturas/{number}/registro/anular/")
    answer(visitor.page, reason="Nunca debió existir")
    says(visitor.page, "anulación", "Nunca debió existir")


def answer(page: Page, **values: str) -> None:
    """Fill in the page's question and send it."""
    for name, value in values.items():
        page.fill(f"main form [name={name}]", value)
    page.locator("main form[method=post] button[type=submit]").first.click()
    page.wait_for_load_state()


@needs_axe
def test_a_full_invoice_in_place_of_simplified_ones(
    spanish_house: House, chromium: Any, sending: Sending
) -> None:
    client, billing = sending.billing.client, sending.billing
    nif, client.tax_id = client.tax_id, ""
    client.save()
    for _ in range(2):
        billing.approved(5)
        simplified = billing.issue()
    client.tax_id = nif
    client.save()
    with visiting(spanish_house, chromium, user=sending.admin) as visitor:
        visitor.open(f"/facturas/{simplified.number}/").click("text=Factura completa")
        look(visitor, f"/facturas/{simplified.number}/completa/")
        for box in visitor.page.locator("input[name=invoices]").all():
            box.check()
        visitor.page.click("main form button.btn-primary")
        visitor.page.wait_for_url(re.compile(r"/facturas/F-2026-0003/$"))
        visitor.house.work()
        says(visitor.open("/facturas/F-2026-0003/"), "alta F3", "F-2026-0001", "F-2026-0002", "8,88")
        look(visitor, "/facturas/F-2026-0003/")
        send(spanish_house)
        assert [each.type for each in FiscalRecord.objects.order_by("position")] == ["F2", "F2", "F3"]
        assert len(sending.agency.taken) == 3
