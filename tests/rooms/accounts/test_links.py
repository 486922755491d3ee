"""Links that sign in once, and the jobs behind the sign-in page."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from ecuanime.accounts.actions import change_email, deactivate, issue_sign_in_link, redeem_sign_in_link
from ecuanime.accounts.jobs import send_password_reset, send_sign_in_link
from ecuanime.accounts.models import SignInLink, User
from ecuanime.accounts.queries import link_is_usable
from ecuanime.delivery.models import OutgoingMail
from ecuanime.foundation.errors import Refused
from tests.factories import NOW, make_person

pytestmark = pytest.mark.django_db
OUTBOX = "ecuanime.delivery.backend.OutboxBackend"  # pytest-django puts another one in its place
MINUTE = timedelta(minutes=1)


def refusal_of(token: str, at: object = NOW) -> str:
    """The code with which redeeming is refused."""
    with pytest.raises(Refused) as refusal:
        redeem_sign_in_link(token=token, now=at)  # type: ignore[arg-type]  # a moment
    return refusal.value.code


def test_a_link_works_once() -> None:
    person = make_person()
    token = issue_sign_in_link(user=person, now=NOW)
    assert not SignInLink.objects.filter(token_hash=token).exists()
    assert link_is_usable(token, NOW)
    assert redeem_sign_in_link(token=token, now=NOW).user == person
    assert not link_is_usable(token, NOW)
    assert refusal_of(token) == "link_unusable"


def test_a_link_works_for_half_an_hour_and_an_invitation_for_a_week() -> None:
    person = make_person()
    token = issue_sign_in_link(user=person, now=NOW)
    invitation = issue_sign_in_link(user=person, now=NOW, purpose=SignInLink.Purpose.INVITATION)
    assert link_is_usable(token, NOW + 29 * MINUTE)
    assert refusal_of(token, NOW + 30 * MINUTE) == "link_unusable"
    assert SignInLink.objects.filter(used_at=None).count() == 2
    assert redeem_sign_in_link(token=invitation, now=NOW + timedelta(days=6)).user == person


def test_a_link_dies_with_the_password_the_address_and_the_account() -> None:
    def another_password(user: User) -> None:
        user.set_password("otra clave bien larga")
        user.save()

    for change in (
        another_password,
        lambda user: change_email(user=user, email=f"otra{user.pk}@nodo.example", now=NOW),
        lambda user: deactivate(user=user, now=NOW),
    ):
        person = make_person()
        token = issue_sign_in_link(user=person, now=NOW)
        change(person)
        assert refusal_of(token) == "link_unusable"


def test_an_unknown_token_is_refused_like_any_other() -> None:
    assert refusal_of("nunca-existió") == "link_unusable"


def test_only_five_links_are_sent_within_an_hour() -> None:
    person = make_person()
    for _ in range(5):
        issue_sign_in_link(user=person, now=NOW)
    with pytest.raises(Refused) as refusal:
        issue_sign_in_link(user=person, now=NOW + 59 * MINUTE)
    assert refusal.value.code == "too_many_links"
    assert person.sign_in_links.count() == 5
    assert issue_sign_in_link(user=person, now=NOW + 61 * MINUTE)


def test_a_closed_account_gets_no_link() -> None:
    person = make_person(is_active=False)
    with pytest.raises(Refused) as refusal:
        issue_sign_in_link(user=person, now=NOW)
    assert refusal.value.code == "account_closed"
    assert not person.sign_in_links.exists()


def test_the_job_mails_a_known_address_and_nobody_else(settings: Settings) -> None:
    settings.EMAIL_BACKEND, settings.ECUANIME_URL = OUTBOX, "https://soporte.nodo.example"
    person = make_person()
    send_sign_in_link(email="nadie@nodo.example")
    send_password_reset(email="nadie@nodo.example")
    send_sign_in_link(email=make_person(is_active=False).email)
    assert not OutgoingMail.objects.exists()
    send_sign_in_link(email=person.email.upper())
    mail = OutgoingMail.objects.get()
    assert mail.to == [person.email]
    assert "https://soporte.nodo.example/entrar/" in mail.text
    send_password_reset(email=person.email)
    reset = OutgoingMail.objects.exclude(pk=mail.pk).get()
    assert "https://soporte.nodo.example/cuenta/password/reset/key/" in reset.text


def test_the_job_sends_nothing_beyond_the_limit(settings: Settings) -> None:
    settings.EMAIL_BACKEND = OUTBOX
    person = make_person()
    for _ in range(7):
        send_sign_in_link(email=person.email)
    assert OutgoingMail.objects.count() == 5
