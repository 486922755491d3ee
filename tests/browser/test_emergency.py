"""An emergency to the third invoice and the report: by a firm that nobody knew on a phone, and in the portal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from ecuanime.accounts.models import User
from ecuanime.delivery.models import OutgoingMail
from ecuanime.emergencies.models import Emergency
from ecuanime.notices.models import Notice
from tests.browser.axe import look, needs_axe
from tests.browser.house import Clock, House, open_house
from tests.browser.test_card_payment import STRIPE, pay_at_stripe
from tests.browser.test_path import form_to, press, says
from tests.browser.visitor import PHONE, Visitor, next_page, visiting
from tests.factories.cards import double_of_stripe, set_up
from tests.factories.emergencies import STRUCK, Scene, make_scene
from tests.stripe import StripeDouble

CASE = "EX-0001"
TROUBLE = {"facts": "No hay correo desde anoche.", "desired": "Entra y sale correo."}
SAID = TROUBLE | {
    "since": "las 23:10",
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


@dataclass(frozen=True)
class Words:
    """What a page says, in the language of who reads it."""

    mailed: str
    whose: str
    due: str
    is_confirming: str
    is_normal: str
    closed: str
    cannot: str
    free: str
    normalising: str
    mitigating: str


WORDS = {
    "es": Words(
        mailed="Falta confirmar la emergencia",
        whose="Para quién son las facturas",
        due="Falta la garantía",
        is_confirming="El pago con tarjeta se está confirmando",
        is_normal="¿Vuelve a ser normal?",
        closed="Cerrada",
        cannot="Esta vez no podemos ayudar",
        free="No cuesta nada",
        normalising="En normalización",
        mitigating="Mitigación de las causas",
    ),
    "en": Words(
        mailed="Confirm your emergency",
        whose="Whom the invoices are for",
        due="The guarantee is due",
        is_confirming="Your card payment is being confirmed",
        is_normal="Is it normal again?",
        closed="Closed",
        cannot="This time we cannot help you",
        free="It costs you nothing",
        normalising="Normalising",
        mitigating="Fixing the causes",
    ),
}


@pytest.fixture
def own_house(migrated: None, django_db_blocker: Any) -> Iterator[House]:
    with django_db_blocker.unblock(), open_house("emergency", clock=Clock(STRUCK)) as house:
        yield house


@pytest.fixture
def cards(own_house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[StripeDouble]:
    """Stripe's API is a double on loopback."""
    with double_of_stripe(monkeypatch) as double:
        yield double


@needs_axe
@pytest.mark.parametrize("language", WORDS)
def test_from_the_public_form_on_a_phone_to_the_third_invoice(
    own_house: House, chromium: Any, cards: StripeDouble, language: str
) -> None:
    """Work starts on the proof of payment in Spanish, and on a payment by card in English."""
    sala, words = make_scene(takes_strangers=True), WORDS[language]
    set_up(sala.administrator)
    for person in (sala.expert, sala.clerk):
        speak(person, language)
    with (
        visiting(own_house, chromium, size=PHONE, language=language) as stranger,
        visiting(own_house, chromium, user=sala.expert, language=language) as expert,
        visiting(own_house, chromium, user=sala.clerk, language=language) as clerk,
    ):
        page = stranger.page
        way = declare(stranger, sala, words)
        says(page, CASE, "60 min")
        say_viable(expert)
        look(stranger, way)
        says(page, words.whose, "70", "35", "25")
        accept(stranger)
        says(page, words.due, "F-2026-0001")
        prove(stranger)
        if language == "es":
            do(desk(expert), "start_on_proof")
            pay(clerk)
        else:
            pay_by_card(stranger, cards, words)
        work(own_house, sala, hours=3, minutes=10)
        do(desk(expert), "declare_normal", evidence="Sale y entra correo.")
        look(stranger, way)
        says(page, words.is_normal)
        do(stranger, "normal")
        sala.review()
        amounts = [bill(clerk, "invoice_2")]
        work(own_house, sala, hours=5)
        sala.write_dossier()
        do(desk(expert), "close")
        sala.review()
        amounts.append(bill(clerk, "invoice_3"))
        assert amounts == ["110.83", "125.00"]
        says(stranger.open(way), words.closed)
        assert re.search(r"125[.,]00", text_of(download(stranger, "factura/3/")))
        assert CASE in text_of(download(stranger, "informe/"))
        assert not stranger.has_sideways_scroll()
    assert sala.again().acceptance.name == "Elena R. Ruano"


@needs_axe
def test_declared_accepted_and_confirmed_in_the_portal(own_house: House, chromium: Any) -> None:
    """A client with an account does the same there; what the firm does meanwhile is done past its pages."""
    sala = make_scene()
    speak(sala.lead.user, "es")
    with visiting(own_house, chromium, user=sala.lead.user, size=PHONE) as client:
        page = client.page
        client.open("/portal/emergencias/nueva/")
        fill(client, **TROUBLE)
        with next_page(page):
            page.locator("main form button[type=submit]").first.click()
        says(page, CASE, "60 min")
        sala.case = Emergency.objects.get(number=CASE)
        sala.answer()
        says(client.open(f"/portal/emergencias/{CASE}/"), "70", "35", "25")
        do(client, "accept", ceiling="500")
        says(page, "Falta la garantía")
        sala.pay()
        work(own_house, sala, hours=3, minutes=10)
        sala.normal()
        says(client.open(f"/portal/emergencias/{CASE}/"), "¿Vuelve a ser normal?")
        do(client, "normal")
        assert sala.again().stage == "mitigating"


@needs_axe
@pytest.mark.parametrize("language", WORDS)
def test_not_viable_and_then_a_relapse_on_a_clients_phone(
    own_house: House, chromium: Any, language: str
) -> None:
    """What goes badly is said as clearly: no, with where else to turn; and that it is not normal after all."""
    sala, words = make_scene(), WORDS[language]
    for person in (sala.expert, sala.lead.user):
        speak(person, language)
    with (
        visiting(own_house, chromium, user=sala.lead.user, size=PHONE, language=language) as client,
        visiting(own_house, chromium, user=sala.expert, language=language) as expert,
    ):
        sala.declare()
        say_no(expert)
        there = f"/portal/emergencias/{CASE}/"
        look(client, there)
        says(client.page, words.cannot, "El disco ya no gira.", "Laboratorio Gira, 900 100 200", words.free)
        expect(client.page.locator("form:has([value=accept])")).to_have_count(0)
        assert [each.to for each in OutgoingMail.objects.filter(text__contains="Laboratorio Gira")] == [
            [sala.lead.email]
        ]

        sala.declare(facts="Vuelve a caer el correo.")
        here, there = (each.replace(CASE, sala.case.number) for each in (f"/emergencias/{CASE}/", there))
        sala.answer(guarantee_hours=0)
        sala.accept()
        work(own_house, sala, hours=1)
        expert.open(here)
        do(expert, "declare_normal", evidence="Sale y entra correo.")
        says(client.open(there), words.is_normal)
        client.page.locator("details:has([value=relapse]) > summary").click()
        do(client, "relapse", reason="Se ha vuelto a parar.")
        look(client, there)
        says(client.page, words.normalising, "Se ha vuelto a parar.")
        says(expert.open(here), words.normalising, "Se ha vuelto a parar.")
        assert Notice.objects.filter(user=sala.expert, title__contains=sala.case.number).exists()
        work(own_house, sala, minutes=30)
        expert.open(here)
        do(expert, "declare_normal", evidence="Ahora sí.")
        client.open(there)
        do(client, "normal")
        says(client.page, words.mitigating)
        assert not client.has_sideways_scroll()
    phases = sala.again().ticket.terms_windows.order_by("since")
    assert [each.is_free for each in phases] == [True, False, False, False, False]


def say_no(expert: Visitor) -> None:
    """The expert takes it on, and says why not and where else they can turn."""
    do(desk(expert), "take_on")
    expert.page.locator("#say-no > summary").click()
    do(expert, "say_not_viable", reason="El disco ya no gira.", elsewhere="Laboratorio Gira, 900 100 200")


def speak(person: User | None, language: str) -> None:
    assert person
    person.language = language
    person.save(update_fields=["language"])


def desk(visitor: Visitor) -> Visitor:
    """At the case, on the firm's side."""
    visitor.open(f"/emergencias/{CASE}/")
    return visitor


def fill(visitor: Visitor, **values: str) -> None:
    """Write into the fields of a page."""
    for name, value in values.items():
        visitor.page.fill(f"[name={name}]", value)


def do(visitor: Visitor, act: str, **values: str) -> None:
    """Fill in the form of an act and send it by its button."""
    form = visitor.page.locator(f'form:has([name="do"][value="{act}"])').first
    for name, value in values.items():
        form.locator(f"[name={name}]").fill(value)
    with next_page(visitor.page):
        form.locator(f'[name="do"][value="{act}"]').click()
    visitor.house.work()


def declare(stranger: Visitor, sala: Scene, words: Words) -> str:
    """They say what has stopped, and prove their address by the link in their mail; where their case is."""
    look(stranger, "/urgencia/")
    page = stranger.page
    fill(stranger, **SAID)
    stranger.house.clock.forward(seconds=10)
    with next_page(page):
        page.locator("main form button[type=submit]").last.click()
    mail = OutgoingMail.objects.latest("pk")
    found = re.search(r"/urgencia/\S+/", mail.text)
    assert found
    assert words.mailed in mail.subject
    stranger.open(found[0])
    with next_page(page):
        page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/caso/**")
    stranger.house.work()
    sala.case = Emergency.objects.get(number=CASE)
    sala.client = sala.case.client
    return page.url.removeprefix(stranger.house.url)


def say_viable(expert: Visitor) -> None:
    do(desk(expert), "take_on")
    figures = {"certainty": "70", "risk": "Lo de anoche.", "lasts": "5:00", "normalise": "3:00"}
    do(desk(expert), "say_viable", **figures, mitigate="6:00", guarantee_hours="2")


def accept(stranger: Visitor) -> None:
    """They say whom the invoices are for, send an agreement of their own, and accept with a ceiling."""
    page = stranger.page
    page.select_option("[name=country]", "IE")
    do(stranger, "identity", **THEIRS)
    page.locator("details:has(#own_agreement) > summary").click()
    page.set_input_files("#own_agreement", {"name": "acuerdo.pdf", **PDF})
    do(stranger, "agreement")
    says(page, "acuerdo.pdf", "SHA-256")
    do(stranger, "accept", name="Elena R. Ruano", ceiling="500")


def prove(stranger: Visitor) -> None:
    """They send the proof that they have paid, and say so."""
    stranger.page.set_input_files("#files", {"name": "pago.pdf", **PDF})
    do(stranger, "proof")
    says(stranger.page, "pago.pdf")
    do(stranger, "write", body="Ya está pagado.")
    says(stranger.page, "Ya está pagado.")


def pay(clerk: Visitor) -> None:
    """Billing notes the guarantee as paid."""
    page = desk(clerk).page
    page.locator("main a[href*='/facturas/F-']").first.click()
    page.wait_for_url("**/facturas/F-*/")
    press(form_to(page, "/cobros/"))
    page.wait_for_load_state()
    clerk.house.work()


def pay_by_card(stranger: Visitor, cards: StripeDouble, words: Words) -> None:
    """Off to Stripe's page and back; its event notes the payment, which opens the work."""
    page = stranger.page
    stranger.expected.append(STRIPE)
    with page.expect_request(f"{STRIPE}/**"):
        page.locator("form[action$='/pagar/1/'] button").click()
    [(fields, session)] = cards.sessions.values()
    page.wait_for_url("chrome-error://**")  # there is no Stripe here
    says(stranger.open(fields["success_url"]), words.is_confirming)
    expect(page.locator("form[action$='/pagar/1/']")).to_have_count(0)  # so that nobody pays twice
    pay_at_stripe(stranger.house, session)


def work(house: House, sala: Scene, **span: int) -> None:
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


def download(stranger: Visitor, path: str) -> Path:
    """A file whose link stands on the page."""
    with stranger.page.expect_download() as waiting:
        stranger.page.locator(f"main a[href$='{path}']").first.click()
    return waiting.value.path()


def text_of(pdf: Path) -> str:
    return "".join(page.extract_text() for page in PdfReader(pdf).pages)
