"""One's own profile, tokens, language and theme."""

import pytest
from django.test import Client

from ecuanime.accounts.actions import issue_api_token, use_api_token
from ecuanime.foundation.clock import read_clock
from tests.factories import make_contact, make_firm, make_person

pytestmark = pytest.mark.django_db


def test_a_profile_is_changed(client: Client) -> None:
    make_firm()
    person = make_person()
    client.force_login(person)
    given = {"name": "Ana B", "language": "en", "time_zone": "Atlantic/Canary"}
    assert client.post("/cuenta/", given).status_code == 302
    person.refresh_from_db()
    assert (person.name, person.language, person.single_keys) == ("Ana B", "en", False)
    assert client.post("/cuenta/", given | {"time_zone": "Nowhere"}).status_code == 422
    person.refresh_from_db()
    assert person.time_zone == "Atlantic/Canary"


def test_a_contact_is_not_asked_about_keys_that_the_portal_has_not(client: Client) -> None:
    make_firm()
    contact = make_contact(signs_in=True)
    assert contact.user
    client.force_login(contact.user)
    assert b"single_keys" not in client.get("/cuenta/").content
    given = {"name": "Ana B", "language": "en", "time_zone": ""}
    assert client.post("/cuenta/", given).status_code == 302
    contact.user.refresh_from_db()
    assert (contact.user.name, contact.user.single_keys) == ("Ana B", True)


def test_a_token_is_shown_once_and_revoked_by_its_owner_alone(client: Client) -> None:
    make_firm()
    person, other = make_person(), make_person()
    client.force_login(person)
    page = client.post("/cuenta/tokens/", {"name": "informes", "days": "30", "scope": "read"})
    secret = page.context["secret"]
    assert secret.encode() in page.content
    used = use_api_token(secret=secret, now=read_clock())
    assert used
    assert used.user == person
    assert secret.encode() not in client.get("/cuenta/tokens/").content
    theirs, _secret = issue_api_token(user=other, name="x", now=read_clock())
    assert client.post(f"/cuenta/tokens/{theirs.pk}/retirar/").status_code == 404
    theirs.refresh_from_db()
    assert theirs.revoked_at is None
    own = person.api_tokens.get()
    assert client.post(f"/cuenta/tokens/{own.pk}/retirar/").status_code == 302
    assert use_api_token(secret=secret, now=read_clock()) is None


def test_a_token_writes_only_when_its_owner_says_so(client: Client) -> None:
    make_firm()
    person = make_person()
    client.force_login(person)
    assert client.post("/cuenta/tokens/", {"name": "a", "days": "", "scope": "all"}).status_code == 422
    assert not person.api_tokens.exists()
    for scope in ("read", "write"):
        client.post("/cuenta/tokens/", {"name": scope, "days": "", "scope": scope})
        assert person.api_tokens.get(name=scope).scope == scope
    assert "read and write" in client.get("/cuenta/tokens/").content.decode()


def test_the_language_is_kept_in_the_browser_and_in_the_account(client: Client) -> None:
    make_firm()
    answer = client.post("/idioma/", {"language": "en", "next": "/cuenta/login/"})
    assert (answer["Location"], answer.cookies["ec_language"].value) == ("/cuenta/login/", "en")
    person = make_person()
    client.force_login(person)
    client.post("/idioma/", {"language": "en"})
    person.refresh_from_db()
    assert person.language == "en"
    client.post("/idioma/", {"language": "tlh"})
    person.refresh_from_db()
    assert person.language == "en"
    assert client.get("/idioma/").status_code == 405


@pytest.mark.parametrize("path", ["/idioma/", "/tema/"])
@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", "/\\evil.example", "evil"])
def test_the_way_back_never_leaves_the_site(client: Client, path: str, away: str) -> None:
    make_firm()
    given = {"language": "en", "theme": "dark", "next": away}
    assert client.post(path, given)["Location"] == "/"


def test_the_theme_is_kept_in_the_browser(client: Client) -> None:
    make_firm()
    assert client.post("/tema/", {"theme": "dark"}).cookies["ec_theme"].value == "dark"
    assert "ec_theme" not in client.post("/tema/", {"theme": "neon"}).cookies
