"""Answering and noting: what leaves, what is refused with the text kept, drafts, and sending again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from ecuanime.accounts.models import User
from ecuanime.delivery.models import OutgoingMail
from ecuanime.foundation.models import StoredFile
from ecuanime.tickets.actions import add_inbound_message, change_state, reply
from ecuanime.tickets.models import Attachment, Draft, Message, State, Ticket
from ecuanime.web.components import uploads
from tests.factories import make_contact, make_firm, make_mailbox, make_person
from tests.factories.tickets import make_message, make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def firm(settings: Any, tmp_path: Path) -> None:
    settings.ECUANIME_FILES = tmp_path
    make_firm()
    make_mailbox()


@pytest.fixture
def me(client: Client) -> User:
    person = make_person(language="en", name="Irene Maldonado")
    client.force_login(person)
    return person


def seen(ticket: Ticket) -> dict[str, object]:
    """What a page that shows everything posts along."""
    ticket.refresh_from_db()
    newest = ticket.messages.order_by("-pk").values_list("pk", flat=True)[0]
    return {"version": ticket.version, "seen_message": newest}


def test_a_reply_leaves_and_its_draft_goes(client: Client, me: User) -> None:
    contact = make_contact(email="elvira@uno.example")
    ticket = make_ticket(contact=contact, assignee=me)
    client.post(f"/tickets/{ticket.number}/borrador/", {"kind": "reply", "body": "Ya"})
    data = {"body": "Ya está.", "cc": "otra@uno.example", "then": "wait"} | seen(ticket)
    answer = client.post(f"/tickets/{ticket.number}/responder/?vista=para-mi", data, follow=True)
    said = ticket.messages.get(kind=Message.Kind.REPLY)
    assert answer.redirect_chain[-1][0] == f"/tickets/{ticket.number}/?vista=para-mi#m{said.pk}"
    assert f'data-draft="reply" data-said="Ya está." data-said-as="{said.pk}"' in answer.content.decode()
    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.cc) == (["elvira@uno.example"], ["otra@uno.example"])
    ticket.refresh_from_db()
    assert ticket.state == State.WAITING_CLIENT
    assert not Draft.objects.exists()


def test_other_recipients_can_be_named(client: Client, me: User) -> None:
    ticket = make_ticket()
    client.post(f"/tickets/{ticket.number}/responder/", {"body": "x", "to": "a@b.example; c@d.example"})
    assert OutgoingMail.objects.get().to == ["a@b.example", "c@d.example"]


def test_a_newer_message_stops_the_reply_and_shows_both(client: Client, me: User) -> None:
    ticket = make_ticket(assignee=me)
    data = {"body": "Mi respuesta a medias"} | seen(ticket)
    add_inbound_message(ticket=ticket, message=make_message("Ya funciona, gracias."), now=timezone.now())
    answer = client.post(f"/tickets/{ticket.number}/responder/", data)
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "This came while you were writing" in shown
    assert shown.count("Ya funciona, gracias.") == 2, "in the thread and beside what was written"
    assert "Mi respuesta a medias</textarea>" in shown
    assert not OutgoingMail.objects.exists()
    assert not ticket.messages.filter(kind=Message.Kind.REPLY).exists()
    again = client.post(f"/tickets/{ticket.number}/responder/", {"body": "Mejor así"} | seen(ticket))
    assert again.status_code == 302


def test_a_colleagues_answer_stops_the_reply_too(client: Client, me: User) -> None:
    ticket = make_ticket()
    data = {"body": "La mía"} | seen(ticket)
    reply(ticket=ticket, author=make_person(name="Nuria Vidal"), text="La de Nuria", now=timezone.now())
    answer = client.post(f"/tickets/{ticket.number}/responder/", data)
    assert answer.status_code == 409
    assert "<b>Nuria Vidal</b>" in answer.content.decode()
    assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"body": "   "}, "There is nothing to send yet"),
        ({"body": "hola", "to": "nada"}, "is not an e-mail address"),
    ],
)
def test_what_cannot_be_sent_is_said_and_kept(
    client: Client, me: User, data: dict[str, str], words: str
) -> None:
    ticket = make_ticket()
    answer = client.post(f"/tickets/{ticket.number}/responder/", data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert ticket.messages.count() == 1
    assert not OutgoingMail.objects.exists()


def test_a_closed_ticket_takes_notes_only(client: Client, me: User) -> None:
    ticket = make_ticket()
    for state in (State.SOLVED, State.CLOSED):
        change_state(ticket=ticket, state=state, by=me, now=timezone.now())
    assert "This ticket is closed" in client.get(f"/tickets/{ticket.number}/").content.decode()
    assert client.post(f"/tickets/{ticket.number}/responder/", {"body": "tarde"}).status_code == 409
    assert client.post(f"/tickets/{ticket.number}/nota/", {"body": "para nosotros"}).status_code == 302
    assert not OutgoingMail.objects.exists()


def test_files_are_stored_by_hash_and_go_with_the_mail(client: Client, me: User) -> None:
    ticket = make_ticket()
    upload = SimpleUploadedFile("..\\ca\u202erpeta/informe\u200b.pdf", b"%PDF-1.7 x")
    client.post(f"/tickets/{ticket.number}/responder/", {"body": "va", "files": [upload]})
    kept = Attachment.objects.get()
    assert kept.name == "informe.pdf"
    assert kept.media_type == "application/pdf"
    assert OutgoingMail.objects.get().attachments.get().file == kept.file


def test_too_many_or_too_large_files_are_refused_whole(
    client: Client, me: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = make_ticket()
    many = [SimpleUploadedFile(f"{n}.txt", b"x%d" % n) for n in range(uploads.MOST_FILES + 1)]
    answer = client.post(f"/tickets/{ticket.number}/responder/", {"body": "va", "files": many})
    assert answer.status_code == 422
    assert "Attach the files again" in answer.content.decode()
    monkeypatch.setattr(uploads, "MOST_BYTES", 3)
    large = [SimpleUploadedFile("a.txt", b"1234")]
    answer = client.post(f"/tickets/{ticket.number}/nota/", {"body": "va", "files": large})
    assert answer.status_code == 422
    assert "va</textarea>" in answer.content.decode()
    assert ticket.messages.count() == 1
    assert not StoredFile.objects.exists()


def test_drafts_of_reply_and_note_never_mix(client: Client, me: User) -> None:
    ticket = make_ticket()
    address = f"/tickets/{ticket.number}/borrador/"
    assert client.post(address, {"kind": "reply", "body": "para Elvira"}).status_code == 204
    assert client.post(address, {"kind": "note", "body": "para el equipo"}).status_code == 204
    shown = client.get(f"/tickets/{ticket.number}/")
    assert shown.context["reply_text"] == "para Elvira"
    assert shown.context["note_text"] == "para el equipo"
    assert client.post(address, {"kind": "inbound", "body": "x"}).status_code == 400
    client.force_login(make_person())
    assert client.get(f"/tickets/{ticket.number}/").context["reply_text"] == ""


def test_a_failed_mail_says_why_and_is_sent_again(client: Client, me: User) -> None:
    ticket = make_ticket()
    said = reply(ticket=ticket, author=me, text="hola", now=timezone.now())
    OutgoingMail.objects.update(state=OutgoingMail.State.FAILED, error="550 5.7.26 nope", next_due_at=None)
    shown = client.get(f"/tickets/{ticket.number}/").content.decode()
    assert "It was not sent" in shown
    assert "550 5.7.26 nope" in shown
    address = f"/tickets/{ticket.number}/mensajes/{said.pk}/reenviar/"
    client.post(address)
    assert OutgoingMail.objects.get().state == OutgoingMail.State.QUEUED
    refused = client.post(address, follow=True)
    assert "has not failed" in refused.content.decode()
    other = make_ticket()
    assert client.post(f"/tickets/{other.number}/mensajes/{said.pk}/reenviar/").status_code == 404


@pytest.mark.parametrize(
    ("state", "error", "words"),
    [
        (OutgoingMail.State.SENT, "", "sent"),
        (OutgoingMail.State.CAPTURED, "", "kept here instead of being sent"),
        (OutgoingMail.State.QUEUED, "", "on its way"),
        (OutgoingMail.State.QUEUED, "timed out", "tried again by itself"),
        (OutgoingMail.State.BOUNCED, "a@b.example: unknown", "It did not reach"),
    ],
)
def test_each_fate_of_a_mail_has_its_words(
    client: Client, me: User, state: str, error: str, words: str
) -> None:
    ticket = make_ticket()
    reply(ticket=ticket, author=me, text="hola", now=timezone.now())
    OutgoingMail.objects.update(state=state, error=error)
    assert words in client.get(f"/tickets/{ticket.number}/").content.decode()
