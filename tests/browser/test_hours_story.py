"""A pack's life: 45 hours sold, drawn over a night and a holiday, disputed, expired, revalued, billed, credited.

Every figure is read where people read it: on both sides' screens, in the statement, in the PDF, and through the API.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from dataclasses import replace as with_changes
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from ecuanime.accounts.actions import issue_api_token
from ecuanime.accounts.models import Role, User
from ecuanime.billing.models import Invoice
from ecuanime.clients.models import Client
from ecuanime.contracts.actions import draft_version, open_contract, publish_template, publish_version
from ecuanime.contracts.models import Contract
from ecuanime.contracts.templates import TEMPLATES
from ecuanime.entitlements.models import Lot
from ecuanime.records.verify import CHECKS
from ecuanime.staff.models import Holiday
from ecuanime.worklog.jobs import close_days, expire_lots
from tests.browser.house import House
from tests.browser.test_path import form_to, press, says
from tests.browser.visitor import Visitor, next_page, visiting
from tests.factories import make_client, make_contact, make_mailbox, make_person
from tests.factories.billing import make_issuing_firm, with_address
from tests.factories.tickets import make_ticket

EXPIRES_ON = date(2027, 11, 9)


@dataclass
class Story:
    """The three windows, and what they are about."""

    house: House
    supervisor: Visitor
    technician: Visitor
    lead: Visitor
    client: Client
    contract: Contract
    ticket: int
    token: str
    people: dict[str, User]
    folder: Path

    def at(self, moment: datetime) -> None:
        """Put the clock to a moment to come, let the regular jobs find what is due, and sign everybody in again."""
        self.house.clock.start += moment - self.house.clock.now()
        for name, user in self.people.items():
            getattr(self, name).sign_in(user)
        close_days(0)
        expire_lots(0)
        self.house.work()

    def api(self, path: str) -> Any:
        """What a program is told."""
        asked = Request(f"{self.house.url}/api/v1/{path}", headers={"Authorization": f"Bearer {self.token}"})
        with urlopen(asked, timeout=30) as answer:
            return json.load(answer)


def test_a_pack_from_its_sale_to_its_credit_note(empty_house: House, chromium: Any, tmp_path: Path) -> None:
    people = found(empty_house)
    with (
        visiting(empty_house, chromium, user=people["supervisor"]) as supervisor,
        visiting(empty_house, chromium, user=people["technician"]) as technician,
        visiting(empty_house, chromium, user=people["lead"]) as lead,
    ):
        told = Story(empty_house, supervisor, technician, lead, folder=tmp_path, **agreed(people))
        sell(told)
        work_over_a_night_and_a_holiday(told)
        dispute_and_put_right(told)
        approve_after_expiry(told)
        work_that_nothing_covers(told)
        revalue(told)
        number = bill(told)
        pay_in_two_parts(told, number)
        credit_one_line(told, number)
        everybody_agrees(told)


def found(house: House) -> dict[str, User]:
    """The firm, who works there and who answers for the client."""
    make_issuing_firm(language="es", closes_at=time(17))
    make_mailbox()
    Holiday.objects.create(on=date(2026, 12, 8), name="Inmaculada")
    client = with_address(make_client(name="Bodegas Tierra Parda"))
    lead = make_contact(
        client, signs_in=True, is_project_lead=True, sees_invoices=True, name="Elvira Sotillo", language="es"
    )
    assert lead.user
    make_ticket(contact=lead, client=client, subject="Migrar la bodega")
    return {
        "supervisor": make_person(Role.ADMINISTRATOR, name="Irene Maldonado", language="es"),
        "technician": make_person(Role.TECHNICIAN, name="Nuria Peña", language="es"),
        "lead": lead.user,
    }


def agreed(people: dict[str, User]) -> dict[str, Any]:
    """The contract: packs of 45 hours, both sides approve, 38.00 an hour and 44.00 beyond."""
    client, now = Client.objects.get(), datetime(2026, 11, 10, 9, tzinfo=UTC)
    version = publish_template(code="bono-45", currency="EUR", by=people["supervisor"], now=now)
    contract = open_contract(client=client, version=version, starts_on=date(2026, 11, 1), now=now)
    client.tickets.update(contract=contract)
    _row, token = issue_api_token(user=people["supervisor"], name="informes", now=now)
    return {
        "client": client,
        "contract": contract,
        "ticket": client.tickets.get().number,
        "token": token,
        "people": people,
    }


def sell(told: Story) -> None:
    """45 hours bought are 47 granted, once the advance document is issued."""
    page = told.supervisor.open(f"/contratos/{told.contract.number}/vender/")
    page.fill("#id_quantity", "45")
    expect(page.locator("#pack-price")).to_contain_text("1.710,00")
    page.click("main button.btn-primary")
    page.wait_for_url("**/facturas/*/")
    issue(told, page)
    paper = text_of_pdf(told, f"/portal/facturas/{number_on(page)}/")
    assert_all_in(paper, "45", "38,00", "1.710,00", "393,30", "2.103,30")
    assert amounts(invoice_of(told, number_on(page))) == (171000, 39330, 210330)
    hours_agree(told, "47 h 00", 2820_00)
    says(told.lead.page, "47 h 00")


def work_over_a_night_and_a_holiday(told: Story) -> None:
    """An evening (285 weighted minutes), and on a holiday the way there (45) and four hours on site (450)."""
    told.at(datetime(2026, 12, 9, 9, 0, tzinfo=UTC))
    record(told, date(2026, 12, 7), "16:00-20:00 remoto", "migración de la base de datos")
    record(told, date(2026, 12, 8), "9:00-10:00 desplazamiento", "ida a la bodega")
    record(told, date(2026, 12, 8), "10:00-14:00 in situ", "cambio de los discos")
    told.at(datetime(2026, 12, 10, 9, 0, tzinfo=UTC))
    review_and_send(told)
    page = told.lead.open("/portal/horas/aprobar/")
    says(page, "4 h 45", "8 h 15")


def dispute_and_put_right(told: Story) -> None:
    """The client holds one line; the others are approved. It is adjusted to three hours, and approved."""
    page = told.lead.page
    page.get_by_role("link", name="cambio de los discos").last.click()
    page.fill("[name=comment]", "Estuvieron tres horas, no cuatro.")
    arrive_by(page.locator("main form button.btn-primary"))
    approve(told)
    hours_agree(told, "41 h 30", 2490_00, "4 h 45", "0 h 45")  # 47 h less 285 and 45 minutes
    page = told.supervisor.open(f"/horas/entradas/{disputed(told)}/")
    says(page, "Estuvieron tres horas")
    adjust = form_to(page, "/ajustar/")
    adjust.locator("[name=billable]").fill("3:00")
    adjust.locator("[name=reason]").fill("Una hora fue la comida.")
    arrive_by(adjust.locator("button[type=submit]").first)
    review_and_send(told)
    approve(told)
    hours_agree(told, "35 h 52", 2152_50)  # 180 minutes × 1.25 × 1.5 = 337.5


def approve_after_expiry(told: Story) -> None:
    """An hour of the last day, entered when the rest had expired: its approval takes it back from what expired."""
    told.at(datetime(2027, 11, 10, 9, 0, tzinfo=UTC))
    page = told.supervisor.open(f"/contratos/{told.contract.number}/libro/")
    says(page, "35 h 52")
    record(told, EXPIRES_ON, "10:00-11:00 remoto", "último ajuste")
    review_and_send(told)
    approve(told)
    assert {lot.left for lot in Lot.objects.all()} == {0}


def work_that_nothing_covers(told: Story) -> None:
    """An hour and a half without a pack: 44.00 and 22.00."""
    told.house.clock.forward(hours=4)
    record(told, date(2027, 11, 10), "11:00-12:00 remoto", "cortafuegos")
    record(told, date(2027, 11, 10), "12:00-12:30 teléfono", "dudas del cortafuegos")
    told.at(datetime(2027, 11, 11, 9, 0, tzinfo=UTC))
    review_and_send(told)
    says(told.lead.open("/portal/horas/aprobar/"), "44,00 €", "22,00 €")
    approve(told)
    hours_agree(told, "0 h 00", 0, "1 h 00")  # the hour of the last day took back what had expired of it


def revalue(told: Story) -> None:
    """The paid hours that expired cost two euros more today: the difference is charged, and they can be used again."""
    template = TEMPLATES["bono-45"].draft
    dearer = with_changes(template, currency="EUR", tiers={1: Decimal("43.00"), 45: Decimal("40.00")})
    now, plan = told.house.clock.now(), told.contract.version.plan
    publish_version(version=draft_version(plan=plan, draft=dearer, now=now), by=None, now=now)
    lot = Lot.objects.get(is_bonus=False)
    page = told.supervisor.open(f"/bonos/{lot.code}/revalorizar/")
    says(page, "34 h 52", "38,00 €", "40,00 €", "69,75 €")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url("**/facturas/*/")
    issue(told, page)
    assert_all_in(text_of_pdf(told, f"/portal/facturas/{number_on(page)}/"), "34 h 52", "69,75", "85,79")
    hours_agree(told, "34 h 52", 2092_50)


def bill(told: Story) -> str:
    """A run drafts the work that nothing covered; the PDF says the same as the screen."""
    page = told.supervisor.open("/facturas/preparar/?hasta=2027-11-11")
    page.click("main form[method=post] button.btn-primary")
    page.wait_for_url("**/pasadas/*/")
    told.house.work()
    page.locator("#run [data-open]").click()
    page.wait_for_url(re.compile(r"/facturas/[^/]+/$"))
    says(page, "66,00 €", "15,18 €", "81,18 €")
    issue(told, page)
    number = number_on(page)
    printed = text_of_pdf(told, f"/portal/facturas/{number}/")
    assert_all_in(printed, "44,00", "22,00", "66,00", "15,18", "81,18", "Teléfono")
    said = invoice_of(told, number)
    assert amounts(said) == (6600, 1518, 8118)
    assert sorted(line["amount_minor"] for line in said["lines"]) == [2200, 4400]
    return number


def pay_in_two_parts(told: Story, number: str) -> None:
    """Fifty euros, then what is left of it."""
    page = told.supervisor.open(f"/facturas/{number}/")
    for amount in ("50,00", "31,18"):
        form = form_to(page, "/cobros/")
        form.locator("[name=amount]").fill(amount.replace(",", "."))
        press(form)
        says(page, f"{amount} €")
    expect(page.locator(".ec-head")).to_contain_text("Pagada")
    says(told.lead.open(f"/portal/facturas/{number}/"), "50,00 €", "31,18 €")
    said = invoice_of(told, number)
    assert [part["amount_minor"] for part in said["payments"]] == [5000, 3118]
    assert (said["paid_minor"], said["owed_minor"]) == (8118, 0)


def credit_one_line(told: Story, number: str) -> None:
    """The half hour by phone is credited with its tax; the hour stays."""
    page = told.supervisor.open(f"/facturas/{number}/rectificar/lineas/")
    chosen = page.locator("fieldset", has_text="Teléfono")
    chosen.locator("input[type=checkbox]").first.check()
    page.fill("[name=reason]", "La llamada entraba en la garantía.")
    page.locator("main form button.btn-danger").click()
    page.wait_for_url(lambda url: number not in url)
    told.house.work()
    note = Invoice.objects.get(corrects__number=number)
    assert (note.total, note.corrects.credited) == (-2706, 2706)
    says(told.lead.open(f"/portal/facturas/{number}/"), "27,06 €")
    said = invoice_of(told, number)
    assert (said["credited_minor"], said["owed_minor"]) == (2706, -2706)
    mirrored = invoice_of(told, str(note.number))
    assert (amounts(mirrored), mirrored["corrects"]) == ((-2200, -506, -2706), number)
    paper = text_of_pdf(told, f"/portal/facturas/{note.number}/")
    assert_all_in(paper, "22,00", "5,06", "27,06", number, "La llamada entraba en la garantía.")
    says(told.supervisor.open(f"/clientes/{told.client.code}/cuenta/"), str(note.number), "27,06 €")


def everybody_agrees(told: Story) -> None:
    """Both sides' screens, the statement and the API show the same balance, and nothing disagrees with itself."""
    contract = told.contract.number
    left = told.api(f"contracts/{contract}/balance")["left_hundredths"]
    assert left == sum(Lot.objects.values_list("left", flat=True)) == 2092_50
    for visitor, path in (
        (told.supervisor, f"/contratos/{contract}/libro/"),
        (told.lead, f"/portal/horas/{contract}/extracto/"),
    ):
        says(visitor.open(path), "34 h 52")
        with visitor.page.expect_download() as waiting:
            visitor.page.locator("a[href*='/csv/']").first.click()
        assert "2092.5" in Path(waiting.value.path()).read_text(encoding="utf-8-sig").replace(",", ".")
    totals = {row["number"]: row["total_minor"] for row in told.api("invoices")["items"] if row["number"]}
    assert sorted(totals.values()) == [-2706, 8118, 8579, 210330]
    assert [fault for check in CHECKS for fault in check.faults()] == []


def record(told: Story, day: date, line: str, note: str) -> None:
    """Type a whole entry as one line into that day."""
    page = told.technician.open(f"/horas/mi-dia/{day}/")
    page.fill("#linea", f"{told.ticket} {line} {note}")
    expect(page.locator("#understood")).not_to_be_empty()
    press(page.locator("#fast"))
    says(page, note)


def review_and_send(told: Story) -> None:
    """Approve every closed day as supervisor and send it to the client."""
    close_days(0)
    for day in waiting_days(told):
        page = told.supervisor.open(f"/horas/{day}/")
        arrive_by(form_to(page, "/cerrar/").locator("button[type=submit]"))
        for box in page.locator("td.tick input").all():
            box.check()
        arrive_by(page.locator("button[form^='f-']", has_not=page.locator("[name=only]")).last)
        arrive_by(form_to(page, "/enviar/").locator("button[type=submit]").first)
    told.house.work()


def arrive_by(button: Locator) -> None:
    """Press a button, if the page has it, and wait for the page it leads to."""
    if button.count():
        with next_page(button.page):
            button.click()


def waiting_days(told: Story) -> list[date]:
    """The days whose cut has something that the supervisor has not approved or sent."""
    entries = told.client.time_entries.filter(state__in=("open", "closed", "reviewed"), told_at=None)
    cuts = {cut_day for cut_day in entries.values_list("cut__day", flat=True) if cut_day}
    return sorted(cuts | ({told.house.clock.now().date()} if entries.filter(cut=None).exists() else set()))


def approve(told: Story) -> None:
    """Approve, day by day, whatever waits for the client."""
    page = told.lead.open("/portal/horas/aprobar/")
    while page.locator("button[form^=a2]").count():
        before = page.locator("button[form^=a2]").count()
        page.locator("button[form^=a2]").first.click()
        expect(page.locator("button[form^=a2]")).to_have_count(before - 1)


def disputed(told: Story) -> int:
    """The entry that the client holds."""
    return told.client.time_entries.get(state="disputed").pk


def issue(told: Story, page: Page) -> None:
    """Issue the draft that the page shows; its mail and PDF are made."""
    told.supervisor.open(page.url.rstrip("/") + "/emitir/")
    page.click("main form button.btn-primary")
    page.wait_for_url(re.compile(r"/facturas/[^/]*\d{4}-\d+/$"))
    told.house.work()


def hours_agree(told: Story, words: str, hundredths: int, *moved: str) -> None:
    """Both sides' pages, the printed statement and the API say that so much is left, and what moved is on paper."""
    contract = told.contract.number
    says(told.lead.open("/portal/horas/"), words)
    says(told.lead.open(f"/portal/horas/{contract}/extracto/"), words, *moved)
    says(told.supervisor.open(f"/contratos/{contract}/libro/"), words, *moved)
    assert_all_in(text_of_pdf(told, f"/portal/horas/{contract}/extracto/"), words, *moved)
    said = told.api(f"contracts/{contract}/balance")
    assert said["left_hundredths"] == sum(lot["left_hundredths"] for lot in said["lots"]) == hundredths


def number_on(page: Page) -> str:
    """The number of the document whose page this is."""
    return page.url.rstrip("/").split("/")[-1]


def invoice_of(told: Story, number: str) -> Any:
    """A document as programs get it."""
    return told.api(f"invoices/{Invoice.objects.get(number=number).pk}")


def amounts(said: Any) -> tuple[int, int, int]:
    """Before tax, the tax and the total."""
    return said["net_minor"], said["tax_minor"], said["total_minor"]


def assert_all_in(paper: str, *figures: str) -> None:
    """Fail unless a paper says each figure."""
    assert [figure for figure in figures if figure not in paper] == [], paper


def text_of_pdf(told: Story, path: str) -> str:
    """The words of the PDF that a page offers to the client, with plain spaces."""
    page, kept = told.lead.open(path), told.folder / "paper.pdf"
    with page.expect_download() as waiting:
        page.locator("a[href*='/pdf/']").first.click()
    waiting.value.save_as(kept)
    return " ".join(" ".join(sheet.extract_text().split()) for sheet in PdfReader(kept).pages)
