"""Words of strangers wherever they are shown outside a mail's own body: lists, snippets, notices, mails of ours."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from ecuanime.accounts.letters import send_sign_in_link
from ecuanime.accounts.models import Role, User
from ecuanime.delivery.message import build_message
from ecuanime.delivery.models import OutgoingMail
from ecuanime.notices.actions import Words, tell
from ecuanime.notices.models import Kind
from ecuanime.tickets.models import Ticket
from tests.factories import NOW, make_client, make_contact, make_firm, make_mailbox, make_person
from tests.factories.notices import send_due_bundles
from tests.factories.tickets import make_message, make_ticket
from tests.web.pages import Page

pytestmark = pytest.mark.django_db
ATTACK = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}{% debug %}"
RAW, SHOWN = ("<script>alert", "<img src=x", "\"'><"), "&lt;script&gt;alert(1)&lt;/script&gt;"


@pytest.fixture
def ticket() -> Ticket:
    """A ticket of a client's lead, all of whose words are an attack; somebody of the firm was told of it."""
    make_firm()
    make_mailbox()
    lead = make_contact(
        make_client(name=f"Óptica {ATTACK}"), signs_in=True, name=f"Elvira {ATTACK}", is_project_lead=True
    )
    made = make_ticket(contact=lead, subject=f"Avería {ATTACK}", message=make_message(f"servidores {ATTACK}"))
    tell(
        people=[make_person(Role.SUPERVISOR, name="Irene")],
        kind=Kind.ASSIGNED,
        event_id="1",
        words=lambda: Words(f"Aviso {ATTACK}", f"más {ATTACK}"),
        url=f"/tickets/{made.number}/",
        subject_key=f"ticket:{made.number}",
        now=NOW,
    )
    return made


def pages(ticket: Ticket) -> dict[str, str]:
    """What a supervisor and the client's lead get, by address."""
    assert ticket.client
    assert ticket.contact
    desk, number = User.objects.get(roles=[Role.SUPERVISOR]), ticket.number
    paths = {
        desk: ("/bandeja/abiertos/", f"/tickets/{number}/", "/buscar/?q=servidores",
               "/avisos/", f"/clientes/{ticket.client.code}/", "/clientes/"),
        ticket.contact.user: ("/portal/", "/portal/peticiones/", f"/portal/peticiones/{number}/"),
    }  # fmt: skip
    found = {}
    for user, asked in paths.items():
        assert user
        browser = Client()
        browser.force_login(user)
        for path in asked:
            answer = browser.get(path)
            assert answer.status_code == 200, path
            found[path] = answer.content.decode()
    return found


def faults(text: str) -> list[str]:
    """What of the attack stands in a page as markup."""
    return [word for word in RAW if word in text] + [str(fault) for fault in Page(text).faults]


def test_words_of_strangers_are_words_wherever_they_are_shown(ticket: Ticket) -> None:
    shown = pages(ticket)
    assert {path: faults(text) for path, text in shown.items() if faults(text)} == {}
    silent = [path for path, text in shown.items() if SHOWN not in text]
    assert silent == [], "the attack must have been there to be harmless"
    assert "<mark>servidores</mark>" in shown["/buscar/?q=servidores"]
    assert not any(
        "49" in text.replace(str(ticket.number), "") and "{{7*7}}" not in text for text in shown.values()
    )


def test_control_a_page_that_trusts_them_is_seen(ticket: Ticket, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of lists are escaped where they are drawn, so they are out of this control's reach."""
    monkeypatch.setattr("django.template.base.conditional_escape", str)
    seen = [path for path, text in pages(ticket).items() if faults(text)]
    assert {
        f"/tickets/{ticket.number}/",
        f"/portal/peticiones/{ticket.number}/",
        "/avisos/",
        "/portal/",
    } <= set(seen)


def test_a_notice_leaves_as_plain_text(ticket: Ticket) -> None:
    assert send_due_bundles(now=NOW + timedelta(minutes=6)) == 1
    mail = OutgoingMail.objects.get(purpose="notices")
    message = build_message(mail, make_mailbox())
    assert [part.get_content_type() for part in message.walk()] == ["text/plain"]
    assert message["Subject"] == f"Aviso {ATTACK}"


@pytest.mark.parametrize("name", ["{{7*7}}", "{% load x %}", "%(link)s", "{0}", "${7*7}", "<b>Ana</b>"])
def test_a_mail_of_ours_says_letter_by_letter_what_people_are_called(name: str, settings: Settings) -> None:
    settings.EMAIL_BACKEND = (
        "ecuanime.delivery.backend.OutboxBackend"  # pytest-django puts another one in its place
    )
    make_firm()
    send_sign_in_link(make_person(name=name), "token")
    assert name in OutgoingMail.objects.get().text
