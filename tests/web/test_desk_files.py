"""Files of messages: only for those who may read the message, never opened by the browser, never fetched blindly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ecuanime.accounts.models import Role
from ecuanime.channels.models import IncomingMail
from ecuanime.clients.models import Contact
from ecuanime.foundation import files as stored
from ecuanime.foundation.outgoing import NotFetched
from ecuanime.tickets.actions import FileGiven, add_note
from ecuanime.tickets.models import Attachment, Message, Ticket
from ecuanime.web.desk import files as screens
from ecuanime.web.desk.image_addresses import proxied
from tests.factories import make_contact, make_firm, make_mailbox, make_person
from tests.factories.tickets import make_message, make_ticket

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@pytest.fixture(autouse=True)
def firm(settings: Any, tmp_path: Path) -> None:
    settings.ECUANIME_FILES = tmp_path
    make_firm()
    make_mailbox()


@pytest.fixture
def contact() -> Contact:
    return make_contact(signs_in=True)


def sign_in(client: Client, contact: Contact) -> None:
    assert contact.user is not None
    client.force_login(contact.user)


def ticket_with(
    contact: Contact, content: bytes = PNG, name: str = "logo.png"
) -> tuple[Ticket, IncomingMail]:
    """A mail with a picture inside, taken in."""
    given = FileGiven(stored.store(content), name, "image/png", content_id="logo@x/1", is_inline=True)
    ticket = make_ticket(contact=contact, message=make_message(contact=contact, files=[given]))
    mail = IncomingMail.objects.create(
        origin=IncomingMail.Origin.PIPE,
        raw=given.file,
        arrival_key=f"a{ticket.pk}",
        message=ticket.messages.get(),
        ticket=ticket,
        received_at=timezone.now(),
    )
    return ticket, mail


def test_an_attachment_is_a_download_and_nothing_else(client: Client, contact: Contact) -> None:
    ticket_with(contact, b"<script>alert(1)</script>", 'a"b\u00e9.html')
    sign_in(client, contact)
    answer = client.get(f"/adjuntos/{Attachment.objects.get().pk}/")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"  # type: ignore[attr-defined]
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_files_are_for_those_who_may_read_the_message(client: Client, contact: Contact) -> None:
    ticket, mail = ticket_with(contact)
    address = f"/adjuntos/{Attachment.objects.get().pk}/"
    image = f"/correo/{mail.pk}/imagenes/logo@x/1"
    assert client.get(address).status_code == 302
    sign_in(client, make_contact(signs_in=True))
    assert client.get(address).status_code == 404
    assert client.get(image).status_code == 404
    client.force_login(make_person(Role.BILLING))
    assert client.get(address).status_code == 200
    kept = FileGiven(stored.store(b"secreto"), "n.txt", "text/plain")
    note = add_note(ticket=ticket, author=make_person(), text="n", now=timezone.now(), files=[kept])
    of_note = f"/adjuntos/{note.attachments.get().pk}/"
    assert client.get(of_note).status_code == 404
    sign_in(client, contact)
    assert client.get(of_note).status_code == 404
    client.force_login(make_person())
    assert client.get(of_note).status_code == 200


def test_lost_bytes_are_not_found(client: Client, contact: Contact) -> None:
    _ticket, mail = ticket_with(contact)
    found = Attachment.objects.get()
    stored.path_of(found.file.sha256).unlink()
    sign_in(client, contact)
    assert client.get(f"/adjuntos/{found.pk}/").status_code == 404
    assert client.get(f"/correo/{mail.pk}/imagenes/logo@x/1").status_code == 404


def test_a_picture_inside_a_mail_is_served_as_what_it_is(client: Client, contact: Contact) -> None:
    _ticket, mail = ticket_with(contact)
    sign_in(client, contact)
    answer = client.get(f"/correo/{mail.pk}/imagenes/logo@x/1")
    assert answer.content == PNG
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert client.get(f"/correo/{mail.pk}/imagenes/otra").status_code == 404
    assert client.get(f"/correo/{mail.pk + 1}/imagenes/logo@x/1").status_code == 404


@pytest.mark.parametrize("content", [b"<svg onload='x'/>", b"<html>", b"", b"GIF", b"RIFFxxxxWAVE"])
def test_what_is_no_picture_is_not_served_as_one(client: Client, contact: Contact, content: bytes) -> None:
    _ticket, mail = ticket_with(contact, content)
    sign_in(client, contact)
    assert client.get(f"/correo/{mail.pk}/imagenes/logo@x/1").status_code == 404


def test_remote_images_need_our_signature_and_the_right_to_read(
    client: Client, contact: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def fetched(url: str) -> bytes:
        asked.append(url)
        return PNG

    monkeypatch.setattr(screens, "fetch", fetched)
    ticket, _mail = ticket_with(contact)
    message = Message.objects.get(ticket=ticket)
    address = proxied(message, "https://x.example/a.png?b=1&c=2")
    assert client.get(address).status_code == 302
    sign_in(client, make_contact(signs_in=True))
    assert client.get(address).status_code == 404
    client.force_login(make_person())
    assert client.get(address[:-1] + ("a" if address[-1] != "a" else "b")).status_code == 404
    assert client.get("/correo/imagen/").status_code == 404
    assert client.get("/correo/imagen/?u=https://x.example/a.png").status_code == 404
    assert asked == []
    answer = client.get(address)
    assert (answer.content, answer.headers["Content-Type"]) == (PNG, "image/png")
    assert asked == ["https://x.example/a.png?b=1&c=2"]


def test_a_remote_image_that_cannot_be_had_is_not_found(
    client: Client, contact: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_url: str) -> bytes:
        raise NotFetched("not_public")

    ticket, _mail = ticket_with(contact)
    address = proxied(Message.objects.get(ticket=ticket), "http://127.0.0.1/")
    client.force_login(make_person())
    monkeypatch.setattr(screens, "fetch", refused)
    assert client.get(address).status_code == 404
    monkeypatch.setattr(screens, "fetch", lambda _url: b"<svg/>")
    assert client.get(address).status_code == 404
