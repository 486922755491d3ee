"""A technician's morning by keyboard alone, in Spanish and in English, each stop judged by axe."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from ecuanime.accounts.models import Role, User
from ecuanime.clients.models import Contact
from ecuanime.tickets.actions import keep_macro
from ecuanime.tickets.models import Macro, Message, Ticket
from ecuanime.worklog.models import TimeEntry
from tests.browser.axe import needs_axe
from tests.browser.house import House
from tests.browser.keys import Keys
from tests.browser.visitor import visiting
from tests.factories import make_person
from tests.factories.tickets import make_ticket

pytestmark = needs_axe
UNASSIGNED = {"es": "sin asignar", "en": "not assigned"}
REPLY = {"es": "Está visto, lo miramos hoy.", "en": "Seen, we look at it today."}


@pytest.fixture(params=["es", "en"])
def technician(request: pytest.FixtureRequest, house: House) -> User:
    """Somebody with a password, who reads one language and writes to a client who reads it too."""
    return make_person(Role.TECHNICIAN, name=f"Ania {request.param}", language=request.param)


@pytest.fixture
def asked(house: House, technician: User) -> tuple[Ticket, Ticket]:
    """A request and its duplicate, both of a client with a contract."""
    contact = Contact.objects.filter(is_project_lead=True, sees_invoices=True).earliest("pk")
    Contact.objects.filter(pk=contact.pk).update(language=technician.language)
    contact.refresh_from_db()
    now = house.clock.now()
    first, again = (
        make_ticket(contact=contact, client=contact.client, subject=f"Centralita muda {each}", now=now)
        for each in ("una", "otra")
    )
    return first, again


@pytest.fixture
def macro(house: House, technician: User) -> Macro:
    supervisor = User.objects.get(roles=[Role.SUPERVISOR])
    texts = {"reply_es": REPLY["es"], "reply_en": REPLY["en"]}
    common: dict[str, Any] = {"by": supervisor, "for_everybody": True, "now": house.clock.now()}
    return keep_macro(macro=None, name=f"Visto {technician.language}", **texts, **common)


def test_a_morning(
    house: House, chromium: Any, technician: User, asked: tuple[Ticket, Ticket], macro: Macro
) -> None:
    """Signs in, picks from those of nobody, takes it, answers by macro, logs time, merges, puts off, searches."""
    with visiting(house, chromium, language=technician.language) as visitor:
        keys = Keys(visitor)
        sign_in(keys, technician)
        triage(keys, asked[0])
        take(keys, asked[0], technician)
        answer(keys, asked[0], macro)
        log_time(keys, asked[0], technician)
        merge(keys, *asked)
        put_off(keys, asked[0])
        search(keys, asked[0])
        come_back(keys)


def sign_in(keys: Keys, user: User) -> None:
    page = keys.visitor.open("/cuenta/login/")
    keys.look()
    keys.walk("Tab", "[name=login]", most=12)
    keys.write(user.email)
    keys.press("Tab")
    keys.write("una clave bastante larga")
    keys.go("Enter")
    assert "/bandeja/" in page.url
    assert page.evaluate("document.documentElement.lang") == user.language


def triage(keys: Keys, ticket: Ticket) -> None:
    """Through the palette to the list of those that nobody has, down and up in it, and into the ticket."""
    page = keys.visitor.page
    keys.press("Control+k")
    keys.write(UNASSIGNED[page.evaluate("document.documentElement.lang")])
    keys.look()
    keys.go("Enter")
    keys.press("j", "j", "k")
    keys.see_where()
    keys.look()
    if str(ticket.number) not in page.evaluate("document.activeElement.closest('[data-row]').innerText"):
        keys.walk("j", "[data-row] a", words=f"#{ticket.number}")
    keys.go("Enter")
    assert f"/tickets/{ticket.number}/" in page.url
    keys.look()


def take(keys: Keys, ticket: Ticket, user: User) -> None:
    """The menu opens on what is most wanted; closed, the focus is where it was opened."""
    keys.press("a")
    assert keys.stands(f"button[name=assignee][value='{user.pk}']")
    keys.see_where()
    keys.look()
    keys.press("Escape")
    assert keys.stands("summary[data-key=a]")
    keys.press("a")
    keys.go("Enter")
    ticket.refresh_from_db()
    assert ticket.assignee == user


def answer(keys: Keys, ticket: Ticket, macro: Macro) -> None:
    """A macro is shown whole before it is sent, with the focus on the button that does it."""
    keys.press("m")
    if not keys.stands(f"a[href*='/{macro.pk}/']"):
        keys.walk("Tab", f"a[href*='/{macro.pk}/']")
    keys.go("Enter")
    assert keys.stands("button[data-focus]")
    keys.see_where()
    keys.look()
    keys.go("Enter")
    sent = Message.objects.filter(ticket=ticket, kind=Message.Kind.REPLY).latest("pk")
    assert sent.text.startswith(REPLY[ticket.contact.language])  # type: ignore[union-attr]


def log_time(keys: Keys, ticket: Ticket, user: User) -> None:
    expect(
        keys.visitor.page.locator("summary[data-key=w]")
    ).to_be_visible()  # what stands beside comes a moment later
    keys.press("w")
    assert keys.stands("#entry_work_type")
    keys.walk("Tab", "[name=duration]", most=20)
    keys.write("0:20")
    keys.look()
    keys.go("Enter")
    entry = TimeEntry.objects.get(ticket=ticket, user=user)
    assert entry.elapsed_seconds == 20 * 60


def merge(keys: Keys, ticket: Ticket, again: Ticket) -> None:
    """The duplicate is found by its number, and goes on in the one that was answered."""
    page = keys.visitor.page
    keys.press("Control+k")
    keys.write(f"#{again.number}")
    expect(page.locator("#ec-palette [role=option]", has_text=str(again.number)).first).to_be_visible()
    keys.go("Enter")
    assert f"/tickets/{again.number}/" in page.url
    keys.press("o")
    assert keys.stands("a[href*='/unir/'], a[href*='/vincular/']")
    keys.go("Enter")
    assert keys.stands("[name=number]")
    keys.look()
    keys.write(str(ticket.number))
    keys.go("Enter")
    again.refresh_from_db()
    assert again.merged_into == ticket
    assert f"/tickets/{ticket.number}/" in page.url


def put_off(keys: Keys, ticket: Ticket) -> None:
    keys.press("h")
    assert keys.stands("button[name=preset]")
    keys.look()
    keys.go("Enter")
    ticket.refresh_from_db()
    assert ticket.snoozed_until is not None


def search(keys: Keys, ticket: Ticket) -> None:
    """From the search to what it found, with the same keys as in the inbox."""
    page = keys.visitor.page
    keys.press("/")
    keys.write("centralita muda")
    keys.go("Enter")
    keys.look()
    keys.walk("j", "[data-row] a", words=f"#{ticket.number}", most=10)
    keys.go("Enter")
    assert f"/tickets/{ticket.number}/" in page.url


def come_back(keys: Keys) -> None:
    """What floats gives the focus back, and Escape leads to the list."""
    keys.walk("Tab", "main a")
    keys.press("Control+k")
    assert keys.stands("#ec-palette input")
    keys.press("Escape")
    assert keys.stands("main a")
    keys.go("Escape")
    assert "/bandeja/" in keys.visitor.page.url
