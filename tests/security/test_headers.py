"""Headers of a request that claim who asks, from where, or how: nobody believes them."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from ecuanime.foundation.models import AuditEntry
from tests.factories import make_firm, make_person

pytestmark = pytest.mark.django_db
PASSWORD = "una clave bastante larga"
WHO = (
    "Remote-User",
    "X-Remote-User",
    "X-Forwarded-User",
    "X-Forwarded-Email",
    "X-Auth-Request-Email",
    "X-WebAuth-User",
)
WHENCE = (
    "X-Forwarded-For",
    "Forwarded",
    "X-Real-IP",
    "CF-Connecting-IP",
    "True-Client-IP",
    "X-Client-IP",
    "X-Cluster-Client-IP",
)


@pytest.mark.parametrize("header", WHO)
def test_no_header_makes_somebody_else_of_who_asks(header: str) -> None:
    make_firm()
    person = make_person()
    for value in (person.email, str(person.pk)):
        assert Client(headers={header: value}).get("/cuenta/").status_code == 302
        assert Client(headers={header: value}).get("/api/v1/tickets").status_code == 401
    known = Client()  # the control: who has a session is let in
    known.force_login(person)
    assert known.get("/cuenta/").status_code == 200


@pytest.mark.parametrize("header", WHENCE)
def test_no_header_changes_where_somebody_comes_from(header: str) -> None:
    make_firm()
    person = make_person()
    value = "for=203.0.113.7" if header == "Forwarded" else "203.0.113.7"
    Client(headers={header: value}).post("/cuenta/login/", {"login": person.email, "password": PASSWORD})
    assert AuditEntry.objects.get(verb="signed_in").address == "127.0.0.1"


def test_control_behind_a_proxy_that_is_trusted_its_word_counts(settings: Settings) -> None:
    settings.ECUANIME_TRUSTED_PROXIES = 1
    make_firm()
    person = make_person()
    Client(headers={"X-Forwarded-For": "203.0.113.7"}).post(
        "/cuenta/login/", {"login": person.email, "password": PASSWORD}
    )
    assert AuditEntry.objects.get(verb="signed_in").address == "203.0.113.7"


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-Original-URL", "X-Rewrite-URL"])
def test_no_header_changes_what_is_asked(header: str) -> None:
    make_firm()
    value = "DELETE" if "Method" in header else "/ajustes/"
    asked = Client(headers={header: value}).get("/robots.txt")
    assert asked.content == Client().get("/robots.txt").content
