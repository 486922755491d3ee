"""Signing in: by password, by link, with a second factor; and what does not sign in."""

import re
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from ecuanime.accounts.actions import issue_sign_in_link
from ecuanime.accounts.jobs import send_sign_in_link
from ecuanime.accounts.models import SignInLink, User
from ecuanime.delivery.models import OutgoingMail
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.models import AuditEntry
from ecuanime.foundation.secrets import unseal
from tests.factories import make_contact, make_firm, make_person

pytestmark = pytest.mark.django_db
PASSWORD = "una clave bastante larga"


@pytest.fixture(autouse=True)
def _a_firm(settings: Settings) -> Iterator[None]:
    settings.EMAIL_BACKEND = (
        "ecuanime.delivery.backend.OutboxBackend"  # pytest-django puts another one in its place
    )
    make_firm()
    cache.clear()
    yield
    cache.clear()


def signed_in(client: Client) -> bool:
    """Whether the browser has somebody signed in."""
    return "_auth_user_id" in client.session


def enter(client: Client, user: User, password: str = PASSWORD, **more: str) -> str:
    """Sign in by password; where that leads."""
    answer = client.post("/cuenta/login/", {"login": user.email, "password": password} | more)
    return str(answer.headers.get("Location", ""))


def link_of(user: User) -> str:
    """The path of a fresh link."""
    return f"/entrar/{issue_sign_in_link(user=user, now=read_clock())}/"


def test_a_password_signs_in_and_out(client: Client) -> None:
    person = make_person()
    assert client.get("/cuenta/login/").status_code == 200
    assert enter(client, person) == "/"
    assert signed_in(client)
    assert AuditEntry.objects.filter(verb="signed_in", actor_id=person.pk).exists()
    assert client.post("/cuenta/logout/").status_code == 302
    assert not signed_in(client)


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: Client) -> None:
    person = make_person()
    pages = [
        client.post("/cuenta/login/", {"login": email, "password": "otra cosa"})
        for email in (person.email, "nadie@nodo.example")
    ]
    texts = [re.sub(rb'value="[^"]*"|"X-CSRFToken": "[^"]*"', b"", page.content) for page in pages]
    assert texts[0] == texts[1]
    assert not signed_in(client)


def test_an_off_site_next_is_not_followed(client: Client) -> None:
    for address in ("https://evil.example/", "//evil.example/", "\\\\evil.example", "javascript:alert(1)"):
        browser = Client()
        assert enter(browser, make_person(), next=address) == "/"
    assert enter(client, make_person(), next="/clientes/") == "/clientes/"


def test_guessing_passwords_is_limited(client: Client) -> None:
    person = make_person()
    for _ in range(5):
        enter(client, person, "equivocada")
    enter(client, person)
    assert not signed_in(client)


def test_a_closed_account_is_out_at_once(client: Client) -> None:
    person = make_person()
    enter(client, person)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert client.get("/cuenta/")["Location"].startswith("/cuenta/login/")
    enter(client, person)
    assert client.get("/cuenta/").status_code != 200


def test_opening_a_link_uses_nothing_up_and_pressing_it_once_signs_in(client: Client) -> None:
    contact = make_contact(signs_in=True)
    assert contact.user
    path = link_of(contact.user)
    for _ in range(3):
        assert Client().get(path).status_code == 200
    assert client.post(path)["Location"] == "/"
    assert signed_in(client)
    again = Client()
    assert again.post(path).status_code == 410
    assert again.get(path).status_code == 410
    assert not signed_in(again)


def test_an_invitation_leads_people_of_the_firm_to_choose_a_password(client: Client) -> None:
    person = make_person()
    person.set_unusable_password()
    person.save()
    token = issue_sign_in_link(user=person, now=read_clock(), purpose=SignInLink.Purpose.INVITATION)
    assert client.post(f"/entrar/{token}/")["Location"] == "/cuenta/password/set/"
    assert client.get("/cuenta/password/set/").status_code == 200
    done = client.post(
        "/cuenta/password/set/", {"password1": "otra frase larga", "password2": "otra frase larga"}
    )
    assert done.status_code == 302
    person.refresh_from_db()
    assert person.check_password("otra frase larga")


def test_a_link_for_another_account_changes_who_is_signed_in(client: Client) -> None:
    first, second = make_person(), make_person()
    enter(client, first)
    client.post(link_of(second))
    assert client.session["_auth_user_id"] == str(second.pk)


def test_a_second_factor_is_asked_for_after_a_link_too(client: Client) -> None:
    person = make_person()
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(person, secret)
    assert client.post(link_of(person))["Location"] == "/cuenta/2fa/authenticate/"
    assert not signed_in(client)
    assert client.get("/cuenta/2fa/authenticate/").status_code == 200
    client.post("/cuenta/2fa/authenticate/", {"code": "000000"})
    assert not signed_in(client)
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    client.post("/cuenta/2fa/authenticate/", {"code": code})
    assert signed_in(client)
    assert client.get("/cuenta/2fa/").status_code == 200


def test_asking_for_a_link_says_the_same_for_everybody(
    client: Client, django_assert_num_queries: object
) -> None:
    person = make_person()
    answers = [
        client.post("/cuenta/enlace/", {"email": email}) for email in (person.email, "nadie@nodo.example")
    ]
    assert {answer["Location"] for answer in answers} == {"/cuenta/enlace/enviado/"}
    assert client.get("/cuenta/enlace/enviado/").status_code == 200
    assert not OutgoingMail.objects.exists()


def test_asking_for_links_is_limited_by_address_and_by_visitor(client: Client) -> None:
    for _ in range(5):
        assert client.post("/cuenta/enlace/", {"email": "una@nodo.example"}).status_code == 302
    assert client.post("/cuenta/enlace/", {"email": "UNA@nodo.example"}).status_code == 429
    for number in range(5):
        client.post("/cuenta/enlace/", {"email": f"otra{number}@nodo.example"})
    assert client.post("/cuenta/enlace/", {"email": "mas@nodo.example"}).status_code == 429


def test_trying_links_is_limited(client: Client) -> None:
    answers = [client.post(f"/entrar/adivinada{number}/").status_code for number in range(21)]
    assert answers[:20] == [410] * 20
    assert answers[20] == 429


def test_a_forged_host_gets_nothing_and_links_keep_the_firms_address(
    client: Client, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["soporte.nodo.example", "testserver"]
    settings.ECUANIME_URL = "https://soporte.nodo.example"
    person = make_person()
    forged = client.post("/cuenta/enlace/", {"email": person.email}, headers={"host": "evil.example"})
    assert forged.status_code == 400
    client.post("/cuenta/enlace/", {"email": person.email}, headers={"x-forwarded-host": "evil.example"})
    send_sign_in_link(email=person.email)
    text = OutgoingMail.objects.get().text
    assert "https://soporte.nodo.example/entrar/" in text
    assert "evil" not in text


def test_another_password_by_mail_ends_all_sessions(client: Client) -> None:
    from ecuanime.accounts.jobs import send_password_reset

    person, elsewhere = make_person(), Client()
    enter(elsewhere, person)
    assert (
        client.post("/cuenta/password/reset/", {"email": person.email})["Location"]
        == "/cuenta/password/reset/done/"
    )
    assert client.get("/cuenta/password/reset/done/").status_code == 200
    send_password_reset(email=person.email)
    found = re.search(r"(/cuenta/password/reset/key/\S+)", OutgoingMail.objects.get().text)
    assert found
    page = client.get(found[1], follow=True)
    path = page.redirect_chain[-1][0]
    new = {"password1": "otra frase muy larga", "password2": "otra frase muy larga"}
    assert client.post(path, new)["Location"] == "/cuenta/password/reset/key/done/"
    assert client.get("/cuenta/password/reset/key/done/").status_code == 200
    assert elsewhere.get("/cuenta/")["Location"].startswith("/cuenta/login/")
    assert AuditEntry.objects.filter(verb="password_changed").exists()
    assert b'name="password1"' not in Client().get(found[1], follow=True).content


def test_changing_the_password_ends_the_other_sessions_and_the_links(client: Client) -> None:
    person, elsewhere = make_person(), Client()
    enter(client, person)
    enter(elsewhere, person)
    path = link_of(person)
    assert client.get("/cuenta/password/change/").status_code == 200
    new = {"oldpassword": PASSWORD, "password1": "otra frase muy larga", "password2": "otra frase muy larga"}
    assert client.post("/cuenta/password/change/", new).status_code == 302
    assert client.get("/cuenta/").status_code == 200
    assert elsewhere.get("/cuenta/")["Location"].startswith("/cuenta/login/")
    assert Client().get(path).status_code == 410


@pytest.mark.parametrize("path", ["/cuenta/reauthenticate/", "/cuenta/2fa/reauthenticate/"])
def test_who_has_no_password_confirms_by_a_link(client: Client, path: str) -> None:
    contact = make_contact(signs_in=True, email="elvira@cliente.example")
    assert contact.user
    contact.user.set_unusable_password()
    contact.user.save()
    client.force_login(contact.user)
    page = client.get(path).content.decode()
    assert 'action="/cuenta/enlace/"' in page
    assert 'value="elvira@cliente.example"' in page
    assert client.post(path, {"password": ""}).content.decode().count("/cuenta/password/set/") == 1


def test_a_second_factor_is_set_up_after_confirming_who_one_is(client: Client) -> None:
    person = make_person()
    enter(client, person)
    asked = client.get("/cuenta/2fa/totp/activate/")["Location"]
    assert asked.startswith("/cuenta/reauthenticate/")
    assert client.get(asked).status_code == 200
    assert client.post(asked, {"password": PASSWORD, "next": "/cuenta/2fa/totp/activate/"}).status_code == 302
    page = client.get("/cuenta/2fa/totp/activate/")
    assert page.status_code == 200
    secret = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    assert client.post("/cuenta/2fa/totp/activate/", {"code": code})["Location"] == "/cuenta/2fa/codes/"
    assert client.get("/cuenta/2fa/codes/").status_code == 200
    assert client.get("/cuenta/2fa/codes/download/").status_code == 200
    assert client.get("/cuenta/2fa/codes/generate/").status_code == 200
    assert client.get("/cuenta/2fa/totp/deactivate/").status_code == 200
    assert Authenticator.objects.filter(user=person).count() == 2
    kept = Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP).data["secret"]
    assert secret not in kept
    assert unseal(kept) == secret


@pytest.mark.parametrize(
    "path",
    [
        "/cuenta/signup/",
        "/cuenta/email/",
        "/cuenta/confirm-email/",
        "/cuenta/login/code/",
        "/cuenta/login/code/confirm/",
        "/cuenta/2fa/webauthn/",
    ],
)
def test_what_is_not_used_has_no_address(client: Client, path: str) -> None:
    enter(client, make_person())
    assert client.get(path).status_code == 404


def test_contacts_find_their_account_in_the_portals_frame(client: Client) -> None:
    contact = make_contact(signs_in=True)
    assert contact.user
    enter(client, contact.user)
    for path in ("/cuenta/", "/cuenta/password/change/", "/cuenta/2fa/"):
        page = client.get(path)
        assert page.status_code == 200
        assert b"ec-portal" in page.content
    assert client.get("/cuenta/tokens/").status_code == 403
