"""What the desk keeps between two looks is asked for again as soon as it has changed, and costs nothing until then."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ecuanime.accounts.models import Role
from ecuanime.tickets.actions import keep_queue, keep_view, set_priority, set_tags
from ecuanime.tickets.models import Priority, Tag, Ticket
from tests.factories import make_firm, make_person
from tests.factories.tickets import make_ticket

pytestmark = pytest.mark.django_db(transaction=True)
INBOX = "/bandeja/abiertos/"


def looked_at(client: Client, address: str = INBOX) -> tuple[str, int]:
    """The page, and how many statements it took."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    return response.content.decode(), len(queries)


def test_a_second_look_asks_less_and_a_change_is_seen_at_once(client: Client) -> None:
    make_firm()
    me, ticket = make_person(Role.SUPERVISOR), make_ticket()
    client.force_login(me)
    view = keep_view(view=None, by=me, name="Prisa", query="priority:urgent", now=timezone.now())
    page, first = looked_at(client)
    again, later = looked_at(client)
    assert later <= first - 6, "the lists, their numbers and what tickets can become are known"
    assert f'data-count="vista-{view.pk}">0<' in again
    set_priority(ticket=ticket, priority=Priority.URGENT, by=me, now=timezone.now())
    assert f'data-count="vista-{view.pk}">1<' in looked_at(client)[0]
    keep_queue(queue=None, name="Hosting", now=timezone.now())
    assert "Hosting" not in page
    assert looked_at(client)[0].count("Hosting") == 3, (
        "beside the list, above it on a phone, and to move tickets to"
    )
    assert "Hosting" in looked_at(client, f"/tickets/{ticket.number}/")[0]


def test_a_saved_view_is_asked_for_by_the_words_and_tags_of_now(client: Client) -> None:
    make_firm()
    me, ticket = make_person(Role.SUPERVISOR), make_ticket(subject="Sin correo")
    client.force_login(me)
    view = keep_view(view=None, by=me, name="Marcados", query="tag:rojo", now=timezone.now())
    address = f"/bandeja/vista-{view.pk}/"
    assert all("Sin correo" not in looked_at(client, address)[0] for _look in range(2))
    set_tags(ticket=ticket, names=["Rojo"], by=me, now=timezone.now())
    assert all("Sin correo" in looked_at(client, address)[0] for _look in range(2))
    assert "Sin correo" not in looked_at(client, f"{address}?q=is:done")[0]
    Tag.objects.update(name="Azul")
    assert "Sin correo" not in looked_at(client, address)[0]
    keep_view(view=view, by=me, name="Marcados", query="tag:azul", now=timezone.now())
    assert "Sin correo" in looked_at(client, address)[0]


def test_a_view_that_hangs_on_the_clock_is_asked_anew(client: Client) -> None:
    make_firm()
    me, ticket = make_person(Role.SUPERVISOR), make_ticket(subject="De hoy", now=timezone.now())
    client.force_login(me)
    view = keep_view(view=None, by=me, name="Recientes", query="created:<2h", now=timezone.now())
    address = f"/bandeja/vista-{view.pk}/"
    assert all(ticket.subject in looked_at(client, address)[0] for _look in range(2))
    with time_machine.travel(timezone.now() + timedelta(hours=3), tick=False):
        assert ticket.subject not in looked_at(client, address)[0]


def test_menus_that_are_kept_are_of_their_ticket_and_lead_back_to_its_list(client: Client) -> None:
    make_firm()
    me, tickets = make_person(Role.SUPERVISOR), [make_ticket(), make_ticket(), make_ticket()]
    client.force_login(me)
    set_priority(ticket=tickets[2], priority=Priority.LOW, by=me, now=timezone.now())
    for ticket in Ticket.objects.order_by("pk"):
        page, _asked = looked_at(client, f"/tickets/{ticket.number}/?vista=abiertos&q=a%26%22b")
        actions = re.findall(r'action="/tickets/(\d+)/(\w+)/([^"]*)"', page)
        assert {number for number, _what, _query in actions} == {str(ticket.number)}
        assert {what for _number, what, _query in actions} >= {"estado", "asignar", "etiquetas", "seguir"}
        assert {query for _number, _what, query in actions} == {"?vista=abiertos&amp;q=a%26%22b"}
        versions = set(re.findall(r'name="version" value="(\d+)"', page))
        assert versions == {str(ticket.version)}


def test_forms_that_are_kept_bear_the_token_of_their_page(client: Client) -> None:
    make_firm()
    client.force_login(make_person(Role.SUPERVISOR))
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    for _look in range(2):
        page = strict.get(INBOX).content.decode()
        form = page.partition('action="/cuenta/logout/"')[2]
        token = form.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
        assert len(token) == 64
    assert strict.post("/cuenta/logout/").status_code == 403
    assert strict.post("/cuenta/logout/", {"csrfmiddlewaretoken": token}).status_code == 302
