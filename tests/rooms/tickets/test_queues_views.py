"""Queues and saved views: what lands where, who has what, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ecuanime.accounts.models import Role, User
from ecuanime.foundation.errors import Refused
from ecuanime.staff.models import Team
from ecuanime.tickets.actions import (
    change_state,
    define_field,
    keep_queue,
    keep_view,
    move_to_queue,
    remove_view,
    snooze,
)
from ecuanime.tickets.models import Priority, Queue, SavedView, State
from ecuanime.tickets.queries import Listing, View, counts_of, listed, queues_for, saved_views_for
from tests.factories import NOW, make_mailbox, make_person
from tests.factories.tickets import make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def irene() -> User:
    return make_person(name="Irene")


def view(by: User, **given: Any) -> SavedView:
    return keep_view(view=None, by=by, now=NOW, **({"name": "Mía", "query": "is:open"} | given))


def test_what_comes_to_a_queues_mailbox_lands_in_it(irene: User) -> None:
    mailbox = make_mailbox()
    queue = keep_queue(queue=None, name="Alta", mailbox=mailbox, default_priority=Priority.HIGH, now=NOW)
    landed = make_ticket(mailbox=mailbox)
    assert (landed.queue, landed.priority) == (queue, Priority.HIGH)
    assert make_ticket(mailbox=mailbox, priority=Priority.LOW).priority == Priority.LOW
    keep_queue(queue=queue, name="Alta", mailbox=mailbox, is_active=False, now=NOW)
    assert make_ticket(mailbox=mailbox).queue is None


def test_a_ticket_is_moved_with_a_line(irene: User) -> None:
    queue, ticket = keep_queue(queue=None, name="Uno", now=NOW), make_ticket()
    moved = move_to_queue(ticket=ticket, queue=queue, by=irene, now=NOW)
    assert [row.pk for row in listed(irene, Listing(queue), now=NOW).rows] == [moved.pk]
    assert moved.events.get(field="queue").after == "Uno"


def test_queues_are_refused_and_nothing_changes(irene: User) -> None:
    mailbox = make_mailbox()
    first = keep_queue(queue=None, name="Uno", mailbox=mailbox, now=NOW)
    ticket = make_ticket()
    closed = change_state(ticket=make_ticket(), state=State.SOLVED, by=irene, now=NOW)
    closed = change_state(ticket=closed, state=State.CLOSED, by=irene, now=NOW)
    shut = keep_queue(queue=None, name="Cerrada", is_active=False, now=NOW)
    before = (list(Queue.objects.values()), ticket.version)
    refusals = {
        "no_name": lambda: keep_queue(queue=None, name=" ", now=NOW),
        "queue_known": lambda: keep_queue(queue=None, name="UNO", now=NOW),
        "mailbox_taken": lambda: keep_queue(queue=None, name="Dos", mailbox=mailbox, now=NOW),
        "bad_priority": lambda: keep_queue(queue=first, name="Uno", default_priority=9, now=NOW),
        "queue_closed": lambda: move_to_queue(ticket=ticket, queue=shut, by=irene, now=NOW),
        "closed": lambda: move_to_queue(ticket=closed, queue=first, by=irene, now=NOW),
        "stale": lambda: move_to_queue(ticket=ticket, queue=first, by=irene, now=NOW, expected_version=99),
    }
    for code, refused in refusals.items():
        with pytest.raises(Refused) as raised:
            refused()
        assert raised.value.code == code
    ticket.refresh_from_db()
    assert (list(Queue.objects.values()), ticket.version) == before


def test_queues_and_views_of_a_team_are_seen_by_its_members(irene: User) -> None:
    team = Team.objects.create(name="ERP")
    team.members.add(irene)
    iker, boss = make_person(), make_person(Role.SUPERVISOR)
    keep_queue(queue=None, name="De ERP", team=team, now=NOW)
    keep_queue(queue=None, name="De todos", now=NOW)
    view(irene, name="Solo mía")
    view(irene, name="Del equipo", audience="team", team=team)
    view(irene, name="Común", audience="everybody")
    assert [queue.name for queue in queues_for(irene)] == ["De ERP", "De todos"]
    assert [queue.name for queue in queues_for(iker)] == ["De todos"]
    assert queues_for(boss).count() == 2
    assert saved_views_for(irene).count() == 3
    assert [each.name for each in saved_views_for(iker)] == ["Común"]


def test_me_in_a_shared_view_is_whoever_looks(irene: User) -> None:
    iker = make_person()
    make_ticket(assignee=iker)
    shared = view(irene, query="assignee:me", audience="everybody")
    assert counts_of(irene, [shared], now=NOW) == ["0"]
    assert counts_of(iker, [shared], now=NOW) == ["1"]


def test_views_are_refused_and_nothing_changes(irene: User, monkeypatch: pytest.MonkeyPatch) -> None:
    iker, team = make_person(), Team.objects.create(name="ERP")
    own, shared = view(irene), view(irene, audience="everybody")
    monkeypatch.setattr("ecuanime.tickets.actions.views.MOST_VIEWS", 2)
    before = list(SavedView.objects.values())
    refusals = {
        "no_name": lambda: view(irene, name=" "),
        "query": lambda: view(irene, query="colour:red"),
        "bad_choice": lambda: view(irene, order="colour"),
        "team": lambda: view(irene, audience="team", team=team),
        "too_many": lambda: view(irene),
        "not_yours": lambda: keep_view(view=own, by=iker, name="Suya", query="", now=NOW),
    }
    for code, refused in refusals.items():
        with pytest.raises(Refused) as raised:
            refused()
        assert raised.value.code == code
    with pytest.raises(Refused):
        remove_view(view=shared, by=iker, now=NOW)
    assert list(SavedView.objects.values()) == before
    remove_view(view=shared, by=make_person(Role.SUPERVISOR), now=NOW)
    assert SavedView.objects.get() == own


def test_any_number_of_counters_is_one_statement(irene: User) -> None:
    """And one before it for tags, and one for the firm's own fields."""
    define_field(name="Serie", kind="text", now=NOW)
    costs = []
    for views in (1, 3):
        query = "tag:x field.serie:y word"
        sources = [view(irene, name=f"{views}-{number}", query=query) for number in range(views)]
        with CaptureQueriesContext(connection) as queries:
            assert counts_of(irene, sources, now=NOW) == ["0"] * views
        costs.append(len(queries))
    assert costs == [3, 3]


def test_a_view_that_can_no_longer_be_read_has_no_number(irene: User) -> None:
    odd = SavedView.objects.create(name="Rota", query="colour:red", owner=irene)
    assert counts_of(irene, [odd], now=NOW) == ["–"]


def test_what_was_put_off_is_where_the_words_say_so(irene: User) -> None:
    """Queues and saved views leave it out unless they, or what narrows them, speak of it; counters agree with lists."""
    queue = keep_queue(queue=None, name="Uno", now=NOW)
    shown, put_off = (make_ticket(queue=queue) for _ in range(2))
    snooze(ticket=put_off, until=NOW + timedelta(days=1), by=irene, now=NOW)
    lists = {
        Listing(queue): [shown],
        Listing(queue, "is:snoozed"): [put_off],
        Listing(queue, "es:abierto,aplazado"): [shown, put_off],
        Listing(view(irene, query="queue:uno")): [shown],
        Listing(view(irene, query="")): [shown],
        Listing(view(irene, query="queue:uno"), "is:snoozed"): [put_off],
        Listing(view(irene, query="-is:snoozed")): [shown],
        Listing(view(irene, query="is:open,snoozed")): [shown, put_off],
        Listing(View.SNOOZED): [put_off],
        Listing(View.ALL_OPEN): [shown, put_off],
        Listing(View.UNASSIGNED): [shown],
    }
    for listing, tickets in lists.items():
        found = listed(irene, listing, now=NOW).rows
        assert {row.pk for row in found} == {ticket.pk for ticket in tickets}, listing
        if not listing.query:
            assert counts_of(irene, [listing.source], now=NOW) == [str(len(tickets))]


def test_what_was_put_off_stands_in_the_order_in_which_it_comes_back(irene: User) -> None:
    later, sooner = make_ticket(), make_ticket()
    snooze(ticket=later, until=NOW + timedelta(days=2), by=irene, now=NOW)
    snooze(ticket=sooner, until=NOW + timedelta(days=1), by=irene, now=NOW)
    found = listed(irene, Listing(View.SNOOZED), now=NOW, size=1)
    assert [row.pk for row in found.rows] == [sooner.pk]
    found = listed(irene, Listing(View.SNOOZED), now=NOW, after=found.next, size=1)
    assert [row.pk for row in found.rows] == [later.pk]
