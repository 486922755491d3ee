"""Addresses that mail came back from: when they are marked, what that changes, and how the mark goes away."""

from __future__ import annotations

import pytest

from ecuanime.delivery.actions import queue_mail, record_bounce
from ecuanime.delivery.addresses import forget_returned, is_gone, returned_among
from ecuanime.delivery.limits import may_send_automatic
from ecuanime.delivery.models import Mailbox, OutgoingMail
from ecuanime.delivery.outbox import send_mail
from tests.factories import NOW
from tests.rooms.delivery.conftest import PostOffice

ANA = "Ana@uno.example"


@pytest.mark.parametrize(
    ("words", "gone"),
    [
        ("550 5.1.1 <ana@uno.example>: no such user", True),
        ("5.1.2 smtp; host not found", True),
        ("550 unknown", True),
        ("5.0.0", True),
        ("552 5.2.2 mailbox full", False),
        ("552 5.3.4 message too big", False),
        ("550 5.7.1 looks like spam", False),
        ("450 4.2.1 try later", False),
        ("554 refused", False),
        ("", False),
    ],
)
def test_only_words_that_say_nobody_is_there_mark_an_address(words: str, gone: bool) -> None:
    assert is_gone(words) is gone


def sent(box: Mailbox) -> OutgoingMail:
    """A mail to Ana that has left."""
    mail = queue_mail(kind="personal", purpose="reply", to=[ANA], subject="s", text="t", mailbox=box, now=NOW)
    OutgoingMail.objects.filter(pk=mail.pk).update(state="sent", sent_at=NOW)
    return mail


@pytest.mark.django_db
def test_a_returned_address_gets_nothing_from_machines_until_it_writes_again(mailbox: Mailbox) -> None:
    mail = sent(mailbox)
    assert may_send_automatic(address=ANA, subject_key="", now=NOW)
    record_bounce(message_id=mail.message_id, addresses=["otra@dos.example"], words="5.1.1", now=NOW)
    assert not returned_among([ANA, "otra@dos.example"]), "a report about somebody else says nothing"
    record_bounce(message_id=mail.message_id, addresses=[ANA], words="5.1.1 no such user", now=NOW)
    marked = returned_among([ANA.lower()])[0]
    assert (marked.address, marked.mail, marked.words) == (ANA.lower(), mail, "5.1.1 no such user")
    assert not may_send_automatic(address=ANA, subject_key="", now=NOW)
    assert forget_returned(address=ANA)
    assert may_send_automatic(address=ANA, subject_key="", now=NOW)


@pytest.mark.django_db
def test_a_server_that_knows_nobody_there_marks_the_address_too(
    mailbox: Mailbox, post_office: PostOffice
) -> None:
    post_office.answers[ANA] = "550 5.1.1 unknown"
    mail = queue_mail(
        kind="personal", purpose="reply", to=[ANA, "b@uno.example"], subject="s", text="t", now=NOW
    )
    send_mail(mail.pk, NOW)
    assert [one.address for one in returned_among([ANA, "b@uno.example"])] == [ANA.lower()]
