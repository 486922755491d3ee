"""Merging: the thread goes on in one place, the other points there, and it can be taken back at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from ecuanime.accounts.models import User
from ecuanime.clients.models import Contact
from ecuanime.foundation.errors import Refused
from ecuanime.tickets.access import visible_messages, visible_tickets
from ecuanime.tickets.actions import (
    add_inbound_message,
    add_note,
    change_state,
    merge_ticket,
    reply,
    save_draft,
    undo_merge,
)
from ecuanime.tickets.models import Draft, Merge, State, Ticket
from ecuanime.tickets.queries import reply_recipients, takes_part, ticket_by_token, ticket_page
from tests.factories import NOW, make_client, make_contact, make_firm, make_mailbox, make_person
from tests.factories.tickets import make_message, make_ticket

pytestmark = pytest.mark.django_db

SOON = NOW + timedelta(minutes=1)


@pytest.fixture
def me() -> User:
    make_firm()
    make_mailbox()
    return make_person(name="Irene")


@pytest.fixture
def elvira() -> Contact:
    return make_contact(name="Elvira", signs_in=True)


@pytest.fixture
def pair(me: User, elvira: Contact) -> tuple[Ticket, Ticket]:
    first = make_ticket(contact=elvira)
    return first, make_ticket(contact=elvira, now=SOON, subject="Otra vez")


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def picture() -> list[Any]:
    return [
        *Ticket.objects.order_by("pk").values(),
        *Draft.objects.order_by("pk").values(),
        Merge.objects.count(),
    ]


def test_the_thread_goes_on_in_one_place(pair: tuple[Ticket, Ticket], me: User, elvira: Contact) -> None:
    into, ticket = pair
    reply(ticket=into, author=me, text="Mírelo ahora.", now=NOW + timedelta(seconds=30), then="wait")
    add_note(ticket=ticket, author=me, text="Es lo mismo.", now=SOON)
    save_draft(ticket=ticket, user=me, kind="note", text="Y además", now=SOON)
    merge_ticket(ticket=ticket, into=into, by=me, now=SOON)

    texts = [message.text for message in into.messages.all()]
    assert texts == ["No sale el correo.", "Mírelo ahora.", "No sale el correo.", "Es lo mismo."]
    now_there, merged = fresh(into), fresh(ticket)
    assert (merged.state, merged.merged_into, merged.waits_since) == (State.CLOSED, into, None)
    assert (now_there.state, now_there.waits_since, now_there.unread_count) == (State.OPEN, SOON, 1)
    assert Draft.objects.get().ticket == into
    assert ticket_by_token(ticket.token) == into
    assert takes_part(now_there, elvira.email)
    page = ticket_page(ticket.number, me)
    assert page
    shown = [entry.message.text for entry in page.entries if entry.message]
    assert shown == ["No sale el correo.", "Es lo mismo."], "what was written there"


def test_what_arrives_for_the_merged_one_lands_in_the_other(pair: tuple[Ticket, Ticket], me: User) -> None:
    into, ticket = pair
    merge_ticket(ticket=ticket, into=into, by=me, now=SOON)
    added = add_inbound_message(ticket=ticket, message=make_message("¿Y bien?"), now=SOON)
    assert (added.ticket, added.came_from) == (into, ticket)
    with pytest.raises(Refused) as refusal:
        add_note(ticket=ticket, author=me, text="a", now=SOON)
    assert refusal.value.code == "merged"


def test_a_merged_one_that_others_were_merged_into_takes_them_along(
    pair: tuple[Ticket, Ticket], me: User
) -> None:
    into, ticket = pair
    third = make_ticket(contact=ticket.contact)
    merge_ticket(ticket=third, into=ticket, by=me, now=SOON)
    second = merge_ticket(ticket=ticket, into=into, by=me, now=SOON)
    assert fresh(third).merged_into == into
    undo_merge(merge=second, by=me, now=SOON)
    assert fresh(third).merged_into == ticket
    assert [message.came_from for message in ticket.messages.order_by("pk")] == [None, third]


def test_another_contact_reads_there_only_what_they_wrote(me: User, elvira: Contact) -> None:
    paula = make_contact(elvira.client, name="Paula", signs_in=True)
    into, ticket = make_ticket(contact=elvira), make_ticket(contact=paula)
    merge_ticket(ticket=ticket, into=into, by=me, now=SOON)
    assert paula.user
    assert list(visible_tickets(paula.user)) == [fresh(ticket)]
    assert [message.came_from for message in visible_messages(paula.user, fresh(ticket))] == [ticket]
    assert not visible_messages(paula.user, fresh(into)).exists()


def test_it_is_taken_back_as_it_was(pair: tuple[Ticket, Ticket], me: User) -> None:
    into, ticket = pair
    save_draft(ticket=ticket, user=me, kind="note", text="Y además", now=SOON)
    before = [{**row, "version": 0} for row in Ticket.objects.order_by("pk").values()]
    merge = merge_ticket(ticket=ticket, into=into, by=me, now=SOON)
    undo_merge(merge=merge, by=me, now=SOON)
    assert [{**row, "version": 0} for row in Ticket.objects.order_by("pk").values()] == before
    assert ticket.messages.get().came_from is None
    assert Draft.objects.get().ticket == ticket
    fields = list(ticket.events.values_list("field", flat=True))
    assert fields == ["state", "merged_into", "merge_undone"]


def of_another(ticket: Ticket) -> Ticket:
    return make_ticket(contact=make_contact(make_client(name="Otra")))


REFUSED: dict[str, Callable[[Ticket], Ticket]] = {
    "itself": lambda ticket: ticket,
    "other_client": of_another,
}


@pytest.mark.parametrize("code", REFUSED)
def test_what_cannot_be_merged_changes_nothing(pair: tuple[Ticket, Ticket], me: User, code: str) -> None:
    other = REFUSED[code](pair[1])
    before = picture()
    with pytest.raises(Refused) as refusal:
        merge_ticket(ticket=pair[1], into=other, by=me, now=SOON)
    assert refusal.value.code == code
    assert picture() == before


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("code", ["closed", "merged"])
def test_neither_side_may_be_closed_or_merged(
    pair: tuple[Ticket, Ticket], me: User, side: int, code: str
) -> None:
    if code == "merged":
        merge_ticket(ticket=pair[side], into=make_ticket(contact=pair[0].contact), by=me, now=SOON)
    else:
        Ticket.objects.filter(pk=pair[side].pk).update(state=State.CLOSED)
    before = picture()
    with pytest.raises(Refused) as refusal:
        merge_ticket(ticket=pair[1], into=pair[0], by=me, now=SOON)
    assert refusal.value.code == code
    assert picture() == before


def test_a_stale_page_merges_nothing(pair: tuple[Ticket, Ticket], me: User) -> None:
    with pytest.raises(Refused) as refusal:
        merge_ticket(ticket=pair[1], into=pair[0], by=me, now=SOON, expected_version=7)
    assert (refusal.value.code, Merge.objects.count()) == ("stale", 0)


def test_it_is_taken_back_neither_late_nor_twice_nor_after_a_change(
    pair: tuple[Ticket, Ticket], me: User
) -> None:
    merge = merge_ticket(ticket=pair[1], into=pair[0], by=me, now=SOON)

    def refused(now: Any = SOON) -> str:
        before = picture()
        with pytest.raises(Refused) as refusal:
            undo_merge(merge=merge, by=me, now=now)
        assert picture() == before
        return refusal.value.code

    assert refused(SOON + timedelta(hours=1)) == "too_late"
    change_state(ticket=pair[0], state=State.OPEN, by=me, now=SOON)
    assert refused() == "changed_since"
    Ticket.objects.filter(pk=pair[0].pk).update(version=merge.into_version)
    undo_merge(merge=merge, by=me, now=SOON)
    assert refused() == "undone"


def test_one_after_the_other_is_taken_back_in_turn(pair: tuple[Ticket, Ticket], me: User) -> None:
    """Taking a merge back leads to where the one before it ended, unless something happened in between."""
    into, ticket = pair
    third = make_ticket(contact=ticket.contact)
    before = [{**row, "version": 0} for row in Ticket.objects.order_by("pk").values()]
    first = merge_ticket(ticket=ticket, into=into, by=me, now=SOON)
    second = merge_ticket(ticket=third, into=into, by=me, now=SOON)
    with pytest.raises(Refused) as refusal:
        undo_merge(merge=first, by=me, now=SOON)
    assert refusal.value.code == "changed_since"
    undo_merge(merge=second, by=me, now=SOON)
    undo_merge(merge=first, by=me, now=SOON)
    assert [{**row, "version": 0} for row in Ticket.objects.order_by("pk").values()] == before

    first = merge_ticket(ticket=ticket, into=into, by=me, now=SOON)
    add_inbound_message(ticket=into, message=make_message("¿Y bien?"), now=SOON)
    undo_merge(merge=merge_ticket(ticket=third, into=into, by=me, now=SOON), by=me, now=SOON)
    with pytest.raises(Refused) as refusal:
        undo_merge(merge=first, by=me, now=SOON)
    assert refusal.value.code == "changed_since"


def test_a_reply_goes_to_whoever_asked_on_either_and_is_of_this_client(me: User, elvira: Contact) -> None:
    """And quotes nobody to the others: in the portal each reads only what they wrote themselves."""
    other = make_client(name="Otro")
    people = {
        name: make_contact(elvira.client, name=name, email=f"{name}@uno.example")
        for name in ("ana", "luz", "mia")
    }
    into = make_ticket(contact=elvira)
    for contact in people.values():
        merge_ticket(ticket=make_ticket(contact=contact), into=into, by=me, now=SOON)
    unknown = make_ticket(client=elvira.client, contact=None, requester_email="quien@otro.example")
    merge_ticket(ticket=unknown, into=into, by=me, now=SOON)
    Contact.objects.filter(pk=people["luz"].pk).update(is_active=False)
    Contact.objects.filter(pk=people["mia"].pk).update(client=other)
    sent = reply(ticket=fresh(into), author=me, text="Ya va.", now=SOON)
    assert sent.to == [elvira.email, "ana@uno.example"]
    assert sent.outgoing
    assert "> " not in sent.outgoing.text
    Ticket.objects.filter(pk=into.pk).update(client=other)
    assert reply_recipients(fresh(into)) == [elvira.email]


def test_a_reply_to_one_person_quotes_them(me: User, elvira: Contact) -> None:
    into = make_ticket(contact=elvira)
    merge_ticket(ticket=make_ticket(contact=elvira), into=into, by=me, now=SOON)
    sent = reply(ticket=fresh(into), author=me, text="Ya va.", now=SOON)
    assert sent.to == [elvira.email]
    assert sent.outgoing
    assert "> No sale el correo." in sent.outgoing.text
