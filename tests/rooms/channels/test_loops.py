"""Machines that answer machines: they fall silent, and nothing is lost on the way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ecuanime.channels.actions import read_batch
from ecuanime.channels.email.arrivals import store_arrival
from ecuanime.channels.models import IncomingMail
from ecuanime.delivery.limits import PER_ADDRESS
from ecuanime.delivery.message import build_message
from ecuanime.delivery.models import OutgoingMail
from ecuanime.tickets.actions import reply
from ecuanime.tickets.models import Ticket
from tests.factories import NOW, make_firm, make_mailbox, make_person
from tests.rooms.channels.mails import raw_mail
from tests.rooms.channels.taking import take

pytestmark = pytest.mark.django_db
RESPONDER = "vacaciones@otra.example"


@pytest.fixture(autouse=True)
def firm() -> None:
    """A firm with its mailbox."""
    make_firm()
    make_mailbox()


def test_a_responder_that_hides_what_it_is_gets_so_many_answers_an_hour_and_no_more() -> None:
    """It opens a request for each answer it gets, without any sign that a machine wrote it."""
    for minute in range(30):
        now = NOW + timedelta(minutes=minute)
        store_arrival(raw=raw_mail(sender=RESPONDER, subject=f"Estoy fuera {minute}"), origin="pipe", now=now)
        read_batch(now=now)
    answered = OutgoingMail.objects.filter(kind=OutgoingMail.Kind.AUTOMATIC, to=[RESPONDER]).count()
    assert answered == dict(PER_ADDRESS)[timedelta(hours=1)]
    assert Ticket.objects.count() == 30, "every mail is there for a person to see"


def test_two_installations_that_write_to_each_other_stop_at_the_first_answer() -> None:
    take(raw_mail(sender="soporte@otra.example"))
    ours = OutgoingMail.objects.get()
    assert ours.mailbox is not None
    echo = build_message(ours, ours.mailbox).as_bytes()
    arrival = take(echo.replace(b"soporte@nodoalisio", b"soporte@otra"))
    assert (arrival.state, arrival.reason) == (IncomingMail.State.NOTED, "own_echo")
    assert OutgoingMail.objects.count() == 1


def test_a_mail_that_goes_round_in_circles_opens_nothing() -> None:
    hop = b"Received: from a.example by b.example; Tue, 10 Nov 2026 08:31:00 +0000\r\n"
    circling = take(hop * 61 + raw_mail())
    assert (circling.state, circling.reason) == (IncomingMail.State.NOTED, "going_round")
    assert take(hop * 20 + raw_mail()).state == IncomingMail.State.FILED, "the control"


REPORT = (
    "From: %(author)s\r\nTo: soporte@nodoalisio.example\r\nSubject: aviso\r\n%(more)sMIME-Version: 1.0\r\n"
    'Content-Type: multipart/report; report-type=%(kind)s; boundary="b"\r\n\r\n'
    "--b\r\nContent-Type: text/plain\r\n\r\nNo.\r\n"
    "--b\r\nContent-Type: %(part)s\r\n\r\n%(fields)s\r\n%(original)s--b--\r\n"
)
ORIGINAL = "--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: %s\r\n\r\n"
FAILED = (
    "Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; %s\r\nAction: failed\r\nStatus: 5.1.1\r\n"
)


def answered() -> tuple[Ticket, OutgoingMail]:
    """A ticket of a stranger's, and the reply that has left."""
    ticket = take(raw_mail(sender=RESPONDER)).ticket
    assert ticket is not None
    reply(ticket=ticket, author=make_person(), text="Mirándolo.", now=NOW)
    OutgoingMail.objects.update(state=OutgoingMail.State.SENT, sent_at=NOW)
    return ticket, OutgoingMail.objects.get(purpose="reply")


def report(**parts: str) -> bytes:
    """A report's bytes."""
    values = {"author": "MAILER-DAEMON@mx.example", "more": "Return-Path: <>\r\n", "kind": "delivery-status"}
    values |= {"part": "message/delivery-status", "fields": FAILED % RESPONDER, "original": ""}
    return (REPORT % (values | parts)).encode()


@pytest.mark.parametrize("how", ["inside", "answers"])
def test_a_bounce_finds_its_mail_by_what_it_brings_along_or_by_what_it_answers(how: str) -> None:
    ticket, sent = answered()
    inside, answers = (
        {"original": ORIGINAL % sent.message_id},
        {"more": f"In-Reply-To: {sent.message_id}\r\n"},
    )
    arrival = take(report(**(inside if how == "inside" else answers)))
    sent.refresh_from_db()
    assert (arrival.reason, arrival.ticket, sent.state) == ("bounce", ticket, OutgoingMail.State.BOUNCED)
    assert ticket.events.filter(field="undelivered").count() == 0, "told by an event, once this commits"


def test_a_complaint_is_noted_beside_its_ticket_and_takes_nothing_away() -> None:
    ticket, sent = answered()
    arrival = take(
        report(
            author="fbl@proveedor.example",
            kind="feedback-report",
            part="message/feedback-report",
            fields="Feedback-Type: abuse\r\nUser-Agent: x\r\nVersion: 1\r\n",
            original=ORIGINAL % sent.message_id,
        )
    )
    sent.refresh_from_db()
    assert (arrival.state, arrival.reason, arrival.ticket) == (IncomingMail.State.NOTED, "complaint", ticket)
    assert sent.state == OutgoingMail.State.SENT


def test_a_report_about_a_mail_that_is_not_ours_changes_nothing() -> None:
    _ticket, sent = answered()
    arrival = take(report(original=ORIGINAL % "<otra@otra.example>"))
    sent.refresh_from_db()
    assert (arrival.reason, sent.state) == ("delivery_report", OutgoingMail.State.SENT)
