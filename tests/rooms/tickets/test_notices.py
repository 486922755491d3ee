"""Whom a happening on a ticket concerns at the desk."""

from __future__ import annotations

import pytest

from ecuanime.accounts.models import Role, User
from ecuanime.foundation.audit import Actor, acting_as
from ecuanime.foundation.errors import Refused
from ecuanime.notices.models import Kind, Notice
from ecuanime.tickets.actions import (
    add_inbound_message,
    add_note,
    assign,
    change_state,
    follow,
    merge_ticket,
    open_ticket,
    reply,
    unfollow,
)
from ecuanime.tickets.mentions import mentioned_in, mentions_of
from ecuanime.tickets.models import Channel, Follower, Mention, State
from tests.factories import NOW, make_contact, make_firm, make_mailbox, make_person
from tests.factories.tickets import make_message, make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def firm() -> None:
    make_firm()
    make_mailbox()


def told(user: User) -> list[str]:
    kinds = Notice.objects.filter(user=user).order_by("pk").values_list("kind", flat=True)
    return list(kinds)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@Nuria, míralo", ["Nuria Sanz"]),
        ("(@nuria sanz) y @IKER.", ["Nuria Sanz", "Íker Oca"]),
        ("@iker", ["Íker Oca"]),
        ("@ana", []),
        ("@Ana Gil y @ana ruiz", ["Ana Gil", "Ana Ruiz"]),
        ("@nsanz", ["Nuria Sanz"]),
        ("correo a x@nuria.example, @Nuriaga, @@Nuria", []),
        ("@Nuria @Nuria @Nuria Sanz", ["Nuria Sanz"]),
    ],
)
def test_names_in_a_note(text: str, named: list[str]) -> None:
    names = (("Nuria Sanz", "nsanz"), ("Íker Oca", "ioca"), ("Ana Gil", "agil"), ("Ana Ruiz", "aruiz"))
    people = [User(pk=key, name=name, email=f"{mail}@n.example") for key, (name, mail) in enumerate(names)]
    assert [person.name for person in mentioned_in(text, people)] == named


def test_the_name_offered_for_somebody_names_them_alone() -> None:
    names = (("Nuria  Sanz", "nsanz"), ("Ana Gil", "ana"), ("Ana Gil", "agil"), ("Luz", "luz"))
    people = [User(pk=key, name=name, email=f"{mail}@n.example") for key, (name, mail) in enumerate(names)]
    offered = mentions_of(people)
    assert [naming.name for naming in offered] == ["Nuria Sanz", "ana", "Ana Gil", "Luz"]
    for naming in offered:
        assert mentioned_in(f"@{naming.name} míralo", people) == [naming.person]


def test_whoever_is_named_in_a_note_is_told_and_follows() -> None:
    me, nuria, clerk = (
        make_person(name="Yo"),
        make_person(name="Nuria"),
        make_person(Role.BILLING, name="Eva"),
    )
    ticket = make_ticket()
    note = add_note(ticket=ticket, author=me, text="@Nuria @Eva @Yo mirad", now=NOW)
    assert told(nuria) == [Kind.MENTION]
    assert told(clerk) == [], "notes are not for whoever is not at the desk"
    assert told(me) == []
    assert {row.user for row in Mention.objects.filter(message=note)} == {me, nuria}
    assert Notice.objects.get(user=nuria).url == f"/tickets/{ticket.number}/#m{note.pk}"
    add_inbound_message(ticket=ticket, message=make_message(), now=NOW)
    assert told(nuria) == [Kind.MENTION, Kind.CLIENT]
    unfollow(ticket=ticket, user=nuria)
    add_inbound_message(ticket=ticket, message=make_message(), now=NOW)
    assert len(told(nuria)) == 2


def test_who_answers_and_who_follows_are_told_of_others_doings() -> None:
    me, other = make_person(), make_person()
    ticket = make_ticket()
    assign(ticket=ticket, assignee=me, by=me, now=NOW)
    assert told(me) == [], "one's own doing"
    assign(ticket=ticket, assignee=other, by=me, now=NOW)
    assert told(other) == [Kind.ASSIGNED]
    follow(ticket=ticket, user=me, by=me, now=NOW)
    follow(ticket=ticket, user=me, by=other, now=NOW)
    assert Follower.objects.count() == 1
    reply(ticket=ticket, author=other, text="Ya está", now=NOW)
    assert (told(me), told(other)) == ([Kind.TEAM], [Kind.ASSIGNED])
    change_state(ticket=ticket, state=State.SOLVED, by=other, now=NOW)
    assert told(me) == [Kind.TEAM, Kind.STATE]
    add_inbound_message(ticket=ticket, message=make_message(is_automatic=True), now=NOW)
    assert len(told(me)) == 2, "a machine wrote it"
    with pytest.raises(Refused) as refusal:
        follow(ticket=ticket, user=make_person(Role.BILLING), by=me, now=NOW)
    assert refusal.value.code == "not_at_desk"
    assert Follower.objects.count() == 1


def test_who_follows_a_merged_ticket_follows_the_one_that_goes_on() -> None:
    me, follower = make_person(), make_person()
    contact = make_contact()
    gone, kept = make_ticket(contact=contact), make_ticket(contact=contact)
    follow(ticket=gone, user=follower, by=me, now=NOW)
    merge_ticket(ticket=gone, into=kept, by=me, now=NOW)
    assert [row.user for row in kept.followers.all()] == [follower]


def test_a_ticket_opened_for_somebody_tells_them() -> None:
    me = make_person()
    values = {"subject": "Hola", "channel": Channel.STAFF, "contact": make_contact(), "assignee": me}
    open_ticket(**values, now=NOW)  # type: ignore[arg-type]  # plain values of the right kinds
    assert told(me) == [Kind.ASSIGNED]
    with acting_as(Actor(me.pk, "Yo")):
        open_ticket(**values, now=NOW)  # type: ignore[arg-type]  # plain values of the right kinds
    assert told(me) == [Kind.ASSIGNED], "one's own doing"
