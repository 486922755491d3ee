"""Messages, replies with their mail, notes and drafts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ecuanime.accounts.models import User
from ecuanime.delivery.models import OutgoingMail
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.files import store
from ecuanime.tickets.actions import (
    FileGiven,
    add_inbound_message,
    add_note,
    assign,
    change_state,
    discard_draft,
    mark_read,
    note_undelivered,
    reply,
    save_draft,
)
from ecuanime.tickets.models import Draft, Message, State, Ticket, TicketEvent
from ecuanime.tickets.queries import takes_part, ticket_by_message_ids, ticket_by_token
from ecuanime.tickets.threading import token_in
from tests.factories import NOW, make_contact, make_mailbox, make_person
from tests.factories.tickets import make_message, make_ticket

pytestmark = pytest.mark.django_db

SOON, LATER = NOW + timedelta(minutes=1), NOW + timedelta(minutes=2)


@pytest.fixture
def irene() -> User:
    return make_person(name="Irene Maldonado")


def closed(by: User) -> Ticket:
    ticket = change_state(ticket=make_ticket(), state=State.SOLVED, by=by, now=NOW)
    return change_state(ticket=ticket, state=State.CLOSED, by=by, now=NOW)


@pytest.mark.parametrize("state", [State.WAITING_CLIENT, State.WAITING_THIRD, State.SOLVED])
def test_a_clients_answer_opens_a_waiting_or_solved_ticket(irene: User, state: str) -> None:
    ticket = change_state(ticket=make_ticket(), state=state, by=irene, now=NOW)
    add_inbound_message(ticket=ticket, message=make_message("Sigue igual"), now=SOON)
    ticket.refresh_from_db()
    assert ticket.state == State.OPEN
    assert (ticket.last_snippet, ticket.last_message_at) == ("Sigue igual", SOON)
    assert ticket.waits_since in (NOW, SOON)
    assert (ticket.next_due_at, ticket.solved_at) == (None, None)
    assert TicketEvent.objects.filter(field="state", after=State.OPEN, actor=None).exists()


def test_an_out_of_office_wakes_nothing_but_is_kept(irene: User) -> None:
    ticket = change_state(ticket=make_ticket(), state=State.SOLVED, by=irene, now=NOW)
    add_inbound_message(ticket=ticket, message=make_message("Fuera", is_automatic=True), now=SOON)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.unread_count, ticket.last_message_at) == (State.SOLVED, 0, NOW)
    assert ticket.messages.count() == 2


def test_nothing_is_added_to_a_closed_ticket_but_a_note(irene: User) -> None:
    ticket = closed(irene)
    for attempt in (
        lambda: add_inbound_message(ticket=ticket, message=make_message(), now=SOON),
        lambda: reply(ticket=ticket, author=irene, text="Hola", now=SOON),
    ):
        with pytest.raises(Refused) as refusal:
            attempt()
        assert refusal.value.code == "closed"
    assert ticket.messages.count() == 1
    assert not OutgoingMail.objects.exists()
    assert add_note(ticket=ticket, author=irene, text="Recordar", now=SOON).kind == Message.Kind.NOTE


def test_text_that_the_database_cannot_hold_is_made_holdable() -> None:
    ticket = make_ticket(
        message=make_message("a\x00b\ud800c\r\nd", from_name="Eva\r\nBcc: x\x00", html="<p>\x00</p>")
    )
    message = ticket.messages.get()
    assert (message.text, message.from_name, message.html) == ("abc\nd", "Eva Bcc: x", "<p></p>")


def test_a_date_in_the_future_becomes_now() -> None:
    message = make_ticket(message=make_message(written_at=LATER)).messages.get()
    assert message.written_at == NOW


def test_a_reply_leaves_as_a_mail_threaded_under_what_it_answers(irene: User) -> None:
    mailbox = make_mailbox(signature="Nodo Alisio")
    contact = make_contact(name="Elvira Sotillo")
    first = make_message(
        "Línea uno\nLínea dos", message_id="<uno@cliente.example>", from_name="Elvira", contact=contact
    )
    ticket = make_ticket(contact=contact, message=first, mailbox=mailbox)
    message = reply(ticket=ticket, author=irene, text="  Corregido.  ", now=SOON, cc=["ana@uno.example"])
    mail = message.outgoing
    assert mail is not None
    assert (mail.kind, mail.purpose, mail.to, mail.cc) == (
        "personal",
        "reply",
        [contact.email],
        ["ana@uno.example"],
    )
    assert mail.subject == "Re: El programa no envía"
    assert (mail.in_reply_to, mail.references) == ("<uno@cliente.example>", "<uno@cliente.example>")
    assert mail.reply_to == f"soporte+{ticket.token}@nodoalisio.example"
    assert token_in(mail.message_id) == token_in(mail.reply_to) == ticket.token
    assert mail.text.startswith("Corregido.\n\nIrene Maldonado\n\n-- \nNodo Alisio\n\n")
    assert "> Línea uno\n> Línea dos" in mail.text
    ticket.refresh_from_db()
    assert (ticket.state, ticket.unread_count, ticket.waits_since) == (State.OPEN, 0, None)
    assert ticket.first_answered_at == SOON
    assert (message.text, message.from_email) == ("Corregido.", mailbox.address)


def test_references_grow_with_the_thread_and_stay_bounded(irene: User) -> None:
    ticket = make_ticket(message=make_message(message_id="<0@c.example>"))
    for number in range(1, 40):
        at = NOW + timedelta(minutes=number)
        add_inbound_message(ticket=ticket, message=make_message(message_id=f"<{number}@c.example>"), now=at)
    mail = reply(ticket=ticket, author=irene, text="Ya", now=NOW + timedelta(hours=1)).outgoing
    assert mail is not None
    chain = mail.references.split()
    assert (chain[0], chain[-1], mail.in_reply_to) == ("<0@c.example>", "<39@c.example>", "<39@c.example>")
    assert len(chain) <= 21


@pytest.mark.parametrize(
    ("then", "state"), [("wait", State.WAITING_CLIENT), ("solve", State.SOLVED), ("", State.OPEN)]
)
def test_a_reply_may_also_wait_or_solve(irene: User, then: str, state: str) -> None:
    ticket = make_ticket()
    reply(ticket=ticket, author=irene, text="Ya", now=SOON, then=then)
    ticket.refresh_from_db()
    assert ticket.state == state
    assert (ticket.next_due_at == SOON + timedelta(days=7)) is (then == "solve")


def test_files_go_with_the_reply_and_stay_on_the_thread(irene: User) -> None:
    file = FileGiven(store(b"%PDF"), "guía.pdf", "application/pdf")
    message = reply(ticket=make_ticket(), author=irene, text="Va la guía", now=SOON, files=[file])
    assert message.attachments.get().name == "guía.pdf"
    assert message.outgoing is not None
    assert message.outgoing.attachments.get().name == "guía.pdf"


def test_a_reply_never_goes_to_ourselves(irene: User) -> None:
    make_mailbox()
    ticket = make_ticket()
    cc = ["Soporte@nodoalisio.example", "ana@uno.example"]
    mail = reply(ticket=ticket, author=irene, text="Ya", now=SOON, cc=cc).outgoing
    assert mail is not None
    assert mail.cc == ["ana@uno.example"]


def test_what_a_reply_refuses_changes_nothing(irene: User) -> None:
    make_mailbox()
    ticket = make_ticket()
    seen = ticket.messages.get().pk
    assign(ticket=ticket, assignee=irene, by=irene, now=NOW)
    ours = make_ticket(client=None, requester_email="soporte@nodoalisio.example")
    nobody = make_ticket(client=None, requester_email="")
    save_draft(ticket=ticket, user=irene, kind="reply", text="Se queda", now=NOW)
    cases: list[tuple[str, dict[str, object]]] = [
        ("empty", {"text": " \n\x00 "}),
        ("stale", {"expected_version": 1}),
        ("bad_address", {"to": ["ana@uno.example\r\nBcc: x@y.example"]}),
        ("bad_address", {"cc": ["nadie"]}),
        ("no_address", {"ticket": nobody}),
        ("no_address", {"ticket": ours}),
        ("newer_message", {"seen_message": seen - 1, "expected_version": 1}),
    ]
    for code, fields in cases:
        values: dict[str, object] = {"ticket": ticket, "author": irene, "text": "Ya", "now": SOON}
        with pytest.raises(Refused) as refusal:
            reply(**(values | fields))  # type: ignore[arg-type]
        assert refusal.value.code == code
    ticket.refresh_from_db()
    assert (ticket.state, ticket.version, ticket.unread_count) == (State.NEW, 2, 1)
    assert ticket.messages.count() == 1
    assert not OutgoingMail.objects.exists()
    assert Draft.objects.get().text == "Se queda"
    reply(ticket=ticket, author=irene, text="Ya", now=SOON, expected_version=2, seen_message=seen)


def test_a_note_never_shows_in_the_lists_nor_leaves(irene: User) -> None:
    ticket = make_ticket()
    add_note(ticket=ticket, author=irene, text="El cliente no paga", now=SOON)
    ticket.refresh_from_db()
    assert ticket.last_snippet == "No sale el correo."
    assert ticket.waits_since == NOW
    assert not OutgoingMail.objects.exists()
    with pytest.raises(Refused) as refusal:
        add_note(ticket=ticket, author=irene, text=" ", now=SOON)
    assert refusal.value.code == "empty"
    assert ticket.messages.count() == 2


def test_reply_and_note_are_two_drafts_each_gone_with_what_it_became(irene: User) -> None:
    ticket = make_ticket()
    save_draft(ticket=ticket, user=irene, kind="reply", text="Hola", now=NOW)
    save_draft(ticket=ticket, user=irene, kind="note", text="Ojo", now=NOW)
    save_draft(ticket=ticket, user=irene, kind="note", text="Ojo con esto", now=SOON)
    assert {draft.kind: draft.text for draft in Draft.objects.all()} == {
        "reply": "Hola",
        "note": "Ojo con esto",
    }
    add_note(ticket=ticket, author=irene, text="Ojo con esto", now=SOON)
    assert Draft.objects.get().kind == "reply"
    save_draft(ticket=ticket, user=irene, kind="reply", text="  ", now=SOON)
    discard_draft(ticket=ticket, user=irene, kind="note")
    assert not Draft.objects.exists()
    with pytest.raises(ValueError, match="inbound"):
        save_draft(ticket=ticket, user=irene, kind="inbound", text="x", now=NOW)


@pytest.mark.parametrize("late", ["Ojo con", "Ojo con esto", " Ojo con esto\r\n"])
def test_a_draft_that_comes_after_what_it_became_is_not_kept(irene: User, late: str) -> None:
    ticket = make_ticket()
    add_note(ticket=ticket, author=irene, text="Ojo con esto", now=NOW)
    assert save_draft(ticket=ticket, user=irene, kind="note", text=late, now=SOON) is None
    assert save_draft(ticket=ticket, user=irene, kind="reply", text=late, now=SOON)
    assert save_draft(ticket=ticket, user=make_person(), kind="note", text=late, now=SOON)
    assert save_draft(ticket=ticket, user=irene, kind="note", text="Ojo con esto otro", now=SOON)


def test_reading_clears_the_count_without_a_new_version() -> None:
    ticket = make_ticket()
    mark_read(ticket=ticket)
    ticket.refresh_from_db()
    assert (ticket.unread_count, ticket.version) == (0, 1)


def test_a_reply_that_did_not_arrive_raises_the_ticket_once(irene: User) -> None:
    ticket = make_ticket()
    message = reply(ticket=ticket, author=irene, text="Ya", now=SOON, then="wait")
    assert message.outgoing is not None
    for _ in range(2):
        note_undelivered(mail_id=message.outgoing.pk, addresses=["x@uno.example"], now=LATER)
    note_undelivered(mail_id=0, addresses=["x@uno.example"], now=LATER)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.unread_count, ticket.waits_since) == (State.OPEN, 1, LATER)
    assert TicketEvent.objects.filter(field="undelivered", after="x@uno.example").count() == 1


def test_intake_finds_the_ticket_by_token_and_message_id_and_knows_who_takes_part(irene: User) -> None:
    make_mailbox()
    contact = make_contact(email="elvira@uno.example")
    ticket = make_ticket(contact=contact, message=make_message(message_id="<a@c.example>"))
    other = make_ticket(message=make_message(message_id="<b@c.example>"))
    mail = reply(ticket=ticket, author=irene, text="Ya", now=SOON, cc=["Ana@uno.example"]).outgoing
    assert mail is not None
    assert ticket_by_token(token_in(mail.reply_to)) == ticket
    assert ticket_by_token("x" * 32) is None
    assert ticket_by_token("") is None
    assert ticket_by_message_ids(["<b@c.example>", "<a@c.example>"]) == ticket
    assert ticket_by_message_ids(["<a@c.example>", "<b@c.example>"]) == other
    assert ticket_by_message_ids(["<b@c.example>", mail.message_id]) == ticket
    assert ticket_by_message_ids([f"<{ticket.token}.ff@nodoalisio.example>"]) == ticket
    assert ticket_by_message_ids(["<1001@c.example>", ""]) is None
    assert ticket_by_message_ids([]) is None
    for address, part in [
        ("ELVIRA@uno.example", True),
        ("Ana@uno.example", True),
        ("eva@uno.example", False),
    ]:
        assert takes_part(ticket, address) is part
    assert not takes_part(ticket, "")
    assert not takes_part(ticket, "soporte@nodoalisio.example")
