"""The path: from the set-up link to a paid invoice that explains itself, on screen, in Spanish."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from ecuanime.accounts.setup import setup_link
from tests.browser.arriving import receive
from tests.browser.axe import look, needs_axe
from tests.browser.house import House
from tests.browser.visitor import Visitor, visiting
from tests.rooms.delivery.conftest import PostOffice, running

SUPPORT = "soporte@nodoalisio.example"
ELVIRA = "elvira.sotillo@tierraparda.example"
QUESTION = b"""From: Elvira Sotillo <elvira.sotillo@tierraparda.example>
To: soporte@nodoalisio.example
Subject: No podemos imprimir las etiquetas
Message-ID: <primera@tierraparda.example>
Date: Tue, 10 Nov 2026 10:44:00 +0100
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Buenos d\xc3\xadas: la impresora de la bodega no saca las etiquetas.
"""


@dataclass
class Story:
    """Who takes part: the firm's desk, the client's window, and the mail server between them."""

    house: House
    desk: Visitor
    client: Visitor
    post: PostOffice

    def mail_to(self, address: str, word: str) -> EmailMessage:
        """The latest mail to an address that says `word`; the outbox is worked off first."""
        self.house.work()
        mails = [self.post.mail(index) for index in range(len(self.post.arrived))]
        found = [mail for mail in mails if address in str(mail["To"]) and word in text_of(mail)]
        assert found, [(str(mail["To"]), str(mail["Subject"])) for mail in mails]
        return found[-1]


@needs_axe
def test_the_setup_is_accessible(empty_house: House, chromium: Any) -> None:
    with visiting(empty_house, chromium) as visitor:
        look(visitor, "/inicio/")
        look(visitor, setup_link() or "")


def test_from_the_setup_link_to_a_paid_invoice(empty_house: House, chromium: Any, tmp_path: Path) -> None:
    with story(empty_house, chromium) as told:
        set_up(told)
        client = take_on_a_client(told)
        sell_a_pack(told, client)
        ticket = mail_becomes_a_ticket(told)
        answer(told, ticket)
        the_clients_answer_finds_its_ticket(told, ticket)
        work(told, ticket)
        cut(told)
        approve_in_the_portal(told)
        number = bill(told)
        read_the_invoice(told, number, tmp_path)
        pay(told, number)


@contextmanager
def story(house: House, chromium: Browser) -> Iterator[Story]:
    with ExitStack() as stack:
        post = stack.enter_context(running(PostOffice()))
        desk = stack.enter_context(visiting(house, chromium))
        client = stack.enter_context(visiting(house, chromium))
        yield Story(house, desk, client, post)


def form_to(page: Page, ending: str) -> Locator:
    """The form that posts to an address with this ending."""
    return page.locator(f'form[action$="{ending}"]').first


def press(form: Locator) -> None:
    """Send a form by its button."""
    form.locator("button[type=submit]").first.click()


def text_of(mail: EmailMessage) -> str:
    """What a mail says in plain text."""
    body = mail.get_body(("plain",))
    return str(body.get_content()) if body else ""


def says(page: Page, *texts: str) -> None:
    """Fail unless the page shows each text, whatever spaces keep its figures together."""
    for text in texts:
        pattern = re.compile(re.escape(text).replace(r"\ ", r"\s"))
        expect(page.locator("body")).to_contain_text(pattern)


def set_up(told: Story) -> None:
    """The link makes an administrator; the other steps are gone through one by one."""
    page = told.desk.open(setup_link() or "")
    page.fill("[name=name]", "Nodo Alisio")
    page.select_option("[name=country]", "IE")
    page.fill("[name=administrator_name]", "Irene Maldonado")
    page.fill("[name=administrator_email]", "irene@nodoalisio.example")
    page.fill("[name=password]", "una frase que nadie adivina")
    page.click("form button.btn-primary")
    page.wait_for_url("**/inicio/paso/empresa/")
    for name, value in {"address": "1 Mill Lane", "postcode": "D02", "city": "Dublin"}.items():
        page.fill(f"[name={name}]", value)
    page.fill("[name=tax_id]", "IE6388047V")
    page.select_option("#id_language", "es")
    page.click("form button.btn-primary")
    page.wait_for_url("**/inicio/paso/horario/")
    page.select_option("[name=time_zone]", "Europe/Madrid")
    page.locator("main form:has([name=cut_at]) button.btn-primary").click()
    page.wait_for_url("**/inicio/paso/correo/")
    page.fill("[name=address]", SUPPORT)
    page.fill("[name=smtp_host]", "127.0.0.1")
    page.fill("[name=smtp_port]", str(told.post.port))
    page.select_option("[name=smtp_security]", "none")
    page.click("main button.btn-primary")
    page.wait_for_url("**/inicio/paso/planes/")
    page.click("main button.btn-primary")
    page.wait_for_url("**/inicio/paso/personas/")
    told.desk.open("/inicio/paso/listo/")
    page.click("main a.btn-primary, main button.btn-primary")
    expect(page.locator("nav.ec-rail")).to_be_visible()


def take_on_a_client(told: Story) -> str:
    """A client with all that an invoice must name, and a project lead who may sign in. Returns the client's code."""
    page = told.desk.open("/clientes/nuevo/")
    page.fill("#id_name", "Bodegas Tierra Parda")
    page.select_option("#id_country", "IE")
    page.click("main button.btn-primary")
    page.wait_for_url(re.compile(r"/clientes/C-\d+/"))
    code = page.url.rstrip("/").split("/")[4]
    told.desk.open(f"/clientes/{code}/datos/")
    for name, value in {"address": "Quay Street, 9", "city": "Galway", "postcode": "H91"}.items():
        page.fill(f"#id_{name}", value)
    press(form_to(page, f"/clientes/{code}/datos/"))
    told.desk.open(f"/clientes/{code}/personas/")
    page.fill("#id_name", "Elvira Sotillo")
    page.fill("#id_email", ELVIRA)
    press(form_to(page, f"/clientes/{code}/personas/"))
    told.desk.open(f"/clientes/{code}/personas/")
    page.click("main a:has-text('Elvira Sotillo')")
    page.check("#id_is_project_lead")
    page.check("#id_sees_invoices")
    press(form_to(page, "/derechos/"))
    press(form_to(page, "/acceso/"))
    expect(form_to(page, "/sin-acceso/")).to_be_visible()
    return code


def sell_a_pack(told: Story, client: str) -> None:
    """A plan from a template is on sale; its contract is opened, two hours are sold on it and their invoice issued."""
    page = told.desk.open("/planes/")
    says(page, "Bono de 10 horas")
    told.desk.open(f"/clientes/{client}/contratos/nuevo/")
    page.locator("label", has_text="Bono de 10 horas").first.click()
    page.click("main form:has([name=starts_on]) button.btn-primary")
    page.wait_for_url("**/contratos/*/")
    told.desk.open(page.url + "vender/")
    page.fill("#id_quantity", "2")
    expect(page.locator("#pack-price")).to_contain_text("86,00")
    page.click("main button.btn-primary")
    page.wait_for_url("**/facturas/*/")
    says(page, "86,00 €", "19,78 €", "105,78 €")
    told.desk.open(page.url + "emitir/")
    page.click("main form button.btn-primary")
    told.house.work()
    told.desk.open(f"/clientes/{client}/")
    says(page, "2 h 00")


def mail_becomes_a_ticket(told: Story) -> str:
    """The client's mail comes in by the pipe's door and stands in the inbox with its client."""
    receive(told.house, QUESTION)
    page = told.desk.open("/bandeja/sin-asignar/")
    row = page.locator("[data-row]", has_text="No podemos imprimir las etiquetas")
    expect(row).to_contain_text("Bodegas Tierra Parda")
    row.click()
    expect(page.locator("#peek")).to_contain_text("la impresora de la bodega no saca las etiquetas")
    row.locator("[data-open]").click()
    page.wait_for_url("**/tickets/*/**")
    says(page, "Buenos días: la impresora", "2 h 00")
    return re.findall(r"/tickets/(\d+)", page.url)[0]


def answer(told: Story, ticket: str) -> None:
    """The reply leaves by SMTP, threaded, from the firm's address, with an address that finds the ticket again."""
    page = told.desk.open(f"/tickets/{ticket}/")
    page.fill("#body-reply", "Buenos días, Elvira: lo miramos ahora mismo.")
    page.click("#pane-reply button.btn-primary")
    expect(page.locator("#hilo")).to_contain_text("lo miramos ahora mismo")
    mail = told.mail_to(ELVIRA, "lo miramos")
    assert mail["In-Reply-To"] == "<primera@tierraparda.example>"
    assert "<primera@tierraparda.example>" in mail["References"]
    assert mail["Subject"] == "Re: No podemos imprimir las etiquetas"
    assert SUPPORT in mail["From"]
    assert mail["Reply-To"].startswith("soporte+")
    assert "Auto-Submitted" not in mail


def the_clients_answer_finds_its_ticket(told: Story, ticket: str) -> None:
    """A mail with another subject and no threading headers still lands there, by the address it was sent to."""
    back = told.mail_to(ELVIRA, "lo miramos")["Reply-To"]
    written = QUESTION.replace(b"soporte@nodoalisio.example", back.encode())
    written = written.replace(b"<primera@", b"<segunda@").replace(b"no saca las", b"ya saca algunas")
    receive(told.house, re.sub(rb"Subject: .*", b"Subject: Otra cosa", written))
    page = told.desk.open(f"/tickets/{ticket}/")
    expect(page.locator("#hilo")).to_contain_text("ya saca algunas etiquetas")


def work(told: Story, ticket: str) -> None:
    """Fifty minutes by the timer, and an hour and a half by hand: 2 h 30 rounded, of which the pack covers two."""
    page = told.desk.open(f"/tickets/{ticket}/")
    press(form_to(page, "/empezar/" + ticket + "/"))
    expect(page.locator(".ec-running [role=timer]")).to_be_visible()
    told.house.clock.forward(minutes=50)
    page.locator("#tiempo ~ div form[action$='/parar/']").first.locator("button").click()
    expect(page.locator(".ec-running [role=timer]")).to_be_hidden()
    told.house.clock.forward(hours=2)
    told.desk.open(f"/tickets/{ticket}/")
    page.locator("details:has(form[action*='/horas/'])").last.locator("summary").first.click()
    by_hand = form_to(page, f"/tickets/{ticket}/horas/")
    by_hand.locator("[name=starts]").fill("12:00")
    by_hand.locator("[name=ends]").fill("13:30")
    by_hand.locator("[name=note]").fill("Cambiar el controlador de la impresora")
    press(by_hand)
    says(page, "Cambiar el controlador", "1 h 30", "2 h 30")


def cut(told: Story) -> None:
    """The day is closed, shows what each line comes to and why, is approved and sent to the client."""
    page = told.desk.open("/horas/2026-11-10/")
    press(form_to(page, "/cerrar/"))
    says(page, "Cambiar el controlador", "2 h 30", "22,00 €")
    expect(page.locator("td.tick input")).to_have_count(2)
    for entry in page.locator("td.tick input").all():
        entry.check()  # one's own time is never ticked beforehand
    page.locator("button[form^='f-']", has_not=page.locator("[name=only]")).last.click()
    press(form_to(page, "/enviar/"))
    expect(page.locator(".ec-head form[action$='/enviar/']")).to_have_count(0)


def approve_in_the_portal(told: Story) -> None:
    """The project lead asks for a link, signs in by it, reads the same figures with their why, and approves."""
    page = told.client.open("/cuenta/enlace/")
    page.fill("[name=email]", ELVIRA)
    page.click("main button.btn-primary")
    page.wait_for_url("**/enviado/")
    text = text_of(told.mail_to(ELVIRA, "/entrar/"))
    told.client.open(re.findall(r"http://127\S+/entrar/\S+", text)[-1])
    page.click("main button.btn-primary")
    page.wait_for_url("**/portal/**")
    says(page, "2 h 30", "22,00 €", "Cambiar el controlador")
    page.locator("summary.ec-why").first.click()
    expect(page.locator(".ec-tape").first).to_be_visible()
    page.locator("button[form^=a2026]").click()
    expect(page.locator("button[form^=a2026]")).to_have_count(0)
    told.client.open("/portal/horas/")
    says(page, "0 h 00")
    told.client.open("/portal/horas/trabajos/")
    says(page, "Cambiar el controlador", "22,00 €")


def bill(told: Story) -> str:
    """A run shows what it would draft, makes the draft in the background, and the draft is issued."""
    page = told.desk.open("/facturas/preparar/?hasta=2026-11-10")
    says(page, "Bodegas Tierra Parda", "22,00 €")
    page.click("main form[method=post] button.btn-primary")
    page.wait_for_url("**/pasadas/*/")
    told.house.work()
    page.locator("#run [data-open]").click()
    page.wait_for_url(re.compile(r"/facturas/[^/]+/$"))
    says(page, "22,00 €", "5,06 €", "27,06 €")
    told.desk.open(page.url + "emitir/")
    page.click("main form button.btn-primary")
    page.wait_for_url(re.compile(r"/facturas/[^/]*\d{4}-\d+/$"))
    told.house.work()
    return page.url.rstrip("/").split("/")[-1]


def read_the_invoice(told: Story, number: str, folder: Path) -> None:
    """The invoice opens its line down to the entry, leaves by mail, and both sides can take its PDF."""
    page = told.desk.open(f"/facturas/{number}/")
    page.locator("details:not([open]) > summary.ec-why").first.click()
    says(page, "Cambiar el controlador", "27,06 €")
    for visitor, path in ((told.desk, f"/facturas/{number}/"), (told.client, f"/portal/facturas/{number}/")):
        shown = visitor.open(path)
        with shown.expect_download() as waiting:
            shown.click("a[href$='/pdf/']")
        kept = folder / "invoice.pdf"
        waiting.value.save_as(kept)
        assert kept.read_bytes().startswith(b"%PDF-")
    mail = next(
        each for each in map(told.post.mail, range(len(told.post.arrived))) if number in str(each["Subject"])
    )
    assert [part.get_content_type() for part in mail.iter_attachments()] == ["application/pdf"]


def pay(told: Story, number: str) -> None:
    """What is owed is proposed; once noted the invoice is paid, here and in the portal."""
    page = told.desk.open(f"/facturas/{number}/")
    expect(page.locator("#pay_amount")).to_have_value("27.06")
    press(form_to(page, "/cobros/"))
    expect(page.locator(".ec-head")).to_contain_text("Pagada")
    told.client.open(f"/portal/facturas/{number}/")
    expect(told.client.page.locator("body")).to_contain_text("Pagada")
