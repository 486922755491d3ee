"""A client in the portal on a phone, in two languages: an outage, hours, a request with a file, approval, invoice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ecuanime.accounts.models import Role, User
from ecuanime.clients.models import Contact
from ecuanime.contracts.models import Contract
from ecuanime.staff.models import ProductArea
from ecuanime.tickets.actions import declare_outage, group_under
from ecuanime.tickets.models import Attachment, Message, Ticket
from ecuanime.worklog.models import EntryState, TimeEntry
from tests.browser.axe import needs_axe, violations
from tests.browser.house import House
from tests.browser.visitor import PHONE, Visitor, visiting
from tests.factories.tickets import make_ticket
from tests.factories.worklog import Office

pytestmark = needs_axe
PASSWORD = "una clave bastante larga"
OUTAGE = {"es": "La centralita de la zona no da línea.", "en": "The exchange of the area gives no line."}
WORKED = {
    "es": (16, 17),
    "en": (18, 19),
}  # the days of November whose work waits: one to approve, one to dispute


@dataclass(frozen=True)
class Waiting:
    """The project lead who signs in, and what waits for them."""

    user: User
    to_approve: TimeEntry
    to_dispute: TimeEntry


@pytest.fixture(params=["es", "en"])
def waiting(request: pytest.FixtureRequest, house: House) -> Waiting:
    lead = Contact.objects.get(is_project_lead=True, sees_invoices=True)
    user = lead.user
    assert user
    user.language = request.param
    user.set_password(PASSWORD)
    user.save()
    office = office_of(lead)
    suffer(house, office)
    days = [date(2026, 11, day) for day in WORKED[request.param]]
    first, second = (
        office.sent(30, work_on=day, now=datetime(day.year, day.month, day.day, 17, tzinfo=UTC))
        for day in days
    )
    return Waiting(user, first, second)


def office_of(lead: Contact) -> Office:
    contract = Contract.objects.filter(client=lead.client, lots__isnull=False).distinct().get()
    return Office(
        technician=User.objects.get(roles=[Role.TECHNICIAN]),
        supervisor=User.objects.get(roles=[Role.SUPERVISOR]),
        client=lead.client,
        lead=lead,
        contract=contract,
        ticket=Ticket.objects.filter(contract=contract).earliest("pk"),
    )


def suffer(house: House, office: Office) -> None:
    """The client's ticket hangs on an outage."""
    lines = {f"line_{language}": line for language, line in OUTAGE.items()}
    common: dict[str, Any] = {"by": office.supervisor, "now": house.clock.now()}
    cause = make_ticket(subject="Centralita caída", client=None, now=house.clock.now())
    if office.ticket.parent_id is None:
        group_under(outage=declare_outage(ticket=cause, **lines, **common), tickets=[office.ticket], **common)


def test_a_client_with_a_phone(house: House, chromium: Any, waiting: Waiting) -> None:
    language = waiting.user.language
    with visiting(house, chromium, size=PHONE, language=language) as visitor:
        page = sign_in(visitor, waiting.user)
        expect(page.locator("main")).to_contain_text(OUTAGE[language])
        expect(page.locator("main section:has(a[href*='/portal/horas/']) .ec-big").first).to_be_visible()
        ask(visitor, language)
        approve(visitor, waiting.to_approve)
        dispute(visitor, waiting.to_dispute)
        fetch_invoice(visitor)
        reach_the_rest(visitor)


def sign_in(visitor: Visitor, user: User) -> Page:
    page = visitor.open("/cuenta/login/")
    fits(visitor)
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", PASSWORD)
    tap(page, "form[action='/cuenta/login/'] button.btn-primary")
    assert page.url.endswith("/portal/")
    assert page.evaluate("document.documentElement.lang") == user.language
    fits(visitor)
    return page


def ask(visitor: Visitor, language: str) -> None:
    """A new request about an area, with a file; then its thread, and an answer on it."""
    page = visitor.page
    tap(page, "main a[href='/portal/peticiones/nueva/']")
    page.fill("[name=subject]", f"No hay línea ({language})")
    page.select_option("[name=area]", label=ProductArea.objects.get().name)
    page.fill("[name=body]", "Desde las nueve, en toda la nave.")
    page.set_input_files(
        "[name=files]", {"name": "foto.txt", "mimeType": "text/plain", "buffer": b"luz roja"}
    )
    fits(visitor)
    tap(page, "main form button.btn-primary")
    ticket = Ticket.objects.latest("pk")
    assert (ticket.area, ticket.contact.user.language) == (ProductArea.objects.get(), language)  # type: ignore[union-attr]
    assert Attachment.objects.filter(message__ticket=ticket, name="foto.txt").count() == 1
    expect(page.locator("main")).to_contain_text("Desde las nueve")
    fits(visitor)
    page.fill("[name=body]", "Y la luz sigue roja.")
    tap(page, "main form button.btn-primary")
    expect(page.locator("main")).to_contain_text("Y la luz sigue roja.")
    assert Message.objects.filter(ticket=ticket).count() == 2


def approve(visitor: Visitor, entry: TimeEntry) -> None:
    """Work that waits is approved on the first page."""
    page = visitor.page
    tap(page, "nav.ec-tabbar a[href='/portal/']")
    assert entry.cut
    tap(page, f"button[form='a{entry.cut.day}']")
    entry.refresh_from_db()
    assert entry.state == EntryState.APPROVED
    fits(visitor)


def dispute(visitor: Visitor, entry: TimeEntry) -> None:
    """One line is held, with the reason."""
    page = visitor.page
    tap(page, "nav.ec-tabbar a[href='/portal/']")
    tap(page, f"a[href='/portal/horas/aprobar/{entry.pk}/no-reconocer/']")
    page.fill("[name=comment]", "Ese día nadie vino.")
    fits(visitor)
    tap(page, "main form button.btn-primary")
    entry.refresh_from_db()
    assert entry.state == EntryState.DISPUTED
    fits(visitor)


def fetch_invoice(visitor: Visitor) -> None:
    page = visitor.page
    tap(page, "nav.ec-tabbar a[href='/portal/facturas/']")
    fits(visitor)
    tap(page, "main .ec-panel a[href^='/portal/facturas/']:not([href*='cuenta'])")
    fits(visitor)
    with page.expect_download() as download:
        page.locator("a[href$='/pdf/'], a[href$='.pdf']").first.tap()
    assert download.value.path().read_bytes().startswith(b"%PDF")


def reach_the_rest(visitor: Visitor) -> None:
    """The bar stands in one row; what has no room in it is in its menu."""
    page = visitor.page
    bar = page.locator("nav.ec-tabbar")
    box = bar.bounding_box()
    assert box
    assert box["height"] < 70
    bar.locator("summary").tap()
    expect(bar.locator("a[href='/portal/personas/']")).to_be_in_viewport()
    fits(visitor)
    tap(page, "nav.ec-tabbar a[href='/portal/personas/']")
    assert page.url.endswith("/portal/personas/")
    fits(visitor)


def tap(page: Page, what: str) -> None:
    """Touch what leads to another page, or to this one anew; what is covered by something else cannot be touched."""
    with page.expect_event("load"):
        page.locator(what).first.tap()


def fits(visitor: Visitor) -> None:
    """The page is no wider than the phone, and axe has nothing to say about it."""
    assert not visitor.has_sideways_scroll(), visitor.page.url
    found = violations(visitor.page)
    assert not found, visitor.page.url + "\n" + "\n".join(found)
