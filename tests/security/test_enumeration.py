"""That nobody learns who has an account, by what an answer costs: counted in work, because clocks of tests lie."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ecuanime.accounts.models import User
from tests.factories import make_firm, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_firm() -> Iterator[None]:
    make_firm()
    cache.clear()
    yield
    cache.clear()


def hashes_made(login: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many passwords are hashed while somebody tries to sign in as `login`."""
    made: list[str] = []
    real = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        made.append(salt)
        return real(self, password, salt)

    with monkeypatch.context() as patched:
        patched.setattr(MD5PasswordHasher, "encode", counted)
        Client().post("/cuenta/login/", {"login": login, "password": "otra cosa distinta"})
    return len(made)


def test_signing_in_costs_the_same_work_for_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    known, closed, without = make_person(), make_person(), make_person()
    User.objects.filter(pk=closed.pk).update(is_active=False)
    without.set_unusable_password()
    without.save()
    logins = (known.email, closed.email, without.email, "nadie@fuera.example")
    assert {login: hashes_made(login, monkeypatch) for login in logins} == dict.fromkeys(logins, 1)


def test_control_an_account_that_is_looked_up_first_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    known = make_person()
    monkeypatch.setattr("django.contrib.auth.hashers.make_password", lambda *_args, **_more: "x")
    monkeypatch.setattr(User, "set_password", lambda *_args: None)
    assert hashes_made(known.email, monkeypatch) > hashes_made("nadie@fuera.example", monkeypatch)


@pytest.mark.parametrize(
    ("path", "field"), [("/cuenta/enlace/", "email"), ("/cuenta/password/reset/", "email")]
)
def test_asking_for_mail_costs_the_same_work_for_everybody(path: str, field: str) -> None:
    known = make_person()
    costs = set()
    for address in (known.email, "nadie@fuera.example"):
        Client().post(path, {field: "otra@fuera.example"})
        with CaptureQueriesContext(connection) as asked:
            answer = Client().post(path, {field: address})
        costs.add((len(asked), answer.status_code, answer["Location"]))
    assert len(costs) == 1
