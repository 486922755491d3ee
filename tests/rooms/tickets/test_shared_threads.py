"""What the clocks say of tickets that were split or merged: nothing is settled twice, and no wait is lost."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from ecuanime.accounts.models import Role, User
from ecuanime.contracts.actions import set_service_level
from ecuanime.tickets.actions import (
    add_inbound_message,
    change_state,
    merge_ticket,
    reply,
    set_priority,
    split_ticket,
    undo_merge,
)
from ecuanime.tickets.models import Deadline, Message, State, Ticket
from ecuanime.tickets.queries import lines_of
from tests.factories import NOW, make_contact, make_firm, make_mailbox, make_person
from tests.factories.tickets import make_message, make_ticket
from tests.shared import made_once

pytestmark = pytest.mark.django_db
FIRST, NEXT, SOLUTION = "first_response", "next_response", "solution"


def make_boss() -> User:
    make_firm()
    make_mailbox()
    targets = {(priority, metric): minutes for priority in (2, 3) for metric, minutes in
               ((FIRST, 60), (NEXT, 120), (SOLUTION, 480 // (4 - priority)))}  # fmt: skip
    set_service_level(targets=targets, now=NOW)
    return make_person(Role.SUPERVISOR)


shared_boss = made_once(make_boss)


@pytest.fixture
def boss(shared_boss: User, db: None) -> User:
    return User.objects.get(pk=shared_boss.pk)


def after(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def asks(ticket: Ticket, minutes: int) -> Message:
    return add_inbound_message(ticket=ticket, message=make_message("Otra cosa."), now=after(minutes))


def standing(ticket: Ticket) -> dict[tuple[str, int], tuple[str, datetime, datetime | None]]:
    rows = Deadline.objects.filter(ticket=ticket).exclude(outcome="nothing_promised")
    return {(row.metric, row.number): (row.outcome, row.started_at, row.due_at) for row in rows}


def test_what_waits_takes_its_wait_along(boss: User) -> None:
    ticket = make_ticket()
    second = asks(ticket, 20)
    child = split_ticket(ticket=ticket, messages=[second.pk], subject="Otra", by=boss, now=after(50))
    assert standing(child)[FIRST, 1] == ("running", after(20), after(80))
    assert standing(child)[SOLUTION, 1][1:] == (after(20), after(500))
    assert standing(ticket)[FIRST, 1] == ("running", NOW, after(60)), "what stays goes on as it was"
    assert child.created_at == after(50), "the ticket itself, and its incident, are of the day of the split"
    assert "thread_began" not in {line.field for line in lines_of(child)}


def test_what_was_answered_stays_where_it_was_and_is_not_owed_again(boss: User) -> None:
    ticket = make_ticket()
    reply(ticket=ticket, author=boss, text="Miramos.", now=after(30))
    question = asks(ticket, 40)
    answer = reply(ticket=ticket, author=boss, text="Ya está.", now=after(170))
    before = standing(ticket)
    assert before[NEXT, 1][0] == "breached"
    moved = [question.pk, answer.pk]
    child = split_ticket(ticket=ticket, messages=moved, subject="Otra", by=boss, now=after(200))
    assert standing(ticket) == before
    assert standing(child)[FIRST, 1] == ("met", after(200), None)
    assert standing(child)[SOLUTION, 1] == ("running", after(200), after(680))
    asks(child, 210)
    assert standing(child)[NEXT, 1] == ("running", after(210), after(330))


def test_pauses_and_earlier_promises_go_along(boss: User) -> None:
    ticket = make_ticket()
    second = asks(ticket, 10)
    change_state(ticket=ticket, state=State.WAITING_CLIENT, by=boss, now=after(20))
    change_state(ticket=ticket, state=State.OPEN, by=boss, now=after(120))
    set_priority(ticket=ticket, priority=2, by=boss, now=after(130))
    child = split_ticket(ticket=ticket, messages=[second.pk], subject="Otra", by=boss, now=after(140))
    assert child.priority == 2
    assert standing(child)[FIRST, 1] == ("running", after(10), after(170)), "100 minutes were a pause"
    assert standing(child)[SOLUTION, 1] == ("running", after(10), after(350)), (
        "240 minutes since it is urgent"
    )


def test_of_two_merged_tickets_the_earlier_opening_counts(boss: User) -> None:
    contact = make_contact()
    old = make_ticket(contact=contact)
    change_state(ticket=old, state=State.WAITING_CLIENT, by=boss, now=after(10))
    change_state(ticket=old, state=State.OPEN, by=boss, now=after(25))
    new = make_ticket(contact=contact, now=after(40))
    alone = standing(new)
    merge = merge_ticket(ticket=old, into=new, by=boss, now=after(50))
    assert standing(new)[FIRST, 1] == ("running", NOW, after(75)), "its pause of 15 minutes counts too"
    assert standing(old) == {}, "what is owed is owed once"
    undo_merge(merge=merge, by=boss, now=after(55))
    assert standing(new) == alone
    assert standing(old)[FIRST, 1] == ("running", NOW, after(75))
    again = merge_ticket(ticket=old, into=new, by=boss, now=after(56))
    assert standing(new)[FIRST, 1] == ("running", NOW, after(75))
    assert again.pk != merge.pk


def test_a_later_ticket_merged_into_an_earlier_one_changes_no_wait(boss: User) -> None:
    contact = make_contact()
    old, new = make_ticket(contact=contact), make_ticket(contact=contact, now=after(40))
    merge_ticket(ticket=new, into=old, by=boss, now=after(50))
    assert standing(old)[FIRST, 1] == ("running", NOW, after(60))
