"""The core screens on a phone, in English: one column, no sideways scroll, the bar of sections at hand."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from ecuanime.accounts.models import Role, User
from ecuanime.billing.models import Invoice
from ecuanime.billing.queries import key_of
from ecuanime.clients.models import Contact
from ecuanime.tickets.models import Message, Ticket
from ecuanime.worklog.models import EntryState, TimeEntry
from tests.browser.house import House
from tests.browser.visitor import PHONE, Visitor, next_page, visiting


def fits(visitor: Visitor, path: str) -> None:
    """The page stands in the window's width and is in English."""
    page = visitor.open(path)
    assert not visitor.has_sideways_scroll(), path
    assert page.evaluate("document.documentElement.lang") == "en"


def test_the_desk_on_a_phone(house: House, chromium: Any) -> None:
    """From the tab bar to the inbox, a ticket and an answer; then hours."""
    ticket = Ticket.objects.filter(client__isnull=False, contact__isnull=False).latest("pk")
    with visiting(house, chromium, user=in_english(Role.TECHNICIAN), size=PHONE, language="en") as visitor:
        fits(visitor, "/bandeja/abiertos/")
        page = visitor.page
        expect(page.locator("nav.ec-tabbar")).to_be_visible()
        expect(page.locator("nav.ec-rail")).to_be_hidden()
        page.locator("nav.ec-tabbar a[href*='/horas/']").click()
        page.wait_for_url("**/horas/**")
        page.locator("nav.ec-tabbar a[href^='/bandeja/']").click()
        page.wait_for_url("**/bandeja/**")
        fits(visitor, "/bandeja/abiertos/")
        page.locator("[data-row] [data-open]", has_text=f"#{ticket.number}").click()
        page.wait_for_url("**/tickets/*/**")
        fits(visitor, f"/tickets/{ticket.number}/")
        page.fill("#body-reply", "Written with one thumb.")
        page.click("#pane-reply button.btn-primary")
        expect(page.locator("#hilo")).to_contain_text("one thumb")
        assert Message.objects.latest("pk").text.startswith("Written with one thumb")
        fits(visitor, "/horas/mi-dia/2026-11-12/")


def test_the_cut_on_a_phone(house: House, chromium: Any) -> None:
    with visiting(house, chromium, user=in_english(Role.SUPERVISOR), size=PHONE, language="en") as visitor:
        fits(visitor, "/horas/2026-11-10/")
        fits(visitor, "/horas/2026-11-12/")
        entry = TimeEntry.objects.filter(work_on="2026-11-12").earliest("pk")
        visitor.page.locator("form[action$='/cerrar/'] button").click()
        visitor.page.locator("button[form^='f-']").last.click()
        expect(visitor.page.locator("body")).to_contain_text("approved")
        entry.refresh_from_db()
        assert entry.state == EntryState.REVIEWED


def test_invoices_on_a_phone(house: House, chromium: Any) -> None:
    with visiting(house, chromium, user=in_english(Role.BILLING), size=PHONE, language="en") as visitor:
        fits(visitor, "/facturas/")
        for state in (Invoice.State.DRAFT, Invoice.State.ISSUED):
            invoice = Invoice.objects.filter(state=state).earliest("pk")
            fits(visitor, f"/facturas/{key_of(invoice)}/")
        fits(visitor, "/facturas/preparar/")


def test_the_project_lead_approves_on_a_phone(house: House, chromium: Any) -> None:
    """The work that waits stands on the first page; approving it takes one press."""
    entry = TimeEntry.objects.filter(state=EntryState.REVIEWED).earliest("pk")
    assert entry.cut
    lead = Contact.objects.get(client=entry.client, is_project_lead=True)
    assert lead.user
    User.objects.filter(pk=lead.user.pk).update(language="en")
    with visiting(house, chromium, user=lead.user, size=PHONE, language="en") as visitor:
        fits(visitor, "/portal/")
        page = visitor.page
        expect(page.locator("main")).to_contain_text("An answer was expected by")  # its term has passed
        page.locator("summary.ec-why").first.click()
        assert not visitor.has_sideways_scroll()
        page.locator(f"button[form=a{entry.cut.day}]").click()
        page.wait_for_load_state()
        entry.refresh_from_db()
        assert entry.state == EntryState.APPROVED
        for path in ("/portal/horas/", "/portal/horas/trabajos/", "/portal/peticiones/", "/portal/facturas/"):
            fits(visitor, path)
        fits(
            visitor,
            f"/portal/facturas/{Invoice.objects.filter(state=Invoice.State.ISSUED).earliest('pk').number}/",
        )


def in_english(role: Role) -> User:
    """The person with this role, who reads English."""
    User.objects.filter(roles=[role]).update(language="en")
    return User.objects.get(roles=[role])


def test_the_settings_are_found_by_their_groups(house: House, chromium: Any) -> None:
    """On a phone the section's name opens them, by keyboard too; on a desk they stand beside the page."""
    user = in_english(Role.ADMINISTRATOR)
    with visiting(house, chromium, user=user, size=PHONE, language="en") as visitor:
        fits(visitor, "/ajustes/")
        page = visitor.page
        expect(page.get_by_role("link", name="Card payments")).to_be_hidden()
        page.locator("summary", has_text="Details of your firm").focus()
        page.keyboard.press("Enter")
        link = page.get_by_role("link", name="Card payments")
        expect(link).to_be_visible()
        with next_page(page):
            link.click()
        assert page.url.endswith("/ajustes/tarjeta/")
        fits(visitor, "/facturas/libros/")
        assert page.locator(".nav-ec").evaluate("bar => bar.scrollWidth > bar.clientWidth")
        expect(page.locator(".nav-ec [aria-current]")).to_be_in_viewport(ratio=0.9)
    with visiting(house, chromium, user=user, language="en") as visitor:
        listed = visitor.open("/ajustes/").get_by_role("navigation", name="Settings")
        expect(listed.get_by_role("link")).to_have_count(14)
        expect(listed.locator("[aria-current=page]:visible")).to_have_text("Details of your firm")
