"""What cannot be served is answered in words, in the reader's language, with a way out; programs get JSON."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django import Settings

from ecuanime.accounts.models import Role
from ecuanime.web.errors import TOO_LARGE
from tests.factories import make_contact, make_firm, make_person

pytestmark = pytest.mark.django_db
ENGLISH = {"Accept-Language": "en"}
FORM = "http://testserver/tickets/nuevo/?cliente=C-1"


@pytest.fixture(autouse=True)
def firm() -> None:
    make_firm(language="es")


def browser_of(person: object = None) -> Client:
    """A browser that is shown failures, as people are."""
    browser = Client(raise_request_exception=False, headers=ENGLISH)
    if person:
        browser.force_login(person)  # type: ignore[arg-type]  # an account
    return browser


def says(answer: Any, status: int, words: str) -> None:
    """It has this status, these words in its heading, and a way to the start."""
    text = answer.content.decode()
    assert answer.status_code == status
    assert f"<h1>{words}</h1>" in text.replace("&#x27;", "'")
    assert 'href="/"' in text
    assert answer["Content-Language"] == "en"


def test_what_cannot_be_read_is_said_in_the_readers_language() -> None:
    answer = browser_of().get("/cuenta/login/", {"next": "a\x00b"})
    says(answer, 400, "We could not read what the browser sent")
    spanish = Client(headers={"Accept-Language": "es"}).get("/cuenta/login/", {"next": "a\x00b"})
    assert "No hemos podido leer" in spanish.content.decode()


def test_a_form_larger_than_we_read_leads_back_to_its_page(settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    browser = browser_of(make_person(language="en"))
    answer = browser.post("/cuenta/avisos/", {"text": "x" * 2000}, headers={"Referer": FORM})
    says(answer, 413, "What you sent is too large")
    assert 'href="/tickets/nuevo/?cliente=C-1"' in answer.content.decode()


def test_what_the_web_server_read_past_is_answered_and_nothing_is_done() -> None:
    browser = browser_of(make_person(language="en"))
    answer = browser.post(
        "/cuenta/logout/", headers={"Referer": "https://malo.example/"}, **{TOO_LARGE: True}
    )
    says(answer, 413, "What you sent is too large")
    assert "malo.example" not in answer.content.decode()
    assert browser.get("/cuenta/").status_code == 200  # still signed in


def test_a_program_whose_request_is_too_large_gets_json() -> None:
    answer = browser_of().post("/api/v1/tickets", b"", "application/json", **{TOO_LARGE: True})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_an_address_that_takes_forms_alone_says_so() -> None:
    answer = browser_of().get("/idioma/")
    says(answer, 405, "This address only takes what a form sends")
    assert answer["Allow"] == "POST"


@pytest.mark.parametrize("error", [OperationalError("gone"), ZeroDivisionError("a mistake")])
@pytest.mark.parametrize(
    "where", ["ecuanime.web.middleware.current_firm", "ecuanime.web.public.views.redirect"]
)
def test_a_failure_is_said_without_the_database(error: Exception, where: str) -> None:
    is_down = isinstance(error, OperationalError)
    words = "We cannot reach our data at the moment" if is_down else "It failed on our side"
    with patch(where, side_effect=error):
        answer = browser_of().get("/")
        says(answer, 503 if is_down else 500, words)
        assert answer.has_header("Retry-After") is is_down
        said = browser_of().get("/api/v1/me") if "current_firm" in where else None
    if said:
        assert said.json()["code"] == ("unavailable" if is_down else "failed")


def test_a_client_at_the_desk_is_led_to_the_portal() -> None:
    answer = browser_of(make_contact(signs_in=True).user).get("/bandeja/")
    says(answer, 403, "Your account cannot see this")
    assert "Go to the portal" in answer.content.decode()


def test_a_technician_in_what_is_not_theirs_hears_who_can_grant_it() -> None:
    answer = browser_of(make_person(Role.TECHNICIAN, language="en")).get("/facturas/")
    says(answer, 403, "Your account cannot see this")
    assert "An administrator of your firm can grant it" in answer.content.decode()


def test_a_form_without_its_token_changes_nothing_and_says_so() -> None:
    person = make_person(language="en")
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person)
    says(browser.post("/cuenta/logout/"), 403, "The page you sent this from was too old")
    assert browser.get("/cuenta/").status_code == 200


@pytest.mark.parametrize("header", ["HX-Request", "X-Live"])
def test_a_part_of_a_page_hears_that_the_session_has_ended(header: str) -> None:
    assert browser_of().get("/bandeja/", headers={header: "true"}).status_code == 401


def test_a_form_sent_after_the_session_leads_back_to_its_page() -> None:
    answer = browser_of().post("/cuenta/avisos/", headers={"Referer": FORM})
    assert answer["Location"] == "/cuenta/login/?next=/tickets/nuevo/%3Fcliente%3DC-1"
    answer = browser_of().post("/cuenta/avisos/", headers={"Referer": "https://malo.example/x/"})
    assert answer["Location"] == "/cuenta/login/?next=/"


def test_an_address_of_programs_that_is_not_there_is_said_to_programs() -> None:
    answer = browser_of().get("/api/v1/no-such-thing")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
