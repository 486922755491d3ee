"""Splitting, links, parents and children."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ecuanime.accounts.models import User
from ecuanime.foundation.errors import Refused
from ecuanime.tickets.actions import (
    add_inbound_message,
    add_note,
    change_state,
    link,
    merge_ticket,
    set_parent,
    solve_children,
    split_ticket,
    unlink,
)
from ecuanime.tickets.models import State, Ticket, TicketEvent, TicketLink
from tests.factories import NOW, make_contact, make_firm, make_mailbox, make_person
from tests.factories.tickets import make_message, make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def me() -> User:
    make_firm()
    make_mailbox()
    return make_person(name="Irene")


@pytest.fixture
def ticket(me: User) -> Ticket:
    return make_ticket()


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def test_what_is_about_something_else_becomes_a_ticket_of_its_own(ticket: Ticket, me: User) -> None:
    paula = make_contact(ticket.client, name="Paula")
    second = add_inbound_message(
        ticket=ticket, message=make_message("Y la impresora.", contact=paula), now=NOW
    )
    note = add_note(ticket=ticket, author=me, text="Otra cosa.", now=NOW)
    other = split_ticket(ticket=ticket, messages=[second.pk, note.pk], subject="Impresora", by=me, now=NOW)

    assert [message.text for message in other.messages.all()] == ["Y la impresora.", "Otra cosa."]
    assert (other.client, other.contact, other.state) == (ticket.client, paula, State.NEW)
    assert (other.last_snippet, other.waits_since, other.unread_count) == ("Y la impresora.", NOW, 0)
    source = fresh(ticket)
    assert (source.last_snippet, source.messages.count()) == ("No sale el correo.", 1)
    found = TicketLink.objects.get()
    assert (found.first, found.second, found.kind) == (ticket, other, "split")


@pytest.mark.parametrize("code", ["nothing_chosen", "nothing_left", "empty", "stale", "merged"])
def test_what_cannot_be_split_stays(ticket: Ticket, me: User, code: str) -> None:
    only = ticket.messages.get()
    more = add_inbound_message(ticket=ticket, message=make_message("Más"), now=NOW)
    if code == "merged":
        merge_ticket(ticket=ticket, into=make_ticket(contact=ticket.contact), by=me, now=NOW)
    chosen = {"nothing_chosen": [], "nothing_left": [only.pk, more.pk]}.get(code, [more.pk])
    before = list(Ticket.objects.values())
    with pytest.raises(Refused) as refusal:
        split_ticket(
            ticket=ticket,
            messages=chosen,
            subject="" if code == "empty" else "Algo",
            by=me,
            now=NOW,
            expected_version=99 if code == "stale" else None,
        )
    assert refusal.value.code == code
    assert list(Ticket.objects.values()) == before


def test_a_link_is_made_once_and_taken_away(ticket: Ticket, me: User) -> None:
    other = make_ticket()
    link(ticket=other, other=ticket, by=me, now=NOW)
    link(ticket=ticket, other=other, by=me, now=NOW)
    assert TicketLink.objects.get().first == ticket
    unlink(ticket=ticket, other=other, by=me, now=NOW)
    unlink(ticket=ticket, other=other, by=me, now=NOW)
    assert not TicketLink.objects.exists()
    assert TicketEvent.objects.filter(field="linked").count() == 4
    with pytest.raises(Refused) as refusal:
        link(ticket=ticket, other=ticket, by=me, now=NOW)
    assert refusal.value.code == "itself"


def test_solving_a_parent_lets_its_children_be_solved(ticket: Ticket, me: User) -> None:
    children = [make_ticket(), make_ticket()]
    for child in children:
        set_parent(ticket=child, parent=ticket, by=me, now=NOW)
    change_state(ticket=children[0], state=State.SOLVED, by=me, now=NOW)
    with pytest.raises(Refused) as refusal:
        solve_children(ticket=ticket, by=me, now=NOW)
    assert (refusal.value.code, fresh(children[1]).state) == ("parent_open", State.NEW)
    change_state(ticket=ticket, state=State.SOLVED, by=me, now=NOW)
    assert solve_children(ticket=ticket, by=me, now=NOW) == [children[1]]
    assert solve_children(ticket=ticket, by=me, now=NOW) == []
    set_parent(ticket=children[0], parent=None, by=me, now=NOW)
    assert list(ticket.children.all()) == [children[1]]


PLACES: dict[str, Callable[[Ticket, Ticket, Ticket], tuple[Ticket, Ticket]]] = {
    "itself": lambda parent, _child, _other: (parent, parent),
    "a child as parent": lambda _parent, child, other: (other, child),
    "a parent as child": lambda parent, _child, other: (parent, other),
}


@pytest.mark.parametrize("case", PLACES)
def test_a_family_has_two_levels(ticket: Ticket, me: User, case: str) -> None:
    child, other = make_ticket(), make_ticket()
    set_parent(ticket=child, parent=ticket, by=me, now=NOW)
    under, over = PLACES[case](ticket, child, other)
    with pytest.raises(Refused) as refusal:
        set_parent(ticket=under, parent=over, by=me, now=NOW)
    assert refusal.value.code == ("itself" if case == "itself" else "too_deep")
    assert (fresh(under).parent, fresh(under).version) == (None, under.version)
