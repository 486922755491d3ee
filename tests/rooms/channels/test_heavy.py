"""Mail made to hurt, between two ordinary ones: it stands in quarantine or on its ticket, and the others are served."""

from __future__ import annotations

import hashlib

import pytest

from ecuanime.channels.actions import read_batch
from ecuanime.channels.email.arrivals import store_arrival
from ecuanime.channels.models import IncomingMail
from ecuanime.delivery.models import OutgoingMail
from ecuanime.tickets.models import Attachment, Message, Ticket
from tests.factories import NOW, make_firm, make_mailbox
from tests.rooms.channels.mails import raw_mail
from tests.rooms.channels.test_reading_limits import BOMBS

pytestmark = pytest.mark.django_db
State = IncomingMail.State
LIGHT = [code for code in BOMBS if code not in ("mail_too_large", "too_many_dashed_lines")]


@pytest.fixture(autouse=True)
def firm() -> None:
    """A firm with its mailbox."""
    make_firm()
    make_mailbox()


def offer(*mails: bytes) -> list[IncomingMail]:
    """Store all, read all, and see that each is here once and whole."""
    for mail in mails:
        store_arrival(raw=mail, origin=IncomingMail.Origin.PIPE, now=NOW)
    while read_batch(now=NOW):
        pass
    arrivals = list(IncomingMail.objects.order_by("pk"))
    assert [one.raw_id for one in arrivals] == [hashlib.sha256(mail).hexdigest() for mail in mails]
    return arrivals


def nested(depth: int) -> bytes:
    """A mail that holds a mail that holds a mail…"""
    inner = raw_mail(subject="La de dentro", text="Al fondo.")
    for _ in range(depth):
        inner = b"From: ana@uno.example\r\nContent-Type: message/rfc822\r\n\r\n" + inner
    return inner


def to_many(count: int) -> bytes:
    """Written by hand: the library would take seconds."""
    people = ",".join(f"{number}@uno.es" for number in range(count))
    return raw_mail(to="nadie@uno.es").replace(b"nadie@uno.es", people.encode())


def with_files(count: int) -> bytes:
    part = b"--b\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nx%d\r\n"
    head = b"From: ana@uno.example\r\nSubject: Ficheros\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    return head + b"".join(part % number for number in range(count)) + b"--b--\r\n"


def test_bombs_between_good_mails_stand_in_quarantine_and_the_good_ones_on_tickets() -> None:
    poison = [BOMBS[code] for code in LIGHT]
    first, *held, last = offer(raw_mail(), *poison, raw_mail(subject="La última"))
    assert (first.state, last.state) == (State.FILED, State.FILED)
    assert [(one.state, one.reason) for one in held] == [(State.QUARANTINED, code) for code in LIGHT]
    assert Ticket.objects.count() == Message.objects.count() == 2


def test_ten_thousand_recipients_and_two_thousand_files_are_kept_and_answered_by_nobody() -> None:
    people, heavy, good = offer(to_many(10_000), with_files(2_000), raw_mail())
    assert (people.reason, heavy.reason) == ("too_many_addresses", "too_many_parts")
    assert good.state == State.FILED
    assert [mail.to for mail in OutgoingMail.objects.all()] == [["elvira@tierraparda.example"]]


def test_a_circular_to_many_people_is_answered_to_its_author_alone() -> None:
    (arrival,) = offer(to_many(1_900))
    assert arrival.message is not None
    assert len(arrival.message.to) == 100, "the control: the thread names the first hundred"
    acknowledged = OutgoingMail.objects.get()
    assert (acknowledged.to, acknowledged.cc) == (["elvira@tierraparda.example"], [])


def test_mails_fifty_deep_are_one_ticket_with_one_file() -> None:
    (arrival,) = offer(nested(50))
    assert arrival.state == State.FILED
    kept = Attachment.objects.get()
    assert kept.file.size > len(nested(49)) - 100
    assert kept.media_type == "message/rfc822"


@pytest.mark.parametrize(
    "given", ["", "<>", "<" + "x" * 900 + "@tierraparda.example>"], ids=["none", "empty", "long"]
)
def test_odd_message_ids_make_copies_of_equal_mails_only(given: str) -> None:
    """The same odd id twice with other words is two tickets; the same mail once more is a copy."""
    first, second = (_with_id(given, raw_mail(text=text)) for text in ("Uno.", "Dos."))
    same = b"X-Another-Way: yes\r\n" + first
    states = [one.state for one in offer(first, second, same)]
    assert states == [State.FILED, State.FILED, State.DUPLICATE]
    assert Ticket.objects.count() == 2


def _with_id(given: str, mail: bytes) -> bytes:
    own = next(line for line in mail.splitlines(keepends=True) if line.startswith(b"Message-ID:"))
    return mail.replace(own, f"Message-ID: {given}\r\n".encode() if given else b"")
