"""Where an incoming mail ends: on its ticket, on a new one, noted, set aside or refused; and what it never does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ecuanime.accounts.models import Role
from ecuanime.channels.actions import read_arrival, refuse_quarantined, retry_quarantined
from ecuanime.channels.email.arrivals import store_arrival
from ecuanime.channels.models import IncomingMail
from ecuanime.clients.models import ClientDomain, Contact
from ecuanime.delivery.models import OutgoingMail
from ecuanime.foundation.errors import Refused
from ecuanime.tickets.actions import change_state, reply
from ecuanime.tickets.models import Message, State, Ticket
from ecuanime.tickets.threading import reply_address
from tests.factories import NOW, make_client, make_contact, make_firm, make_mailbox, make_person
from tests.rooms.channels.mails import raw_mail
from tests.rooms.channels.taking import take

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def firm() -> None:
    """A firm with its mailbox."""
    make_firm()
    make_mailbox()


def elvira(**fields: object) -> Contact:
    """The contact who writes the mails of these tests."""
    return make_contact(email="elvira@tierraparda.example", name="Elvira Sotillo", **fields)


def answered_ticket() -> Ticket:
    """A ticket of Elvira's that was answered by mail."""
    elvira()
    ticket = take(raw_mail()).ticket
    assert ticket is not None
    reply(ticket=ticket, author=make_person(), text="Mirándolo.", now=NOW)
    ticket.refresh_from_db()
    return ticket


def test_a_contact_is_recognised_by_address() -> None:
    contact = elvira()
    arrival = take(raw_mail())
    assert arrival.state == IncomingMail.State.FILED
    assert (arrival.ticket.client, arrival.ticket.contact) == (contact.client, contact)  # type: ignore[union-attr]
    assert arrival.message.text == "Desde ayer no salen."  # type: ignore[union-attr]


def test_a_colleague_is_recognised_by_confirmed_domain_only() -> None:
    client = make_client()
    unknown = take(raw_mail(sender="otra@tierraparda.example")).ticket
    ClientDomain.objects.create(client=client, domain="tierraparda.example", confirmed_at=NOW)
    known = take(raw_mail(sender="otra@tierraparda.example")).ticket
    assert (unknown.client, known.client) == (None, client)  # type: ignore[union-attr]


def test_a_stranger_stands_in_triage_and_is_told_nothing_of_what_they_wrote() -> None:
    ticket = take(
        raw_mail(sender="x@otra.example", subject="COMPRE AHORA", text="http://spam.example")
    ).ticket
    assert ticket.client is None  # type: ignore[union-attr]
    sent = OutgoingMail.objects.get()
    assert sent.to == ["x@otra.example"]
    assert "COMPRE" not in sent.subject + sent.text
    assert "spam" not in sent.subject + sent.text


def test_an_answer_lands_on_its_ticket_by_token_even_with_a_new_subject() -> None:
    ticket = answered_ticket()
    to = reply_address(ticket, ticket.mailbox)
    arrival = take(raw_mail(to=to, subject="otra cosa", text="Ya sale."))
    assert arrival.ticket == ticket
    assert ticket.messages.count() == 3


@pytest.mark.parametrize("machine", [True, False])
def test_what_another_site_sends_to_a_tickets_address_is_not_read_in_its_thread(machine: bool) -> None:
    """Who signs up elsewhere as support+token@ must not read the code there; a person who was told the address may."""
    ticket = answered_ticket()
    sender = "no-reply@banco.example" if machine else "colega@tierraparda.example"
    to = reply_address(ticket, ticket.mailbox)
    arrival = take(raw_mail(sender=sender, to=to, subject="Tu código", text="123456"))
    assert arrival.state == IncomingMail.State.FILED
    assert (arrival.ticket == ticket) is not machine


def test_an_answer_lands_on_its_ticket_by_our_message_id() -> None:
    ticket = answered_ticket()
    sent = OutgoingMail.objects.get(purpose="reply")
    arrival = take(raw_mail(text="Ya sale.", In_Reply_To=sent.message_id, References=sent.message_id))
    assert arrival.ticket == ticket


def test_knowing_a_message_id_of_the_client_does_not_make_a_stranger_part_of_the_ticket() -> None:
    elvira()
    first = take(raw_mail(message_id="<secreto@tierraparda.example>"))
    second = take(raw_mail(sender="malo@otra.example", In_Reply_To="<secreto@tierraparda.example>"))
    assert second.ticket != first.ticket
    assert second.ticket.client is None  # type: ignore[union-attr]


def test_a_number_in_the_subject_proves_nothing() -> None:
    ticket = answered_ticket()
    arrival = take(raw_mail(sender="malo@otra.example", subject=f"Re: [#{ticket.number}] hola"))
    assert arrival.ticket != ticket


def test_an_answer_reopens_a_solved_ticket_and_follows_a_closed_one() -> None:
    ticket = answered_ticket()
    by = make_person(Role.SUPERVISOR)
    change_state(ticket=ticket, state=State.SOLVED, by=by, now=NOW)
    to = reply_address(ticket, ticket.mailbox)
    take(raw_mail(to=to, text="Sigue igual."))
    ticket.refresh_from_db()
    assert ticket.state == State.OPEN
    change_state(ticket=ticket, state=State.SOLVED, by=by, now=NOW)
    change_state(ticket=ticket, state=State.CLOSED, by=by, now=NOW)
    following = take(raw_mail(to=to, text="Otra vez.")).ticket
    assert following.follows == ticket  # type: ignore[union-attr]


def test_an_automatic_reply_neither_opens_nor_wakes_nor_is_answered() -> None:
    ticket = answered_ticket()
    change_state(ticket=ticket, state=State.WAITING_CLIENT, by=make_person(), now=NOW)
    before = OutgoingMail.objects.count()
    on_it = take(raw_mail(to=reply_address(ticket, ticket.mailbox), Auto_Submitted="auto-replied"))
    alone = take(raw_mail(Auto_Submitted="auto-replied"))
    ticket.refresh_from_db()
    assert (on_it.state, alone.state) == (IncomingMail.State.FILED, IncomingMail.State.NOTED)
    assert (ticket.state, alone.reason, alone.ticket) == (State.WAITING_CLIENT, "automatic_reply", None)
    assert OutgoingMail.objects.count() == before


def test_our_own_echo_is_noted() -> None:
    arrival = take(raw_mail(X_Ecuanime_Loop="acknowledgement"))
    assert (arrival.state, arrival.reason) == (IncomingMail.State.NOTED, "own_echo")
    assert not Ticket.objects.exists()


def test_a_bounce_marks_the_mail_that_came_back() -> None:
    ticket = answered_ticket()
    OutgoingMail.objects.update(state=OutgoingMail.State.SENT, sent_at=NOW)
    sent = OutgoingMail.objects.get(purpose="reply")
    report = (
        b"From: MAILER-DAEMON@mx.example\r\nTo: soporte@nodoalisio.example\r\nSubject: Undelivered\r\n"
        b"Return-Path: <>\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\nNo.\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        b"Final-Recipient: rfc822; elvira@tierraparda.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        b"Diagnostic-Code: smtp; 550 no such user\r\n\r\n"
        b"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: "
        + sent.message_id.encode()
        + b"\r\n\r\nhola\r\n--b--\r\n"
    )
    arrival = take(report)
    sent.refresh_from_db()
    assert (arrival.state, arrival.reason, arrival.ticket) == (IncomingMail.State.NOTED, "bounce", ticket)
    assert sent.state == OutgoingMail.State.BOUNCED


def test_the_same_arrival_offered_again_is_one_row() -> None:
    elvira()
    raw = raw_mail()
    first = take(raw)
    again = store_arrival(raw=raw, origin=IncomingMail.Origin.PIPE, now=LATER)
    assert (again.pk, Message.objects.count()) == (first.pk, 1)
    assert read_arrival(arrival_id=first.pk, now=LATER) is None


def test_the_same_bytes_through_another_door_are_a_copy() -> None:
    elvira()
    raw = raw_mail()
    first = take(raw)
    second = take(raw, IncomingMail.Origin.IMPORT)
    assert (second.state, second.copy_of, second.ticket) == (
        IncomingMail.State.DUPLICATE,
        first,
        first.ticket,
    )
    assert Message.objects.count() == 1


def test_the_same_message_id_with_another_body_is_kept_too() -> None:
    elvira()
    for text in ("uno", "dos"):
        take(raw_mail(message_id="<igual@tierraparda.example>", text=text))
    assert set(Message.objects.values_list("text", flat=True)) == {"uno", "dos"}


def test_a_bomb_stands_in_quarantine_whole_and_can_be_tried_again() -> None:
    raw = raw_mail().replace(b"Subject: ", b"Subject: " + b"=?utf-8?q?a?= " * 20_000)
    arrival = take(raw)
    assert (arrival.state, bool(arrival.reason)) == (IncomingMail.State.QUARANTINED, True)
    assert not Ticket.objects.exists()
    retried = retry_quarantined(arrival=arrival, now=LATER)
    assert (retried.state, retried.attempts) == (IncomingMail.State.STORED, 0)
    assert read_arrival(arrival_id=arrival.pk, now=LATER).state == IncomingMail.State.QUARANTINED  # type: ignore[union-attr]


def test_only_what_stands_in_quarantine_can_be_retried_or_refused() -> None:
    elvira()
    arrival = take(raw_mail())
    for action in (retry_quarantined, refuse_quarantined):
        with pytest.raises(Refused, match="quarantine"):
            action(arrival=arrival, now=LATER)
    arrival.refresh_from_db()
    assert arrival.state == IncomingMail.State.FILED


def test_an_empty_mail_is_refused_with_its_reason() -> None:
    arrival = take(b"\r\n")
    assert (arrival.state, arrival.reason) == (IncomingMail.State.REFUSED, "empty")


def test_imported_mail_is_not_answered() -> None:
    take(raw_mail(sender="x@otra.example"), IncomingMail.Origin.IMPORT)
    assert not OutgoingMail.objects.exists()


def test_a_mail_that_fails_time_and_again_is_set_aside() -> None:
    arrival = store_arrival(raw=raw_mail(), origin=IncomingMail.Origin.PIPE, now=NOW)
    IncomingMail.objects.filter(pk=arrival.pk).update(attempts=3)
    done = read_arrival(arrival_id=arrival.pk, now=NOW)
    assert (done.state, done.reason) == (IncomingMail.State.QUARANTINED, "failed_repeatedly")  # type: ignore[union-attr]


def test_html_is_cleaned_and_pictures_are_our_own_or_held_back() -> None:
    html = '<p onclick="x()">Hola<script>alert(1)</script><img src="https://t.example/p.gif"></p>'
    message = take(raw_mail(html=html)).message
    assert "script" not in message.html  # type: ignore[union-attr]
    assert "onclick" not in message.html  # type: ignore[union-attr]
    assert message.remote_images == 1  # type: ignore[union-attr]


def test_quoted_history_is_folded() -> None:
    text = "Ya sale.\n\nEl mar, 10 nov 2026 a las 9:00, Soporte escribió:\n> Mirándolo.\n"
    message = take(raw_mail(text=text)).message
    assert message.text == "Ya sale."  # type: ignore[union-attr]
    assert "Mirándolo" in message.quoted_text  # type: ignore[union-attr]


def test_an_answer_that_crosses_the_closing_follows_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = answered_ticket()
    to = reply_address(ticket, ticket.mailbox)
    as_looked_up = Ticket.objects.get(pk=ticket.pk)
    Ticket.objects.filter(pk=ticket.pk).update(state=State.CLOSED, closed_at=NOW)
    monkeypatch.setattr("ecuanime.tickets.queries.ticket_by_token", lambda _token: as_looked_up)
    arrival = take(raw_mail(to=to, text="Sigue igual."))
    assert arrival.ticket is not None
    assert (arrival.ticket.follows, arrival.ticket.messages.count()) == (ticket, 1)
    assert ticket.messages.count() == 2


def test_a_mail_of_last_week_is_taken_in_and_not_acknowledged() -> None:
    elvira()
    old = raw_mail().replace(b"10 Nov 2026", b"02 Nov 2026")
    assert take(old).state == IncomingMail.State.FILED
    assert not OutgoingMail.objects.exists()
    take(raw_mail())
    assert OutgoingMail.objects.count() == 1


def test_a_contact_goes_before_the_domain_of_another_client() -> None:
    contact = elvira()
    ClientDomain.objects.create(client=make_client(), domain="tierraparda.example", confirmed_at=NOW)
    ticket = take(raw_mail()).ticket
    assert ticket is not None
    assert (ticket.client, ticket.contact) == (contact.client, contact)


def test_an_encrypted_mail_is_a_ticket_with_the_whole_mail_to_download_and_its_copy_a_copy() -> None:
    sealed = raw_mail(text="-----BEGIN PGP MESSAGE-----\n\nx\n-----END PGP MESSAGE-----", subject="Clave")
    arrival = take(sealed)
    assert arrival.ticket is not None
    (file,) = arrival.message.attachments.all()  # type: ignore[union-attr]
    assert (file.name, file.ambiguous, file.file) == ("Clave.eml", "encrypted", arrival.raw)
    again = take(b"Received: by another way\r\n" + sealed)
    assert (again.state, again.ticket) == (IncomingMail.State.DUPLICATE, arrival.ticket)
    assert Ticket.objects.count() == 1
