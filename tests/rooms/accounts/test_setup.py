"""The one-time set-up link."""

import pytest

from ecuanime.accounts.models import Role, SetupToken
from ecuanime.accounts.setup import redeem_setup_token, setup_is_open, setup_link
from ecuanime.foundation.errors import Refused
from tests.factories import NOW, make_person

pytestmark = pytest.mark.django_db


def token_of(link: str | None) -> str:
    """The token in the path of a set-up link."""
    assert link
    assert link.startswith("/inicio/")
    return link.split("/")[2]


def test_every_start_makes_a_link_and_ends_the_one_before() -> None:
    first, second = token_of(setup_link()), token_of(setup_link())
    assert not setup_is_open(first)
    assert setup_is_open(second)
    assert SetupToken.objects.count() == 1
    with pytest.raises(Refused):
        redeem_setup_token(token=first, now=NOW)
    assert setup_is_open(second)


def test_a_link_is_used_once() -> None:
    token = token_of(setup_link())
    redeem_setup_token(token=token, now=NOW)
    with pytest.raises(Refused) as refusal:
        redeem_setup_token(token=token, now=NOW)
    assert refusal.value.code == "setup_closed"


def test_with_an_administrator_there_is_no_link_and_the_old_one_is_dead() -> None:
    token = token_of(setup_link())
    make_person(Role.ADMINISTRATOR)
    assert setup_link() is None
    assert not setup_is_open(token)
    with pytest.raises(Refused):
        redeem_setup_token(token=token, now=NOW)
    assert SetupToken.objects.filter(used_at=None).count() == 1
