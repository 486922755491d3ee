"""Keys with which a person's programs use the API."""

from datetime import timedelta

import pytest

from ecuanime.accounts.actions import issue_api_token, revoke_api_token, use_api_token
from ecuanime.accounts.models import ApiToken
from ecuanime.foundation.errors import Refused
from tests.factories import NOW, make_person

pytestmark = pytest.mark.django_db


def test_only_the_hash_of_a_token_is_kept_and_its_use_is_noted() -> None:
    person = make_person()
    token, secret = issue_api_token(user=person, name="informes", now=NOW)
    assert secret not in (token.token_hash, token.name)
    used = use_api_token(secret=secret, now=NOW + timedelta(hours=1))
    assert used
    assert used.user == person
    token.refresh_from_db()
    assert token.last_used_at == NOW + timedelta(hours=1)
    assert use_api_token(secret=secret + "x", now=NOW) is None


def test_a_token_ends_when_it_is_revoked_or_its_time_is_over() -> None:
    person = make_person()
    token, secret = issue_api_token(user=person, name="a", now=NOW)
    _, brief = issue_api_token(user=person, name="b", now=NOW, expires_at=NOW + timedelta(days=1))
    revoke_api_token(token=token, now=NOW)
    again = revoke_api_token(token=token, now=NOW + timedelta(days=1))
    assert again.revoked_at == NOW
    assert use_api_token(secret=secret, now=NOW) is None
    used = use_api_token(secret=brief, now=NOW)
    assert used
    assert used.user == person
    assert use_api_token(secret=brief, now=NOW + timedelta(days=1)) is None


def test_a_token_is_refused_and_none_is_made() -> None:
    for fields, code in (
        ({"user": make_person(is_active=False), "name": "a"}, "account_closed"),
        ({"user": make_person(), "name": " "}, "no_name"),
        ({"user": make_person(), "name": "a", "expires_at": NOW}, "already_expired"),
    ):
        with pytest.raises(Refused) as refusal:
            issue_api_token(now=NOW, **fields)  # type: ignore[arg-type]  # wrong on purpose
        assert refusal.value.code == code
    assert not ApiToken.objects.exists()
