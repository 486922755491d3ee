"""Nothing written is lost: a reload, a failing server and a lost connection leave the text where it was."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Route, expect

from ecuanime.accounts.models import Role, User
from ecuanime.tickets.models import Message, Ticket
from tests.browser.house import House
from tests.browser.visitor import visiting

TEXT = "Un párrafo que costó escribir."


@pytest.fixture
def ticket(house: House) -> Ticket:
    return Ticket.objects.filter(client__isnull=False).earliest("pk")


@pytest.fixture
def technician(house: House) -> User:
    return User.objects.get(roles=[Role.TECHNICIAN])


def test_a_draft_survives_a_reload_and_is_gone_once_sent(
    house: House, chromium: Any, ticket: Ticket, technician: User
) -> None:
    with visiting(house, chromium, user=technician) as visitor:
        page = visitor.open(f"/tickets/{ticket.number}/")
        page.locator("#body-reply").press_sequentially(TEXT)
        page.reload()
        expect(page.locator("#body-reply")).to_have_value(TEXT)
        page.click("#tab-note")
        expect(page.locator("#body-note")).to_have_value("")
        page.click("#tab-reply")
        page.click("#pane-reply button.btn-primary")
        expect(page.locator("#hilo")).to_contain_text(TEXT)
        page.reload()
        expect(page.locator("#tab-reply")).to_be_visible()
        expect(page.locator("#body-reply")).to_have_value("")


def test_a_draft_follows_its_writer_to_another_window(
    house: House, chromium: Any, ticket: Ticket, technician: User
) -> None:
    with visiting(house, chromium, user=technician) as first:
        page = first.open(f"/tickets/{ticket.number}/")
        page.click("#tab-note")
        with page.expect_response(lambda answer: answer.url.endswith("/borrador/") and answer.ok):
            page.locator("#body-note").press_sequentially(TEXT)
    with visiting(house, chromium, user=technician) as second:
        page = second.open(f"/tickets/{ticket.number}/")
        expect(page.locator("#body-note")).to_have_value(TEXT)


def test_a_failing_server_takes_nothing_away(
    house: House, chromium: Any, ticket: Ticket, technician: User
) -> None:
    with visiting(house, chromium, user=technician) as visitor:
        visitor.expected += ["500"]
        page = visitor.open(f"/tickets/{ticket.number}/")
        page.route("**/responder/", fail)
        page.locator("#body-reply").press_sequentially(TEXT)
        sent = Message.objects.count()
        page.click("#pane-reply button.btn-primary")
        visitor.open(f"/tickets/{ticket.number}/")
        expect(page.locator("#body-reply")).to_have_value(TEXT)
        assert Message.objects.count() == sent
        page.unroute("**/responder/")
        page.click("#pane-reply button.btn-primary")
        expect(page.locator("#hilo")).to_contain_text(TEXT)
        assert Message.objects.count() == sent + 1


def test_a_part_that_cannot_be_fetched_leaves_what_is_shown(
    house: House, chromium: Any, ticket: Ticket, technician: User
) -> None:
    """The list stays, and a word in the corner says that it may be old."""
    with visiting(house, chromium, user=technician) as visitor:
        visitor.expected += ["500"]
        page = visitor.open("/bandeja/abiertos/")
        page.route("**/vistazo/**", fail)
        rows = page.locator("[data-row]").count()
        page.locator("[data-row]").first.click(position={"x": 5, "y": 5})
        expect(page.locator("#toasts .ec-toast")).to_be_visible()
        assert page.locator("[data-row]").count() == rows


def test_a_lost_connection_is_said_and_taken_back(
    house: House, chromium: Any, ticket: Ticket, technician: User
) -> None:
    with visiting(house, chromium, user=technician) as visitor:
        visitor.expected += ["ERR_INTERNET_DISCONNECTED"]
        page = visitor.open(f"/tickets/{ticket.number}/")
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        page.locator("#body-reply").press_sequentially(TEXT)
        visitor.context.set_offline(True)
        expect(page.locator("#ec-live")).to_be_visible()
        expect(page.locator("#body-reply")).to_have_value(TEXT)
        visitor.context.set_offline(False)
        expect(page.locator("#ec-live")).to_be_hidden()


def fail(route: Route) -> None:
    """An answer such as a proxy gives while the product restarts."""
    route.fulfill(status=500, content_type="text/html", body="<h1>500</h1>")
