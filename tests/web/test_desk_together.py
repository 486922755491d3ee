"""Several people on one ticket: who is there, and a change that came too late with both versions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ecuanime.accounts.models import User
from ecuanime.tickets.actions import assign, note_presence, save_draft, set_tags
from ecuanime.tickets.models import Presence, Ticket
from ecuanime.tickets.queries import others_present
from tests.factories import NOW, make_firm, make_mailbox, make_person
from tests.factories.tickets import make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(client: Client) -> User:
    make_firm()
    make_mailbox()
    person = make_person(language="en", name="Irene")
    client.force_login(person)
    return person


def test_who_looks_and_who_writes(me: User) -> None:
    ticket, nuria, teo = make_ticket(), make_person(name="Nuria"), make_person(name="Teo")
    for person in (me, nuria, teo, nuria):
        note_presence(ticket=ticket, user=person, now=NOW)
    save_draft(ticket=ticket, user=teo, kind="reply", text="Hola", now=NOW)
    with CaptureQueriesContext(connection) as queries:
        others = others_present(ticket, me, now=NOW + timedelta(seconds=10))
    assert [(one.name, one.writes) for one in others] == [("Teo", "reply"), ("Nuria", "")]
    assert len(queries) == 1
    assert [one.writes for one in others_present(ticket, me, now=NOW + timedelta(seconds=40))] == ["", ""]
    assert others_present(ticket, me, now=NOW + timedelta(seconds=60)) == []


def test_the_page_is_told_of_the_others(me: User, client: Client) -> None:
    ticket, now = make_ticket(), timezone.now()
    version = Ticket.objects.get().version
    note_presence(ticket=ticket, user=make_person(name="Nuria Soto"), now=now)
    told = client.post(f"/tickets/{ticket.number}/presencia/").content.decode()
    assert "Nuria Soto is looking at it" in told
    assert Presence.objects.filter(user=me).exists()
    assert Ticket.objects.get().version == version, "looking changes nothing"


def test_a_change_that_came_too_late_shows_both_and_a_way_on(me: User, client: Client) -> None:
    ticket, nuria = make_ticket(), make_person(name="Nuria")
    old = ticket.version
    assign(ticket=ticket, assignee=nuria, by=nuria, now=timezone.now())
    set_tags(ticket=ticket, names=["vip"], by=nuria, now=timezone.now())
    answer = client.post(f"/tickets/{ticket.number}/etiquetas/", {"tags": "urgente, red", "version": old})
    shown = answer.content.decode()
    assert answer.status_code == 409
    for text in ("urgente, red", "vip", "Nuria assigned it to Nuria"):
        assert text in shown
    current = Ticket.objects.get().version
    assert f'name="version" value="{current}"' in shown
    assert set(ticket.tags.values_list("name", flat=True)) == {"vip"}
    client.post(f"/tickets/{ticket.number}/etiquetas/", {"tags": "urgente, red", "version": current})
    assert set(ticket.tags.values_list("name", flat=True)) == {"urgente", "red"}


@pytest.mark.parametrize(
    ("address", "field", "wish"), [("asignar", "assignee", "Irene"), ("estado", "state", "Solved")]
)
def test_the_wish_is_told_in_words(me: User, client: Client, address: str, field: str, wish: str) -> None:
    ticket = make_ticket()
    posted = {"assignee": me.pk, "state": "solved"}[field]
    answer = client.post(f"/tickets/{ticket.number}/{address}/", {field: posted, "version": 99})
    assert (answer.status_code, f"<b>{wish}</b>" in answer.content.decode()) == (409, True)
