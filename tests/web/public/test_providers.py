"""Signing in through a provider of OpenID Connect, with a real one on loopback; and everything that proves nobody."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from ecuanime.accounts.actions import deactivate, link_identity, unlink_identity
from ecuanime.accounts.models import Identity, User
from ecuanime.accounts.openid import asking, tokens
from ecuanime.accounts.openid.tokens import Claims
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.models import AuditEntry
from tests.factories import make_contact, make_firm, make_person
from tests.factories.provider import CLIENT, Double, running_provider, signing_key

pytestmark = pytest.mark.django_db
BEGIN, BACK = "/cuenta/con/casa/", "/cuenta/con/casa/vuelta/"


@pytest.fixture(scope="module")
def listening() -> Iterator[Double]:
    with running_provider() as double:
        yield double


@pytest.fixture
def double(listening: Double, settings: Settings) -> Double:
    """The provider, known to the product and with a person of the firm signed in."""
    make_firm()
    cache.clear()
    vars(listening).update(vars(Double(issuer=listening.issuer)))
    listening.person = {"sub": "248289761001", "email": "Irene@nodo.example", "email_verified": True}
    settings.ECUANIME_OIDC_INTERNAL = frozenset({listening.issuer})
    settings.ECUANIME_OIDC_PROVIDERS = (listening.as_provider(),)
    return listening


def come_back(client: Client, double: Double, begin: str = BEGIN) -> Any:
    """There and back; the answer to whoever came back."""
    sent = client.get(begin)
    assert sent.status_code == 302, sent.content
    return client.get(_path(double.visit(sent["Location"])))


def _path(address: str) -> str:
    return address.removeprefix("http://testserver")


def who(client: Client) -> int | None:
    """Who is signed in in this browser."""
    found = client.session.get("_auth_user_id")
    return int(found) if found else None


def nothing_happened(client: Client) -> bool:
    return who(client) is None and not Identity.objects.exists() and not AuditEntry.objects.exists()


def test_a_vouched_address_opens_its_account_and_from_then_on_the_subject_does(
    client: Client, double: Double
) -> None:
    person = make_person(email="irene@nodo.example")
    assert b"Sign in with Casa" in client.get("/cuenta/login/").content
    answer = come_back(client, double, f"{BEGIN}?next=/clientes/")
    assert (answer["Location"], who(client)) == ("/clientes/", person.pk)
    double.person |= {"email": "otra@nodo.example"}
    again = Client()
    come_back(again, double)
    assert who(again) == person.pk
    verbs = list(AuditEntry.objects.filter(object_id=str(person.pk)).values_list("verb", flat=True))
    assert verbs == ["identity_linked", "identity_used", "signed_in", "identity_used", "signed_in"]


def test_a_contact_enters_too_and_nobody_gets_an_account(client: Client, double: Double) -> None:
    contact = make_contact(signs_in=True)
    assert contact.user
    double.person |= {"email": contact.user.email}
    come_back(client, double)
    assert who(client) == contact.user.pk
    stranger, accounts = Client(), User.objects.count()
    double.person = {"sub": "another", "email": "nadie@fuera.example", "email_verified": True}
    assert come_back(stranger, double).status_code == 403
    assert (who(stranger), User.objects.count()) == (None, accounts)


@pytest.mark.parametrize("verified", [False, None, "false", 1, "yes"])
def test_an_address_that_was_not_verified_gains_nothing(
    client: Client, double: Double, verified: object
) -> None:
    make_person(email="irene@nodo.example")
    double.person |= {"email_verified": verified}
    assert come_back(client, double).status_code == 403
    assert nothing_happened(client)


def test_a_provider_vouches_for_its_domains_alone(client: Client, double: Double, settings: Settings) -> None:
    person = make_person(email="irene@nodo.example")
    settings.ECUANIME_OIDC_PROVIDERS = (double.as_provider(domains=("cliente.example",)),)
    assert come_back(client, double).status_code == 403
    assert nothing_happened(client)
    settings.ECUANIME_OIDC_PROVIDERS = (double.as_provider(domains=("nodo.example",)),)
    come_back(client, double)
    assert who(client) == person.pk


def test_who_inherits_an_address_at_the_provider_does_not_inherit_the_account(
    client: Client, double: Double
) -> None:
    make_person(email="irene@nodo.example")
    come_back(client, double)
    double.person |= {"sub": "the next one with that address"}
    heir = Client()
    assert come_back(heir, double).status_code == 403
    assert (who(heir), Identity.objects.count()) == (None, 1)


def test_a_closed_account_stays_out(client: Client, double: Double) -> None:
    person = make_person(email="irene@nodo.example")
    come_back(client, double)
    deactivate(user=person, now=read_clock())
    late = Client()
    assert come_back(late, double).status_code == 403
    assert who(late) is None
    never_linked = make_person(email="cerrada@nodo.example")
    deactivate(user=never_linked, now=read_clock())
    double.person = {"sub": "closed", "email": never_linked.email, "email_verified": True}
    assert come_back(late, double).status_code == 403
    assert (who(late), never_linked.identities.count()) == (None, 0)


def test_a_second_factor_is_still_asked_for_unless_the_provider_asks(
    client: Client, double: Double, settings: Settings
) -> None:
    person = make_person(email="irene@nodo.example")
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert come_back(client, double)["Location"] == "/cuenta/2fa/authenticate/"
    assert who(client) is None
    settings.ECUANIME_OIDC_PROVIDERS = (double.as_provider(does_second_factor=True),)
    trusted = Client()
    come_back(trusted, double)
    assert who(trusted) == person.pk


def in_other_words(double: Double) -> dict[str, Callable[[], Any]]:
    """What a forger, a confused provider or a replay would send, by name."""
    now = int(time.time())
    other = signing_key("of somebody else")
    public = double.keys()["keys"][0]["n"].encode()
    return {
        "another key": lambda: setattr(double, "signed_with", other),
        "no signature": lambda: vars(double).update(method="none", signed_with=""),
        "a public key as secret": lambda: vars(double).update(method="HS256", signed_with=public * 2),
        "another nonce": lambda: double.bent.update(nonce="of another browser"),
        "no nonce": lambda: double.bent.update(nonce=None),
        "another audience": lambda: double.bent.update(aud="another-program"),
        "two audiences and no party": lambda: double.bent.update(aud=[CLIENT, "another-program"]),
        "for another party": lambda: double.bent.update(azp="another-program"),
        "another issuer": lambda: double.bent.update(iss="https://evil.example"),
        "no issuer": lambda: double.bent.update(iss=None),
        "expired": lambda: double.bent.update(exp=now - tokens.LEEWAY_SECONDS - 5),
        "without end": lambda: double.bent.update(exp=None),
        "not yet": lambda: double.bent.update(iat=now + 3600, nbf=now + 3600),
        "nobody": lambda: double.bent.update(sub=""),
        "a subject that is none": lambda: double.bent.update(sub="a\x00b"),
    }


FORGERIES = (
    "another key", "no signature", "a public key as secret", "another nonce", "no nonce", "another audience",
    "two audiences and no party", "for another party", "another issuer", "no issuer", "expired", "without end",
    "not yet", "nobody", "a subject that is none",
)  # fmt: skip


@pytest.mark.parametrize("forgery", FORGERIES)
def test_what_does_not_prove_who_somebody_is_signs_nobody_in(
    client: Client, double: Double, forgery: str
) -> None:
    make_person(email="irene@nodo.example")
    in_other_words(double)[forgery]()
    assert come_back(client, double).status_code == 400
    assert nothing_happened(client)


@pytest.mark.parametrize(
    "forgery", ["another key", "another nonce", "expired", "another audience", "another issuer"]
)
def test_without_the_checks_each_forgery_would_open_the_account(
    client: Client, double: Double, forgery: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the forgeries reach the check and are well made."""
    person = make_person(email="irene@nodo.example")
    in_other_words(double)[forgery]()
    monkeypatch.setattr(asking, "proved_claims", _believed)
    come_back(client, double)
    assert who(client) == person.pk


def _believed(id_token: str, *_args: object, **_more: object) -> dict[str, Any]:
    import json

    body = id_token.split(".")[1]
    said: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return said


def test_every_forgery_is_listed(double: Double) -> None:
    assert set(FORGERIES) == set(in_other_words(double))


def test_a_code_comes_back_once_and_only_to_the_browser_that_asked(client: Client, double: Double) -> None:
    make_person(email="irene@nodo.example")
    come = _path(double.visit(client.get(BEGIN)["Location"]))
    victim = Client()
    assert victim.get(come).status_code == 400
    other = Client()
    other.get(BEGIN)
    assert other.get(come).status_code == 400
    assert (who(victim), who(other)) == (None, None)
    assert client.get(come).status_code == 302
    client.post("/cuenta/logout/")
    assert client.get(come).status_code == 400
    assert who(client) is None


def test_a_used_code_and_another_verifier_are_refused_by_the_provider(client: Client, double: Double) -> None:
    make_person(email="irene@nodo.example")
    come = double.visit(client.get(BEGIN)["Location"])
    code = parse_qs(urlsplit(come).query)["code"][0]
    double.codes[code] |= {"code_challenge": "of another browser"}
    assert client.get(_path(come)).status_code == 400
    assert nothing_happened(client)


def test_an_attempt_lasts_ten_minutes(client: Client, double: Double) -> None:
    make_person(email="irene@nodo.example")
    come = _path(double.visit(client.get(BEGIN)["Location"]))
    kept = client.session
    kept["ec_provider_attempt"] |= {"begun_at": time.time() - 601}
    kept.save()
    assert client.get(come).status_code == 400
    assert nothing_happened(client)


@pytest.mark.parametrize("beside", ["iss=https://evil.example", "error=access_denied"])
def test_what_stands_beside_the_code_is_looked_at(client: Client, double: Double, beside: str) -> None:
    make_person(email="irene@nodo.example")
    come = _path(double.visit(client.get(BEGIN)["Location"]))
    assert client.get(f"{come}&{beside}").status_code == 400
    assert nothing_happened(client)


def test_a_provider_that_promises_to_name_itself_must(client: Client, double: Double) -> None:
    make_person(email="irene@nodo.example")
    double.metadata = {"authorization_response_iss_parameter_supported": True}
    assert come_back(client, double).status_code == 400
    assert nothing_happened(client)
    come = _path(double.visit(client.get(BEGIN)["Location"]))
    assert client.get(f"{come}&iss={double.issuer}").status_code == 302


def test_an_address_told_apart_counts_if_it_is_of_the_same_person(client: Client, double: Double) -> None:
    person = make_person(email="irene@nodo.example")
    double.told_apart = {**double.person, "sub": "somebody else"}
    double.person = {"sub": double.person["sub"]}
    assert come_back(client, double).status_code == 400
    assert nothing_happened(client)
    double.told_apart |= {"sub": double.person["sub"]}
    come_back(client, double)
    assert who(client) == person.pk


def test_a_secret_goes_into_the_body_where_the_provider_wants_it_there(
    client: Client, double: Double
) -> None:
    person = make_person(email="irene@nodo.example")
    double.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    come_back(client, double)
    assert who(client) == person.pk


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.example"},
        {"authorization_endpoint": "http://evil.example/authorize"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": None},
        {"token_endpoint": ["x"]},
    ],
)
def test_a_description_that_makes_no_sense_sends_nobody_anywhere(
    client: Client, double: Double, metadata: dict[str, Any]
) -> None:
    double.metadata = metadata
    assert client.get(BEGIN).status_code == 502


INSIDE = ("http://127.0.0.1:9/token", "https://127.0.0.1/token", "https://localhost/token", "https://[::ffff:127.0.0.1]/",
          "https://user@id.example/token", "http://id.example/token", "file:///etc/passwd")  # fmt: skip


@pytest.mark.parametrize("place", ["token_endpoint", "jwks_uri"])
@pytest.mark.parametrize("inside", INSIDE)
def test_a_description_cannot_lead_us_into_our_own_network(
    client: Client, double: Double, place: str, inside: str
) -> None:
    make_person(email="irene@nodo.example")
    double.metadata = {place: inside}
    assert come_back(client, double).status_code == 502
    assert nothing_happened(client)


def test_a_provider_inside_is_reached_only_when_it_is_named(
    client: Client, double: Double, settings: Settings
) -> None:
    settings.ECUANIME_OIDC_INTERNAL = frozenset()
    assert client.get(BEGIN).status_code == 502
    assert double.asked == []
    settings.ECUANIME_OIDC_INTERNAL = frozenset({double.issuer})
    assert client.get(BEGIN).status_code == 302


def test_a_redirect_of_the_provider_is_not_followed(client: Client, double: Double) -> None:
    make_person(email="irene@nodo.example")
    double.metadata = {"jwks_uri": f"{double.issuer}/authorize?redirect_uri=/&response_type=code"
                                   f"&client_id={CLIENT}&code_challenge_method=S256&state=x"}  # fmt: skip
    assert come_back(client, double).status_code == 502
    assert nothing_happened(client)


def test_an_unknown_provider_has_no_address(client: Client, double: Double) -> None:
    assert client.get("/cuenta/con/nadie/").status_code == 404
    assert client.get("/cuenta/con/nadie/vuelta/").status_code == 404


def test_an_off_site_next_is_not_followed(client: Client, double: Double) -> None:
    make_person(email="irene@nodo.example")
    assert come_back(client, double, f"{BEGIN}?next=https://evil.example/")["Location"] == "/"


def test_beginning_is_limited(client: Client, double: Double) -> None:
    answers = [client.get(BEGIN).status_code for _ in range(21)]
    assert answers == [302] * 20 + [429]


def test_one_s_own_page_shows_unlinks_and_links_again(client: Client, double: Double) -> None:
    person = make_person(email="irene@nodo.example")
    person.set_unusable_password()
    person.save()
    come_back(client, double)
    identity = person.identities.get()
    page = client.get("/cuenta/proveedores/").content.decode()
    assert "irene@nodo.example" in page
    assert f"/cuenta/proveedores/{identity.pk}/quitar/" in page
    assert client.post(f"/cuenta/proveedores/{identity.pk}/quitar/").status_code == 302
    out = Client()
    assert come_back(out, double).status_code == 403
    assert who(out) is None
    double.person |= {"email": "privada@otro.example", "email_verified": False}
    way = client.post("/cuenta/proveedores/casa/enlazar/")
    assert client.get(_path(double.visit(way.context["address"])))["Location"] == "/cuenta/proveedores/"
    come_back(out, double)
    assert who(out) == person.pk
    verbs = (
        AuditEntry.objects.filter(verb__startswith="identity_").order_by("pk").values_list("verb", flat=True)
    )
    assert list(verbs) == [
        "identity_linked", "identity_used", "identity_unlinked", "identity_linked", "identity_used",
    ]  # fmt: skip


def test_linking_asks_for_the_password_first_and_belongs_to_who_asked(client: Client, double: Double) -> None:
    person, other = make_person(email="irene@nodo.example"), make_person()
    person.set_password("una clave bastante larga")
    person.save()
    client.force_login(person)
    asked = client.post("/cuenta/proveedores/casa/enlazar/")
    assert asked["Location"].startswith("/cuenta/reauthenticate/")
    way = client.post(asked["Location"], {"password": "una clave bastante larga"})
    come = _path(double.visit(way.context["address"]))
    kept = client.session["ec_provider_attempt"]
    elsewhere = Client()
    elsewhere.force_login(other)
    session = elsewhere.session
    session["ec_provider_attempt"] = kept
    session.save()
    assert elsewhere.get(come)["Location"] == "/cuenta/login/"
    assert not Identity.objects.exists()


def test_only_one_s_own_is_unlinked(client: Client, double: Double) -> None:
    person, other = make_person(), make_person()
    now = read_clock()
    identity = link_identity(user=person, claims=Claims(double.issuer, "1"), now=now)
    client.force_login(other)
    assert client.post(f"/cuenta/proveedores/{identity.pk}/quitar/").status_code == 404
    identity.refresh_from_db()
    assert identity.unlinked_at is None
    unlink_identity(identity=identity, now=now)
    identity.refresh_from_db()
    assert identity.unlinked_at == now
