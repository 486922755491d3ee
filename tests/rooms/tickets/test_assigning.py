"""Who could answer a ticket, and tickets that are given out by themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ecuanime.accounts.models import Role, User
from ecuanime.foundation.errors import Refused
from ecuanime.rules.assignment import Obstacle
from ecuanime.staff.actions import make_team, note_leave, set_competences
from ecuanime.staff.models import Firm, ProductArea
from ecuanime.tickets.actions import (
    assign,
    assign_by_policy,
    identify_client,
    keep_queue,
    move_to_queue,
    open_ticket,
)
from ecuanime.tickets.jobs import give_out
from ecuanime.tickets.models import Channel, Ticket, Turn
from ecuanime.tickets.queries import suggestion_for
from tests.factories import NOW, make_client, make_contact, make_firm, make_person
from tests.factories.tickets import make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def firm() -> Firm:
    return make_firm()


@pytest.fixture
def linux() -> ProductArea:
    return ProductArea.objects.create(code="linux", name="Linux")


def knows(person: User, area: ProductArea, level: str = "technician") -> User:
    set_competences(user=person, levels={area.pk: level}, now=NOW)
    return person


def test_the_one_who_knows_it_is_there_and_has_least_to_do(linux: ProductArea) -> None:
    boss = make_person(Role.SUPERVISOR)
    nuria, iker = knows(make_person(name="Nuria"), linux), knows(make_person(name="Iker"), linux)
    free, away = make_person(name="Libre"), knows(make_person(name="Fuera"), linux)
    make_person(Role.BILLING)
    today = NOW.date()
    note_leave(user=away, kind="holiday", first_day=today, last_day=today, by=boss, now=NOW)
    make_ticket(assignee=nuria, priority=3)
    make_ticket(assignee=iker, priority=1)
    ticket = make_ticket(area=linux)
    found = suggestion_for(ticket, now=NOW)
    assert found.best == nuria
    assert [each.key for each in found.ranking.asked] == [nuria.pk, iker.pk]
    why = {each.key: obstacle for each, obstacle in found.ranking.passed_over}
    assert why == {
        boss.pk: Obstacle.NOT_COMPETENT,
        free.pk: Obstacle.NOT_COMPETENT,
        away.pk: Obstacle.ON_LEAVE,
    }


def test_a_suggestion_costs_the_same_for_one_person_and_for_five(linux: ProductArea) -> None:
    ticket = make_ticket(area=linux)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            suggestion_for(ticket, now=NOW)
        return len(queries)

    knows(make_person(), linux)
    one = cost()
    for _each in range(4):
        make_ticket(assignee=knows(make_person(), linux))
    assert cost() == one


def test_the_policy_gives_tickets_out_in_turn_and_says_why(firm: Firm, linux: ProductArea) -> None:
    first, second = knows(make_person(), linux), knows(make_person(), linux)
    ticket = make_ticket(area=linux)
    assert assign_by_policy(ticket=ticket, now=NOW).assignee is None, "off unless the firm wants it"
    Firm.objects.update(assigns_by_itself=True)
    assert assign_by_policy(ticket=ticket, now=NOW).assignee == first
    assert assign_by_policy(ticket=ticket, now=NOW).assignee == first, "again nothing changes"
    event = ticket.events.get(field="assignee_why")
    assert '"level": 1' in event.after
    assert ticket.events.filter(field="assignee", actor=None).count() == 1
    later = NOW + timedelta(minutes=1)
    assert assign_by_policy(ticket=make_ticket(area=linux), now=later).assignee == second
    assert Turn.objects.get(user=second).given_at == later
    stray, unknown = (
        make_ticket(client=None),
        make_ticket(area=ProductArea.objects.create(code="x", name="X")),
    )
    assert assign_by_policy(ticket=stray, now=NOW).assignee is None, "nobody has said whose it is"
    assert assign_by_policy(ticket=unknown, now=NOW).assignee is None, "nobody knows it"


def test_a_new_ticket_asks_for_somebody_only_where_the_firm_wants_so(monkeypatch: Any) -> None:
    asked: list[int] = []
    monkeypatch.setattr(type(give_out), "defer", lambda self, **values: asked.append(values.get("ticket_id")))
    contact = make_contact()
    opened = {"subject": "Hola", "channel": Channel.PORTAL, "now": NOW}
    open_ticket(contact=contact, **opened)
    assert not [each for each in asked if each]
    Firm.objects.update(assigns_by_itself=True)
    ticket = open_ticket(contact=contact, **opened)
    open_ticket(contact=contact, assignee=make_person(), **opened)
    stray = open_ticket(requester_email="x@nadie.example", **opened)
    assert [each for each in asked if each] == [ticket.pk]
    identify_client(ticket=stray, client=make_client(), by=make_person(), now=NOW)
    assert [each for each in asked if each] == [ticket.pk, stray.pk]


def test_a_queue_gives_its_tickets_out_to_its_team_or_leaves_them(firm: Firm, monkeypatch: Any) -> None:
    asked: list[int] = []
    monkeypatch.setattr(type(give_out), "defer", lambda self, **values: asked.append(values.get("ticket_id")))
    member, other, boss = make_person(), make_person(), make_person(Role.SUPERVISOR)
    team = make_team(name="Sistemas", members=[member], now=NOW)
    gives = keep_queue(queue=None, name="Alta", team=team, giving_out="at_once", now=NOW)
    leaves = keep_queue(queue=None, name="Propia", giving_out="by_hand", now=NOW)
    make_ticket(assignee=member, priority=1)
    ticket = make_ticket(queue=gives)
    moved = move_to_queue(ticket=make_ticket(), queue=gives, by=boss, now=NOW)
    assert [each for each in asked if each] == [ticket.pk, moved.pk]
    assert assign_by_policy(ticket=ticket, now=NOW).assignee == member, "others have less to do"
    why = {each.key: obstacle for each, obstacle in suggestion_for(moved, now=NOW).ranking.passed_over}
    assert why == {other.pk: Obstacle.OTHER_TEAM, boss.pk: Obstacle.OTHER_TEAM}
    Firm.objects.update(assigns_by_itself=True)
    left = make_ticket(queue=leaves)
    assert [each for each in asked if each] == [ticket.pk, moved.pk]
    assert assign_by_policy(ticket=left, now=NOW).assignee is None
    with pytest.raises(Refused) as refusal:
        keep_queue(queue=gives, name="Alta", giving_out="perhaps", now=NOW)
    assert refusal.value.code == "bad_giving_out"
    gives.refresh_from_db()
    assert gives.giving_out == "at_once"


def test_whoever_is_given_a_ticket_has_had_their_turn() -> None:
    me = make_person()
    ticket = assign(ticket=make_ticket(), assignee=me, by=me, now=NOW)
    assert Turn.objects.get(user=me).given_at == NOW
    assign(ticket=ticket, assignee=None, by=me, now=NOW)
    assert Turn.objects.count() == 1
    assert Ticket.objects.get(pk=ticket.pk).assignee is None
