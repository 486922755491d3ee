"""What goes wrong is said in words, with a way out, and what was written comes back to its form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection, connections
from playwright.sync_api import Route, expect

from ecuanime.accounts.models import Role, User
from ecuanime.clients.models import Contact
from ecuanime.foundation.environment import max_upload_bytes
from ecuanime.tickets.models import Ticket
from tests.browser.axe import judge
from tests.browser.house import House
from tests.browser.visitor import visiting

TEXT = "Un párrafo que costó escribir."
OFFICE, PORTAL = "/ajustes/empresa/", "/portal/peticiones/nueva/"


@pytest.fixture
def technician(house: House) -> User:
    return User.objects.get(roles=[Role.TECHNICIAN])


@pytest.fixture
def lead(house: House) -> User:
    ticket = Ticket.objects.filter(client__isnull=False).earliest("pk")
    user = Contact.objects.get(client=ticket.client, is_project_lead=True).user
    assert user
    return user


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A file that is larger than the web server takes."""
    chosen = tmp_path / "pantalla.mp4"
    with chosen.open("wb") as file:
        file.truncate(max_upload_bytes() + 1024)
    return chosen


def test_a_form_with_a_film_is_answered_in_words_and_keeps_its_text(
    house: House, chromium: Any, lead: User, film: Path
) -> None:
    """The browser's own check is taken away, as where scripts do not run."""
    with visiting(house, chromium, user=lead) as visitor:
        visitor.expected += ["413"]
        page = visitor.open(PORTAL)
        page.fill("[name=subject]", "No imprime")
        page.fill("[name=body]", TEXT)
        page.evaluate("document.querySelector('[type=file]').removeAttribute('data-limit')")
        page.set_input_files("[type=file]", film)
        page.click("main button[type=submit]")
        expect(page.locator("h1")).to_have_text("Lo enviado es demasiado grande")
        judge(visitor)
        page.click("main .btn-primary")
        expect(page.locator("[name=subject]")).to_have_value("No imprime")
        expect(page.locator("[name=body]")).to_have_value(TEXT)
        page.click("main button[type=submit]")
        expect(page.locator("main")).to_contain_text(TEXT)
        visitor.open(PORTAL)
        expect(page.locator("[name=body]")).to_have_value("")


def test_a_note_with_a_film_keeps_its_text(house: House, chromium: Any, technician: User, film: Path) -> None:
    ticket = Ticket.objects.filter(client__isnull=False).earliest("pk")
    with visiting(house, chromium, user=technician) as visitor:
        visitor.expected += ["413"]
        page = visitor.open(f"/tickets/{ticket.number}/")
        page.click("#tab-note")
        page.locator("#body-note").press_sequentially(TEXT)
        page.evaluate("document.getElementById('files-note').removeAttribute('data-limit')")
        page.set_input_files("#files-note", film)
        page.click("#pane-note button[type=submit]")
        expect(page.locator("h1")).to_have_text("What you sent is too large")
        page.click("main .btn-primary")
        page.click("#tab-note")
        expect(page.locator("#body-note")).to_have_value(TEXT)


def test_a_database_that_is_down_is_said_and_nothing_written_is_lost(
    house: House, chromium: Any, lead: User
) -> None:
    with visiting(house, chromium, user=lead) as visitor:
        visitor.expected += ["503"]
        page = visitor.open(PORTAL)
        page.fill("[name=subject]", "No imprime")
        page.fill("[name=body]", TEXT)
        with database_down():
            page.click("main button[type=submit]")
            expect(page.locator("h1")).to_have_text("Ahora mismo no llegamos a nuestros datos")
            judge(visitor)
        page.go_back()
        expect(page.locator("[name=body]")).to_have_value(TEXT)


def test_of_two_forms_alike_the_one_that_was_sent_gets_its_text_back(
    house: House, chromium: Any, lead: User
) -> None:
    """They are sent to one address and ask the same, as where a page has a form for each of several things."""
    with visiting(house, chromium, user=lead) as visitor:
        visitor.expected += ["503"]
        visitor.page.route(f"**{PORTAL}", with_its_form_twice)
        page = visitor.open(PORTAL)
        first, second = (page.locator("form:has([name=body])").nth(place) for place in (0, 1))
        second.locator("[name=subject]").fill("No imprime")
        second.locator("[name=body]").fill(TEXT)
        with database_down():
            second.locator("button[type=submit]").click()
            expect(page.locator("h1")).to_have_text("Ahora mismo no llegamos a nuestros datos")
        visitor.open(PORTAL)
        expect(second.locator("[name=body]")).to_have_value(TEXT)
        expect(first.locator("[name=body]")).to_have_value("")


def with_its_form_twice(route: Route) -> None:
    """The page as it is, but for a second form like the one that asks for a text."""
    answer = route.fetch()
    form = re.compile(r"<form\b(?:(?!</form>).)*name=\"body\".*?</form>", re.DOTALL)
    route.fulfill(response=answer, body=form.sub(r"\g<0>\g<0>", answer.text()))


def test_a_session_that_ended_loses_no_text(house: House, chromium: Any, lead: User) -> None:
    with visiting(house, chromium, user=lead) as visitor:
        page = visitor.open(PORTAL)
        page.fill("[name=body]", TEXT)
        page.fill("[name=subject]", "No imprime")
        visitor.context.clear_cookies(name="ec_session")
        page.click("main button[type=submit]")
        expect(page.locator("#id_login")).to_be_visible()
        page.wait_for_load_state()  # what was written is put aside by a script, which may come after the form
        visitor.sign_in(lead)
        visitor.open(PORTAL)
        expect(page.locator("[name=body]")).to_have_value(TEXT)


def test_a_failure_of_ours_is_a_page_in_words(house: House, chromium: Any, technician: User) -> None:
    with visiting(house, chromium, user=technician) as visitor:
        visitor.expected += ["500"]
        with patch("ecuanime.web.desk.team.render", side_effect=ZeroDivisionError):
            page = visitor.open("/equipo/")
        expect(page.locator("h1")).to_have_text("It failed on our side")
        judge(visitor)


def test_a_page_that_is_too_old_says_so(house: House, chromium: Any, technician: User) -> None:
    with visiting(house, chromium, user=technician) as visitor:
        visitor.expected += ["403"]
        page = visitor.open("/cuenta/avisos/")
        visitor.context.clear_cookies(name="ec_csrf")
        page.locator("main form[method=post] button[type=submit]").first.click()
        expect(page.locator("h1")).to_contain_text("was too old")
        judge(visitor)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "Your session has ended"),
        (403, "You may not do that here"),
        (404, "That is no longer there"),
        (413, "too large to be sent"),
        (429, "Too many attempts"),
        (502, "could not be fetched"),
    ],
)
def test_a_part_that_is_refused_says_why(
    house: House, chromium: Any, technician: User, status: int, words: str
) -> None:
    with visiting(house, chromium, user=technician) as visitor:
        visitor.expected += [str(status)]
        page = visitor.open("/bandeja/abiertos/")
        page.route("**/vistazo/**", lambda route: route.fulfill(status=status, body=""))
        page.locator("[data-row]").first.click(position={"x": 5, "y": 5})
        expect(page.locator("#toasts .ec-toast")).to_contain_text(words)
        page.evaluate("document.querySelector('[data-row]').dispatchEvent(new CustomEvent('peek'))")
        page.wait_for_timeout(300)
        expect(page.locator("#toasts .ec-toast")).to_have_count(1)


def test_a_list_whose_session_ended_says_so(house: House, chromium: Any, technician: User) -> None:
    with visiting(house, chromium, user=technician) as visitor:
        visitor.expected += ["401"]
        page = visitor.open("/bandeja/abiertos/")
        visitor.context.clear_cookies(name="ec_session")
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(page.locator("#toasts .ec-toast")).to_contain_text("Your session has ended")
        expect(page.locator("#ec-live")).to_be_hidden()


def test_panels_that_cannot_come_offer_to_try_again(house: House, chromium: Any, technician: User) -> None:
    ticket = Ticket.objects.filter(client__isnull=False).earliest("pk")
    with visiting(house, chromium, user=technician) as visitor:
        visitor.expected += ["502"]
        page = visitor.context.pages[0]
        page.route("**/paneles/**", lambda route: route.fulfill(status=502, body=""))
        visitor.open(f"/tickets/{ticket.number}/")
        again = page.get_by_role("button", name="Try again")
        expect(again.first).to_be_visible()
        expect(page.locator("main [aria-busy=true]")).to_have_count(0)
        page.unroute("**/paneles/**")
        for _ in range(again.count()):
            again.first.click()
        expect(page.locator("#tiempo")).to_be_visible()


@contextmanager
def database_down() -> Iterator[None]:
    """Every connection is cut, and no other is let in."""
    name = connection.settings_dict["NAME"]
    _let_in(name, "false")
    try:
        yield
    finally:
        _let_in(name, "true")
        connections.close_all()


def _let_in(name: str, whether: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS {whether}')
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
