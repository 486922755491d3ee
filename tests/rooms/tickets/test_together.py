"""Macros and changes of many: all or nothing on one ticket, each by itself on many, and texts that stay data."""

from __future__ import annotations

from typing import Any

import pytest

from ecuanime.accounts.models import Role, User
from ecuanime.delivery.models import OutgoingMail
from ecuanime.foundation.errors import Refused
from ecuanime.tickets.actions import (
    Changes,
    change_state,
    change_together,
    continue_bulk,
    keep_macro,
    keep_queue,
    start_bulk,
    use_macro,
)
from ecuanime.tickets.models import BulkRun, Macro, Message, Priority, State, Ticket
from ecuanime.tickets.queries import macros_for, versions
from ecuanime.tickets.wording import filled, reply_of
from tests.factories import NOW, make_client, make_contact, make_firm, make_mailbox, make_person
from tests.factories.tickets import make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def irene() -> User:
    make_firm()
    make_mailbox()
    return make_person(name="Irene")


def closed_ticket(by: User) -> Ticket:
    ticket = change_state(ticket=make_ticket(), state=State.SOLVED, by=by, now=NOW)
    return change_state(ticket=ticket, state=State.CLOSED, by=by, now=NOW)


def macro(by: User, **given: Any) -> Macro:
    return keep_macro(macro=None, by=by, now=NOW, **({"name": "Copia hecha", "reply_es": "Hecho."} | given))


def test_several_changes_are_one(irene: User) -> None:
    queue = keep_queue(queue=None, name="Dos", now=NOW)
    changes = Changes(
        state=State.WAITING_CLIENT,
        priority=Priority.HIGH,
        assignee="me",
        queue=str(queue.pk),
        add_tags=("a", "b"),
    )
    ticket = change_together(ticket=make_ticket(), changes=changes, by=irene, now=NOW)
    assert (ticket.state, ticket.priority, ticket.assignee, ticket.queue) == (
        "waiting_client",
        2,
        irene,
        queue,
    )
    ticket = change_together(
        ticket=ticket, changes=Changes(assignee="none", queue="none", remove_tags=("A",)), by=irene, now=NOW
    )
    assert (ticket.assignee, ticket.queue, [tag.name for tag in ticket.tags.all()]) == (None, None, ["b"])
    assert Changes.of(changes.as_json()) == changes


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        (Changes(priority=Priority.HIGH, state=State.NEW), "bad_transition"),
        (Changes(priority=Priority.HIGH, queue="99999"), "bad_change"),
        (Changes(priority=Priority.HIGH, assignee="x"), "bad_change"),
        (Changes(priority=Priority.HIGH, state="lost"), "bad_change"),
    ],
)
def test_one_refusal_takes_all_back(irene: User, changes: Changes, code: str) -> None:
    ticket = change_state(ticket=make_ticket(), state=State.OPEN, by=irene, now=NOW)
    with pytest.raises(Refused) as refused:
        change_together(ticket=ticket, changes=changes, by=irene, now=NOW)
    assert refused.value.code == code
    assert Ticket.objects.values().get(pk=ticket.pk)["priority"] == Priority.NORMAL


def test_a_macro_notes_answers_and_changes(irene: User) -> None:
    used = macro(
        irene,
        reply_es="Hola, {{contact.first_name}}: hecho en #{{ ticket.number }}.",
        note="Visto por {{agent.name}}",
        changes=Changes(state=State.SOLVED, add_tags=("copias",)),
    )
    ticket = make_ticket(contact=make_contact(name="Elvira Sotillo"))
    ticket = use_macro(ticket=ticket, macro=used, by=irene, now=NOW)
    texts = dict(ticket.messages.exclude(kind=Message.Kind.INBOUND).values_list("kind", "text"))
    assert texts == {"note": "Visto por Irene", "reply": f"Hola, Elvira: hecho en #{ticket.number}."}
    assert (ticket.state, [tag.name for tag in ticket.tags.all()]) == (State.SOLVED, ["copias"])


def test_what_a_macro_cannot_do_leaves_nothing_behind(irene: User) -> None:
    used, foreign = macro(irene, note="Nota", changes=Changes(state=State.NEW)), macro(make_person())
    ticket = change_state(ticket=make_ticket(), state=State.OPEN, by=irene, now=NOW)
    before = (ticket.messages.count(), OutgoingMail.objects.count())
    for code, given in {"bad_transition": used, "macro_gone": foreign}.items():
        with pytest.raises(Refused) as refused:
            use_macro(ticket=ticket, macro=given, by=irene, now=NOW)
        assert refused.value.code == code
    assert (ticket.messages.count(), OutgoingMail.objects.count()) == before


def test_variables_are_data(irene: User) -> None:
    contact = make_contact(make_client(name="{{agent.name}} {{7*7}}"), name="{% x %} <b>")
    ticket = make_ticket(contact=contact, subject="{{firm.name}}")
    text = "{{7*7}} {{contact.name}} {{client.name}} {{ticket.subject}} {{settings.SECRET_KEY}} {{agent.password}}"
    expected = (
        "{{7*7}} {% x %} <b> {{agent.name}} {{7*7}} {{firm.name}} {{settings.SECRET_KEY}} {{agent.password}}"
    )
    assert filled(text, ticket, irene) == expected
    assert filled("{{agent.name}}", ticket, irene) == "Irene"  # the control: a variable that there is


def test_the_reply_speaks_the_contacts_language(irene: User) -> None:
    both = macro(irene, reply_es="Hola", reply_en="Hello")
    spanish = macro(irene, reply_es="Hola")
    english = make_ticket(contact=make_contact(language="en"))
    assert [reply_of(each, english, irene) for each in (both, spanish)] == ["Hello", "Hola"]
    assert reply_of(both, make_ticket(contact=make_contact(language="es")), irene) == "Hola"


def test_macros_are_refused_and_nothing_is_kept(irene: User) -> None:
    boss = make_person(Role.SUPERVISOR)
    common = macro(boss, for_everybody=True)
    refusals = {
        "no_name": lambda: macro(irene, name=" "),
        "does_nothing": lambda: macro(irene, reply_es=" "),
        "too_long": lambda: macro(irene, note="x" * 10_001),
        "bad_change": lambda: macro(irene, changes=Changes(queue="77777")),
        "not_yours": lambda: macro(irene, for_everybody=True),
    }
    for code, refused in refusals.items():
        with pytest.raises(Refused) as raised:
            refused()
        assert raised.value.code == code
    with pytest.raises(Refused):
        keep_macro(macro=common, by=irene, name="Mía", reply_es="x", now=NOW)
    assert list(Macro.objects.all()) == [common]
    assert list(macros_for(irene)) == [common]
    own = macro(irene)
    assert own in macros_for(irene)
    assert own not in macros_for(boss)


def test_many_change_each_by_itself_and_a_repeat_goes_on(irene: User) -> None:
    tickets = [make_ticket(), closed_ticket(irene), make_ticket()]
    run = start_bulk(
        tickets=[ticket.pk for ticket in tickets], changes=Changes(priority=1), by=irene, now=NOW
    )
    run = continue_bulk(run=run, now=NOW, at_most=2)
    assert (run.done, run.finished_at) == (2, None)
    run = continue_bulk(run=BulkRun.objects.get(pk=run.pk), now=NOW)
    run = continue_bulk(run=run, now=NOW)
    assert (run.done, run.changed, run.finished_at) == (3, 2, NOW)
    assert [number for number, _why in run.refused] == [tickets[1].number]
    assert [Ticket.objects.get(pk=ticket.pk).priority for ticket in tickets] == [1, 3, 1]


def test_a_bulk_change_is_refused_before_it_begins(irene: User, monkeypatch: pytest.MonkeyPatch) -> None:
    contact = make_contact(signs_in=True)
    foreign, key = make_ticket().pk, make_ticket().pk
    assert contact.user
    refusals = {
        "nothing_chosen": lambda: start_bulk(tickets=[], changes=Changes(priority=1), by=irene, now=NOW),
        "no_change": lambda: start_bulk(tickets=[key], changes=Changes(), by=irene, now=NOW),
        "bad_change": lambda: start_bulk(tickets=[key], changes=Changes(queue="88888"), by=irene, now=NOW),
    }
    for code, refused in refusals.items():
        with pytest.raises(Refused) as raised:
            refused()
        assert raised.value.code == code
    with pytest.raises(Refused) as raised:
        start_bulk(tickets=[foreign], changes=Changes(priority=1), by=contact.user, now=NOW)
    assert raised.value.code == "nothing_chosen"
    monkeypatch.setattr("ecuanime.tickets.actions.bulk.MOST_TICKETS", 1)
    with pytest.raises(Refused) as raised:
        start_bulk(tickets=[foreign, key], changes=Changes(priority=1), by=irene, now=NOW)
    assert raised.value.code == "too_many"
    assert not BulkRun.objects.exists()


def test_the_version_moves_with_every_change_and_stands_still_otherwise(irene: User) -> None:
    ticket = make_ticket()
    first = versions().tickets
    assert versions().tickets == first
    change_state(ticket=ticket, state=State.OPEN, by=irene, now=NOW)
    assert versions().tickets != first
