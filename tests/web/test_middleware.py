"""What every request goes through: language, zone and the headers of every answer."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import make_firm

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def firm() -> None:
    make_firm(language="es")


@pytest.mark.parametrize("cookie", ["fr", "../../etc", "x" * 300])
def test_a_language_that_is_not_spoken_counts_as_none(client: Client, cookie: str) -> None:
    client.cookies["ec_language"] = cookie
    answer = client.get("/cuenta/login/")
    assert (answer.status_code, answer.headers["Content-Language"]) == (200, "es")


def test_the_cookie_goes_before_the_browser_and_the_browser_before_the_firm(client: Client) -> None:
    assert client.get("/cuenta/login/").headers["Content-Language"] == "es"
    english = {"Accept-Language": "en-GB,en;q=0.8"}
    assert client.get("/cuenta/login/", headers=english).headers["Content-Language"] == "en"
    client.cookies["ec_language"] = "es"
    assert client.get("/cuenta/login/", headers=english).headers["Content-Language"] == "es"


def test_every_answer_carries_the_content_policy(client: Client) -> None:
    for address in ("/cuenta/login/", "/no-existe/", "/healthz"):
        policy = client.get(address).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_a_nul_is_refused_wherever_it_stands(client: Client) -> None:
    assert client.get("/cuenta/login/", {"next": "a\x00b"}).status_code == 400
    assert client.get("/entrar/a%00b/").status_code == 400
    assert client.post("/cuenta/login/", {"login": "a\x00b", "password": "x"}).status_code == 400
    assert client.get("/cuenta/login/", {"next": "ab"}).status_code == 200
