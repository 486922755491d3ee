"""Many tickets at once, macros on a ticket, what keeps a list true, and the palette: the screens."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ecuanime.accounts.models import User
from ecuanime.tickets.actions import Changes, keep_macro, keep_view
from ecuanime.tickets.models import BulkRun, Macro, Message, Priority, State, Ticket
from tests.factories import NOW, make_contact, make_firm, make_mailbox, make_person
from tests.factories.tickets import make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(client: Client) -> User:
    make_firm()
    make_mailbox()
    person = make_person(language="en")
    client.force_login(person)
    return person


def test_the_chosen_ones_change_and_the_list_comes_back(client: Client, me: User) -> None:
    one, other = make_ticket(), make_ticket()
    answer = client.post(
        "/bandeja/abiertos/varios/?q=is:open", {"ticket": [one.number], "priority": "1", "assignee": "me"}
    )
    assert answer.headers["Location"] == "/bandeja/abiertos/?q=is%3Aopen"
    assert [Ticket.objects.get(pk=each.pk).priority for each in (one, other)] == [1, 3]
    assert "1 ticket was changed" in client.get(answer.headers["Location"]).content.decode()


def test_all_of_a_list_change_and_what_is_refused_is_told(client: Client, me: User) -> None:
    one, other = make_ticket(), make_ticket(priority=Priority.LOW)
    answer = client.post(
        "/bandeja/todos/varios/?q=priority:low", {"everything": "1", "state": State.NEW, "add_tags": "x"}
    )
    run = BulkRun.objects.get()
    assert run.tickets == [other.pk]
    assert answer.status_code == 302
    client.post("/bandeja/todos/varios/", {"ticket": [one.number], "state": State.CLOSED})
    run = BulkRun.objects.order_by("-pk")[0]
    told = client.get(f"/bandeja/varios/{run.pk}/").content.decode()
    assert f"#{one.number}</a>" in told
    assert client.get(f"/bandeja/varios/{run.pk}/avance/").status_code == 200


def test_nothing_chosen_says_so(client: Client, me: User) -> None:
    make_ticket()
    shown = client.post("/bandeja/abiertos/varios/", {"priority": "1"}, follow=True).content.decode()
    assert "Choose at least one ticket" in shown


def test_a_macro_is_looked_at_and_done(client: Client, me: User) -> None:
    used = keep_macro(
        macro=None,
        by=me,
        name="Hecho",
        reply_es="Hola, {{contact.first_name}} {{7*7}}",
        changes=Changes(state=State.SOLVED),
        now=NOW,
    )
    ticket = make_ticket(contact=make_contact(name="Elvira Sotillo"))
    url = f"/tickets/{ticket.number}/macros/{used.pk}/"
    shown = client.get(url).content.decode()
    assert "Hola, Elvira {{7*7}}" in shown
    assert "State: Solved" in shown
    assert (
        "Hola, Elvira {{7*7}}</textarea>"
        in client.get(f"/tickets/{ticket.number}/?macro={used.pk}").content.decode()
    )
    client.post(url, {"version": ticket.version})
    assert Ticket.objects.get(pk=ticket.pk).state == State.SOLVED
    assert ticket.messages.filter(kind=Message.Kind.REPLY, text="Hola, Elvira {{7*7}}").exists()


def test_a_macro_is_kept_on_its_form(client: Client, me: User) -> None:
    form = {
        "name": "Mía",
        "reply_es": "Hola",
        "state": "solved",
        "add_tags": "a, b",
        "position": 0,
        "is_active": "on",
    }
    assert client.post("/macros/nueva/", form).status_code == 302
    kept = Macro.objects.get()
    assert (kept.owner, kept.changes) == (me, {"state": "solved", "add_tags": ["a", "b"]})
    assert 'value="a, b"' in client.get(f"/macros/{kept.pk}/").content.decode()
    assert client.post("/macros/nueva/", form | {"name": ""}).status_code == 422
    client.force_login(make_person())
    assert client.get(f"/macros/{kept.pk}/").status_code == 404


def test_a_list_is_kept_true_and_asks_little(client: Client, me: User) -> None:
    ticket = make_ticket()
    keep_view(view=None, by=me, name="Todos", query="", now=NOW)
    url = f"/bandeja/abiertos/pulso/?t={ticket.number},{ticket.number + 1},x"
    fresh = client.get(url)
    assert f'id="t{ticket.number}"' in fresh.content.decode()
    assert 'data-count="abiertos">1<' in fresh.content.decode()
    version = fresh.headers["X-Version"]
    client.get(f"{url}&v={version}")
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"{url}&v={version}").status_code == 204
    assert len(queries) <= 4
    make_ticket()
    assert 'data-count="abiertos">2<' in client.get(f"{url}&v={version}").content.decode()


def test_the_palette_finds_lists_tickets_and_clients(client: Client, me: User) -> None:
    contact = make_contact()
    ticket = make_ticket(contact=contact, subject="Impresora atascada")
    assert f"/tickets/{ticket.number}/" in client.get("/ordenes/?q=impres").content.decode()
    assert (
        f"/clientes/{contact.client.code}/"
        in client.get(f"/ordenes/?q={contact.client.name}").content.decode()
    )
    assert "/bandeja/sin-asignar/" in client.get("/ordenes/?q=assigned").content.decode()
    assert client.get("/ordenes/?q=%00").status_code == 400
