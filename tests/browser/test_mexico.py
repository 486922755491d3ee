"""A firm in Mexico issues, is rejected by its PAC, corrects, gets the stamp, and is paid in two parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from ecuanime.billing.packs.mx.pac.outbox import stamp_due
from tests.browser.axe import look, needs_axe
from tests.browser.house import Clock, House, open_house
from tests.browser.test_path import form_to, press, says
from tests.browser.visitor import Visitor, visiting
from tests.factories import make_contact
from tests.factories.billing import MONTH_END
from tests.factories.mexico import CLIENT_RFC, Stamping, cfdi_of, stamping_firm

WORDS = "El campo Nombre no corresponde"


@pytest.fixture
def mexican_house(migrated: None, django_db_blocker: Any) -> Iterator[House]:
    with django_db_blocker.unblock(), open_house("mexico", clock=Clock(MONTH_END)) as house:
        yield house


@pytest.fixture
def stamping(mexican_house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stamping]:
    """Its PAC is a double that speaks the public protocol of one."""
    with stamping_firm(monkeypatch) as made:
        made.admin.language = "es"
        made.admin.save()
        yield made


@needs_axe
def test_rejected_corrected_stamped_and_paid_in_two_parts(
    mexican_house: House, chromium: Any, stamping: Stamping
) -> None:
    with visiting(mexican_house, chromium, user=stamping.admin) as visitor:
        stamping.pac.refuses[CLIENT_RFC] = ("CFDI40145", WORDS)
        number = issue(visitor, stamping)
        is_rejected(visitor, number)
        stamping.pac.refuses.clear()
        correct(visitor, stamping, number)
        for amount in ("1000.00", "836.66"):
            pay(visitor, number, amount)
        says(visitor.open(f"/facturas/{number}/"), "Pagada")
        look(visitor, f"/facturas/{number}/")
        for words in ("Cancelar en el SAT", "Sustituir el CFDI"):
            visitor.open(f"/facturas/{number}/").get_by_role("link", name=words).first.click()
            look(visitor, visitor.page.url)
        for path in (f"/facturas/{number}/otros-importes/", "/ajustes/mexico/?clave=soporte"):
            look(visitor, path)
        assert len(stamping.pac.stamped) == 3
    stamping.sent()
    reader = make_contact(stamping.billing.client, signs_in=True, sees_invoices=True, language="es")
    with visiting(mexican_house, chromium, user=reader.user) as visitor:
        look(visitor, "/portal/facturas/recibos/")
        says(visitor.page, cfdi_of(stamping.billing.client.invoices.get(number=number)).uuid, "XML", "PDF")


def issue(visitor: Visitor, stamping: Stamping) -> str:
    """A draft of a hundred minutes, issued by its button and sent to the PAC; its number."""
    draft = stamping.draft(100)
    page = visitor.open(f"/facturas/{draft.key}/emitir/")
    page.click("main form button.btn-primary")
    page.wait_for_url(re.compile(r"/facturas/F-\d{4}-\d+/$"))
    send(visitor.house)
    return page.url.rstrip("/").split("/")[-1]


def send(house: House) -> None:
    """What the regular job does."""
    house.work()
    stamp_due(house.clock.now)
    house.work()


def is_rejected(visitor: Visitor, number: str) -> None:
    """The PAC's own words stand on the list and on the invoice."""
    says(visitor.open("/facturas/timbrado/"), number, "CFDI40145", WORDS)
    look(visitor, "/facturas/timbrado/")
    says(visitor.open(f"/facturas/{number}/"), "CFDI40145", WORDS)
    look(visitor, f"/facturas/{number}/abandonar/")


def correct(visitor: Visitor, stamping: Stamping, number: str) -> None:
    """The client's name is put right, the same number is sealed anew, and its UUID comes."""
    path = f"/clientes/{stamping.billing.client.code}/sat/"
    look(visitor, path)
    page = visitor.open(path)
    page.fill("[name=name]", "UNIVERSIDAD ROBOTICA")
    page.locator("main form[method=post] button[type=submit]").first.click()
    page.wait_for_load_state()
    press(form_to(visitor.open(f"/facturas/{number}/"), "/sellar/"))
    page.wait_for_load_state()
    send(visitor.house)
    issued = stamping.billing.client.invoices.get(number=number)
    says(visitor.open(f"/facturas/{number}/"), cfdi_of(issued).uuid)


def pay(visitor: Visitor, number: str, amount: str) -> None:
    """A payment is noted, and its complement sealed and stamped."""
    page = visitor.open(f"/facturas/{number}/")
    page.fill("#pay_amount", amount)
    press(form_to(page, "/cobros/"))
    page.wait_for_load_state()
    press(form_to(visitor.open(f"/facturas/{number}/"), "/complemento/"))
    page.wait_for_load_state()
    send(visitor.house)
    expect(visitor.open("/facturas/timbrado/").locator("body")).not_to_contain_text("sin complemento")
