"""Saved views and queues on the screens: keeping one, what it would hold, what it shows, and the API's query."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ecuanime.accounts.actions import issue_api_token
from ecuanime.accounts.models import User
from ecuanime.tickets.actions import keep_queue, keep_view, set_tags
from ecuanime.tickets.models import Priority, SavedView
from tests.factories import NOW, make_firm, make_mailbox, make_person
from tests.factories.tickets import make_ticket

pytestmark = pytest.mark.django_db
FORM = {
    "name": "Urgentes",
    "query": "priority:urgent",
    "order": "newest",
    "audience": "owner",
    "columns": ["tags", "queue", "state", "priority", "area"],
    "position": "2",
}


@pytest.fixture
def me(client: Client) -> User:
    make_firm()
    make_mailbox()
    person = make_person(language="en")
    client.force_login(person)
    return person


def test_a_list_is_kept_as_a_view_and_shows_what_was_chosen(client: Client, me: User) -> None:
    ticket = make_ticket(priority=Priority.URGENT, queue=keep_queue(queue=None, name="Segunda", now=NOW))
    set_tags(ticket=ticket, names=["copias"], by=me, now=timezone.now())
    begun = client.get("/bandeja/vistas/nueva/?vista=sin-asignar&q=tag:copias").content.decode()
    assert 'value="is:open is:unassigned tag:copias"' in begun
    assert "1 in all" in begun
    answer = client.post("/bandeja/vistas/nueva/", FORM, follow=True)
    shown = answer.content.decode()
    assert answer.redirect_chain == [(f"/bandeja/vista-{SavedView.objects.get().pk}/", 302)]
    assert f'id="t{ticket.number}"' in shown
    assert all(f"</svg>{words}</span>" in shown for words in ("copias", "Segunda", "Urgent", "New"))
    assert f"/tickets/{ticket.number}/?vista=vista-" in shown


def test_what_cannot_be_read_stays_in_the_editor_with_why(client: Client, me: User) -> None:
    answer = client.post("/bandeja/vistas/nueva/", FORM | {"query": "colour:red"})
    assert answer.status_code == 422
    assert "There is no “colour:” here" in answer.content.decode()
    assert not SavedView.objects.exists()
    assert "<mark>colour:</mark>" in client.get("/bandeja/vistas/muestra/?query=colour:red").content.decode()


def test_a_view_costs_the_same_at_one_row_and_at_three(client: Client, me: User) -> None:
    now = timezone.now()
    columns = ["tags", "queue", "contract"]
    view = keep_view(view=None, by=me, name="Todos", query="", columns=columns, now=now)
    costs = []
    for rows in (1, 3):
        for _ in range(rows - len(costs)):
            set_tags(ticket=make_ticket(), names=["uno"], by=me, now=now)
        with CaptureQueriesContext(connection) as queries:
            shown = client.get(f"/bandeja/vista-{view.pk}/").content.decode()
        assert shown.count("data-row") == rows
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 16


def test_the_api_takes_the_same_words(client: Client, me: User) -> None:
    urgent = make_ticket(priority=Priority.URGENT)
    make_ticket()
    _token, secret = issue_api_token(user=me, name="x", scope="read", now=timezone.now())
    headers = {"Authorization": f"Bearer {secret}"}
    found = client.get("/api/v1/tickets?q=priority:urgent is:open", headers=headers).json()
    assert [each["number"] for each in found["items"]] == [urgent.number]
    refused = client.get("/api/v1/tickets?q=colour:red", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (422, "query")


@pytest.mark.parametrize("name", ["q", "orden", "despues", "vista"])
def test_no_parameter_of_a_list_breaks_it(client: Client, me: User, name: str) -> None:
    number = make_ticket().number
    for odd in ("'", '"', "%00", "%", "__", "-", "state__in", ".." * 300, "tag:%F0%9F%98%80", "number:9e9"):
        assert client.get(f"/bandeja/todos/?{name}={odd}").status_code in (200, 400), odd
        assert client.get(f"/tickets/{number}/?vista=todos&{name}={odd}").status_code in (200, 400), odd
        assert client.get(f"/bandeja/todos/nuevos?desde=1&{name}={odd}").status_code in (200, 204, 400), odd
