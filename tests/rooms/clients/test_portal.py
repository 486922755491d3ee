"""The door to the portal."""

import re

import pytest

from ecuanime.accounts.actions import redeem_sign_in_link
from ecuanime.accounts.models import SignInLink, User
from ecuanime.clients.actions import give_portal_access, take_portal_access
from ecuanime.delivery.models import OutgoingMail
from ecuanime.foundation.errors import Refused
from tests.factories import NOW, make_client, make_contact, make_firm, make_person

pytestmark = pytest.mark.django_db


def test_access_is_an_account_and_a_link_by_mail() -> None:
    make_firm(name="Nodo Alisio")
    contact = make_contact(language="en")
    user = give_portal_access(contact=contact, now=NOW)
    contact.refresh_from_db()
    assert contact.user == user
    assert (user.roles, user.has_usable_password()) == ([], False)
    mail = OutgoingMail.objects.get()
    assert mail.to == [contact.email]
    assert "Nodo Alisio" in mail.subject
    found = re.search(r"/entrar/([\w-]+)/", mail.text)
    assert found
    assert redeem_sign_in_link(token=found[1], now=NOW).user == user


def test_access_again_sends_another_link_to_the_same_account() -> None:
    contact = make_contact()
    user = give_portal_access(contact=contact, now=NOW)
    take_portal_access(contact=contact, now=NOW)
    user.refresh_from_db()
    assert not user.is_active
    assert give_portal_access(contact=contact, now=NOW) == user
    assert SignInLink.objects.count() == 2
    user.refresh_from_db()
    assert user.is_active


def test_access_is_refused_and_nothing_is_sent() -> None:
    taken = make_person()
    for contact, code in (
        (make_contact(email=""), "no_email"),
        (make_contact(is_active=False), "contact_left"),
        (make_contact(client=make_client(is_active=False)), "contact_left"),
        (make_contact(email=taken.email), "email_taken"),
    ):
        with pytest.raises(Refused) as refusal:
            give_portal_access(contact=contact, now=NOW)
        assert refusal.value.code == code
        contact.refresh_from_db()
        assert contact.user is None
    assert User.objects.count() == 1
    assert not OutgoingMail.objects.exists()


def test_taking_access_from_somebody_without_it_does_nothing() -> None:
    contact = make_contact()
    assert take_portal_access(contact=contact, now=NOW).user is None
