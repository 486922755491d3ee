"""The edge: production settings, hosts, forwarded headers, ways back that lead away."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client, RequestFactory
from pytest_django import Settings

from ecuanime.foundation.addresses import client_address
from ecuanime.foundation.models import AuditEntry
from tests.factories import make_firm, make_person

PASSWORD = "una clave bastante larga"
ELSEWHERE = [
    "https://malo.example/",
    "//malo.example/",
    "///malo.example",
    "/\\malo.example",
    "\\\\malo.example",
    "https:malo.example",
    "javascript:alert(1)",
    "http://testserver@malo.example/",
    "/\tmalo.example//",
    " //malo.example",
]
FLAGS = """
import json
from django.conf import settings as s
names = ("SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE LANGUAGE_COOKIE_SECURE SESSION_COOKIE_HTTPONLY "
         "SESSION_COOKIE_NAME CSRF_COOKIE_NAME SESSION_COOKIE_SAMESITE CSRF_COOKIE_SAMESITE DEBUG "
         "SECURE_HSTS_SECONDS ALLOWED_HOSTS").split()
print(json.dumps({name: getattr(s, name) for name in names}))
"""


def in_production(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A Python process with the settings of an installation behind HTTPS, in a data folder of its own."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("ECUANIME_", "DATABASE"))
    }
    source = str(Path(__file__).resolve().parents[2] / "src")
    own = {
        "ECUANIME_URL": "https://x.example",
        "ECUANIME_DATA": str(folder),
        "ECUANIME_ENV_FILE": os.devnull,
        "DJANGO_SETTINGS_MODULE": "ecuanime.config.settings",
        "PYTHONPATH": source,
    }
    return subprocess.run(
        [sys.executable, *arguments], env=kept | own, capture_output=True, text=True, check=False, timeout=120
    )


def test_djangos_deployment_checks_have_nothing_to_say(tmp_path: Path) -> None:
    check = in_production(tmp_path, "-m", "django", "check", "--deploy", "--fail-level", "WARNING")
    assert check.returncode == 0, check.stderr
    assert "no issues" in check.stdout + check.stderr


def test_cookies_are_sealed_off_behind_https(tmp_path: Path) -> None:
    flags = json.loads(in_production(tmp_path, "-c", FLAGS).stdout)
    for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE"):
        assert flags[name] is True
    assert flags["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert flags["CSRF_COOKIE_NAME"].startswith("__Host-")
    assert flags["SESSION_COOKIE_HTTPONLY"] is True
    assert (flags["SESSION_COOKIE_SAMESITE"], flags["CSRF_COOKIE_SAMESITE"]) == ("Lax", "Lax")
    assert flags["DEBUG"] is False
    assert flags["SECURE_HSTS_SECONDS"] >= 31536000
    assert "*" not in flags["ALLOWED_HOSTS"]


@pytest.mark.django_db
def test_cookies_are_set_with_their_flags(settings: Settings) -> None:
    make_firm()
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    person, browser = make_person(), Client()
    browser.get("/cuenta/login/", secure=True)
    browser.post("/cuenta/login/", {"login": person.email, "password": PASSWORD}, secure=True)
    browser.post("/tema/", {"theme": "dark"}, secure=True)
    session, theme = browser.cookies[settings.SESSION_COOKIE_NAME], browser.cookies["ec_theme"]
    assert session["httponly"]
    for cookie in (session, theme, browser.cookies[settings.CSRF_COOKIE_NAME]):
        assert cookie["secure"]
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        assert not cookie["domain"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/cuenta/login/", "/healthz", "/api/v1/docs", "/api/v1/tickets"])
def test_a_made_up_host_is_refused(path: str) -> None:
    make_firm()
    assert Client(headers={"Host": "malo.example"}).get(path).status_code == 400
    kept = Client(headers={"X-Forwarded-Host": "malo.example"}).get(path)
    assert "malo.example" not in kept.content.decode() + str(kept.headers)


def test_who_asks_is_not_what_they_say(settings: Settings) -> None:
    forged = RequestFactory().get("/", headers={"X-Forwarded-For": "203.0.113.7, 198.51.100.9"})
    settings.ECUANIME_TRUSTED_PROXIES = 0
    assert client_address(forged) == "127.0.0.1"
    settings.ECUANIME_TRUSTED_PROXIES = 1
    assert client_address(forged) == "198.51.100.9"
    settings.ECUANIME_TRUSTED_PROXIES = 2
    assert client_address(forged) == "203.0.113.7"


@pytest.mark.django_db
def test_the_audit_trail_and_the_limits_count_the_real_address() -> None:
    make_firm()
    person = make_person()
    for number in range(4):
        browser = Client(headers={"X-Forwarded-For": f"203.0.113.{number}"})
        browser.post("/cuenta/login/", {"login": person.email, "password": PASSWORD})
    assert set(AuditEntry.objects.filter(verb="signed_in").values_list("address", flat=True)) == {"127.0.0.1"}
    tries = [
        Client(headers={"X-Forwarded-For": f"198.51.100.{number}"}).post(f"/entrar/guess{number}/")
        for number in range(21)
    ]
    assert tries[-1].status_code == 429


@pytest.mark.django_db
@pytest.mark.parametrize("away", ELSEWHERE)
def test_no_way_back_leads_away(away: str) -> None:
    make_firm()
    person = make_person()
    given = {"login": person.email, "password": PASSWORD, "next": away}
    answers = [
        Client().post("/cuenta/login/", given),
        Client().post("/idioma/", {"language": "en", "next": away}),
        Client().post("/tema/", {"theme": "dark", "next": away}),
    ]
    signed_in = Client()
    signed_in.force_login(person)
    answers += [
        signed_in.get("/cuenta/login/", {"next": away}),
        signed_in.post("/cuenta/reauthenticate/", {"password": PASSWORD, "next": away}),
        signed_in.post("/cuenta/logout/", {"next": away}),
    ]
    for answer in answers:
        assert answer.status_code == 302
        location = answer["Location"]
        assert location.startswith("/")
        assert not {"\t", "\n", "\r", "\\"} & set(location)
        assert urlsplit(urljoin("http://testserver/here/", location)).netloc == "testserver"
