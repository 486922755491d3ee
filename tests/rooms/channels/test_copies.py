"""The same mail again, by whatever way; and two mails that only look alike."""

from __future__ import annotations

import pytest

from ecuanime.channels.email.copies import content_hash
from ecuanime.channels.email.reading.parse import parse
from ecuanime.channels.models import IncomingMail
from ecuanime.delivery.models import Mailbox
from ecuanime.tickets.actions import reply
from ecuanime.tickets.models import Message
from ecuanime.tickets.threading import reply_address
from tests.factories import NOW, make_contact, make_firm, make_mailbox, make_person
from tests.rooms.channels.mails import raw_mail
from tests.rooms.channels.taking import take

pytestmark = pytest.mark.django_db
State = IncomingMail.State
ON_THE_WAY = b"Received: from a.example by b.example; Tue, 10 Nov 2026 08:31:00 +0000\r\n"


@pytest.fixture(autouse=True)
def firm() -> None:
    """A firm with its mailbox, and a contact who writes."""
    make_firm()
    make_mailbox()
    make_contact(email="elvira@tierraparda.example")


def sales() -> Mailbox:
    """A second mailbox."""
    return Mailbox.objects.create(address="ventas@nodoalisio.example", captures=True)


def test_another_way_to_the_same_mailbox_makes_a_copy() -> None:
    raw = raw_mail()
    first, second = take(raw), take(ON_THE_WAY + raw)
    assert (second.state, second.copy_of, second.ticket) == (State.DUPLICATE, first, first.ticket)
    assert Message.objects.count() == 1


def test_two_mailboxes_get_a_ticket_each_that_names_the_other() -> None:
    raw = raw_mail(to="soporte@nodoalisio.example, ventas@nodoalisio.example")
    first, second = take(raw, mailbox=make_mailbox()), take(ON_THE_WAY + raw, mailbox=sales())
    assert (second.state, second.copy_of) == (State.FILED, first)
    assert first.ticket is not None
    assert second.ticket is not None
    assert first.ticket != second.ticket
    for here, there in ((first.ticket, second.ticket), (second.ticket, first.ticket)):
        assert here.events.get(field="copy").after == f"#{there.number}"


def test_an_answer_to_two_mailboxes_is_written_once_on_its_ticket() -> None:
    ticket = take(raw_mail()).ticket
    assert ticket is not None
    reply(ticket=ticket, author=make_person(), text="Mirándolo.", now=NOW)
    raw = raw_mail(to=f"{reply_address(ticket, make_mailbox())}, ventas@nodoalisio.example")
    first, second = take(raw, mailbox=make_mailbox()), take(ON_THE_WAY + raw, mailbox=sales())
    assert (first.state, second.state) == (State.FILED, State.DUPLICATE)
    assert ticket.messages.filter(kind=Message.Kind.INBOUND).count() == 2


LIKE = {"message_id": "<igual@tierraparda.example>"}


@pytest.mark.parametrize(
    "changed",
    [
        {"text": "otra cosa"},
        {"sender": "otra@tierraparda.example"},
        {"subject": "otro"},
        {"html": "<p>x</p>"},
    ],
)
def test_a_known_message_id_with_anything_else_in_it_is_a_mail_of_its_own(changed: dict[str, str]) -> None:
    take(raw_mail(**LIKE))
    assert take(raw_mail(**LIKE | changed)).state == State.FILED
    assert take(ON_THE_WAY + raw_mail(**LIKE)).state == State.DUPLICATE, "the control"


def test_notices_without_id_and_date_are_never_taken_for_copies() -> None:
    notice = b"From: sonda@uno.example\r\nTo: soporte@nodoalisio.example\r\nSubject: Alarma\r\n\r\nDisco lleno.\r\n"
    assert content_hash(parse(notice)) == ""
    assert take(notice).state == State.FILED
    assert take(ON_THE_WAY + notice).state == State.FILED


@pytest.mark.parametrize(
    ("raw", "hashed"),
    [(b"Date: Tue, 10 Nov 2026 08:30:00 +0000\r\n\r\nx", True), (b"Subject: x\r\n\r\nx", False)],
)
def test_a_date_alone_tells_mails_apart(raw: bytes, hashed: bool) -> None:
    assert bool(content_hash(parse(raw))) is hashed
