"""What a ticket's page says about its mail: who wrote it, which file is doubtful, and where mail came back from."""

from __future__ import annotations

from html import unescape

import pytest
from django.test import Client as Browser

from ecuanime.accounts.models import Role
from ecuanime.channels.words import CARRIERS
from ecuanime.delivery.models import ReturnedAddress
from ecuanime.foundation.files import store
from ecuanime.tickets.actions import FileGiven, open_ticket
from ecuanime.tickets.actions.values import MessageGiven
from ecuanime.tickets.models import Ticket
from tests.factories import NOW, make_firm, make_mailbox, make_person

pytestmark = pytest.mark.django_db
ANA = "ana@uno.example"


def ticket(browser: Browser, **given: object) -> Ticket:
    """A ticket whose first message came by mail, and a technician who looks at it."""
    make_firm()
    make_mailbox()
    browser.force_login(make_person(Role.TECHNICIAN))
    message = MessageGiven(text="Hola", channel="email", from_email=ANA, **given)  # type: ignore[arg-type]
    return open_ticket(subject="x", channel="email", requester_email=ANA, message=message, now=NOW)


def page(browser: Browser, of: Ticket) -> str:
    """The page's source."""
    return browser.get(f"/tickets/{of.number}/").content.decode()


@pytest.mark.parametrize(
    ("authenticity", "icon"),
    [("passed", "shield-check"), ("failed", "shield-x"), ("unproven", "shield-question"), ("", "")],
)
def test_the_thread_says_whether_the_sender_is_who_it_says(
    client: Browser, authenticity: str, icon: str
) -> None:
    shown = page(client, ticket(client, authenticity=authenticity, authenticity_words="dmarc=x"))
    assert [each for each in ("shield-check", "shield-x", "shield-question") if f"#{each}" in shown] == (
        [icon] if icon else []
    )
    assert ("dmarc=x" in shown) is bool(icon)


@pytest.mark.parametrize(("code", "marked"), [("runs_code", True), ("", False)])
def test_a_doubtful_file_says_why(client: Browser, code: str, marked: bool) -> None:
    file = FileGiven(file=store(b"MZ"), name="factura.pdf", media_type="application/pdf", ambiguous=code)
    shown = page(client, ticket(client, files=[file]))
    assert "factura.pdf" in shown
    assert ("#file-alert" in shown) is marked
    assert ("run a program" in shown or "ejecutar un programa" in shown) is marked


@pytest.mark.parametrize("code", ["signature", "encrypted", "packed"])
def test_a_file_that_only_carries_the_mail_says_what_it_is_without_a_warning(
    client: Browser, code: str
) -> None:
    file = FileGiven(file=store(b"x"), name="smime.p7m", media_type="application/pkcs7-mime", ambiguous=code)
    shown = page(client, ticket(client, files=[file]))
    assert str(CARRIERS[code]) in unescape(shown)
    assert "#file-alert" not in shown


def test_an_address_that_mail_came_back_from_is_warned_of_before_and_after_writing(client: Browser) -> None:
    answered = ticket(client)
    assert "#mail-x" not in page(client, answered)
    ReturnedAddress.objects.create(address=ANA, words="550 5.1.1 nobody", returned_at=NOW)
    assert "550 5.1.1 nobody" in page(client, answered)
    sent = client.post(f"/tickets/{answered.number}/responder/", {"body": "Hola"}, follow=True)
    assert sent.status_code == 200
    assert ANA in sent.content.decode()
    assert answered.messages.count() == 2
