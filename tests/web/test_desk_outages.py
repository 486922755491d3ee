"""One outage, many clients: grouped, told once each in their own language, and one line in the portal."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ecuanime.accounts.models import User
from ecuanime.clients.models import Contact
from ecuanime.delivery.models import OutgoingMail
from ecuanime.foundation.errors import Refused
from ecuanime.tickets.actions import (
    change_state,
    declare_outage,
    end_outage,
    group_under,
    set_parent,
    tell_all,
)
from ecuanime.tickets.models import Message, Outage, State, Ticket
from ecuanime.tickets.queries import affected_by
from tests.factories import NOW, make_client, make_contact, make_firm, make_mailbox, make_person
from tests.factories.tickets import make_ticket

pytestmark = pytest.mark.django_db

LINES = {"line_es": "El nodo 3 está caído", "line_en": "Node 3 is down"}
TEXTS = {"text_es": "Estamos en ello.", "text_en": "We are on it."}


@pytest.fixture
def me(client: Client) -> User:
    make_firm()
    make_mailbox()
    person = make_person(language="en", name="Irene")
    client.force_login(person)
    return person


def contact_of(name: str, language: str) -> Contact:
    client = make_client(name=name, language=language)
    return make_contact(
        client, name=name, email=f"{language}@{name}.example", language=language, signs_in=True
    )


@pytest.fixture
def people(me: User) -> tuple[Contact, Contact]:
    return contact_of("uno", "es"), contact_of("dos", "en")


@pytest.fixture
def outage(me: User, people: tuple[Contact, Contact]) -> Outage:
    cause = make_ticket(client=None, subject="Nodo 3")
    found = declare_outage(ticket=cause, **LINES, by=me, now=NOW)
    group_under(outage=found, tickets=[make_ticket(contact=each) for each in people], by=me, now=NOW)
    return found


def replies() -> dict[str, str]:
    mails = OutgoingMail.objects.filter(purpose="reply")
    return {mail.to[0]: mail.text.split("\n")[0] for mail in mails}


def test_each_is_told_once_in_their_own_language(outage: Outage, me: User) -> None:
    common: dict[str, Any] = {"outage": outage, "by": me, "now": NOW, "key": "k1", **TEXTS}
    assert len(tell_all(**common).messages) == 2
    assert replies() == {"es@uno.example": "Estamos en ello.", "en@dos.example": "We are on it."}
    assert tell_all(**common).messages == []
    late = contact_of("tres", "en")
    group_under(outage=outage, tickets=[make_ticket(contact=late)], by=me, now=NOW)
    assert [message.to for message in tell_all(**common).messages] == [["en@tres.example"]]


def test_who_has_no_address_or_is_done_is_left_out(outage: Outage, me: User) -> None:
    first, second = affected_by(outage)
    Contact.objects.filter(pk=first.contact_id).update(email="", user=None)
    Ticket.objects.filter(pk=first.pk).update(requester_email="")
    third = make_ticket()
    set_parent(ticket=third, parent=outage.ticket, by=me, now=NOW)
    change_state(ticket=third, state=State.SOLVED, by=me, now=NOW)
    told = tell_all(outage=outage, **TEXTS, key="k", by=me, now=NOW)
    assert [message.ticket for message in told.messages] == [second]
    assert [ticket for ticket, _why in told.left_out] == [first]


@pytest.mark.parametrize("code", ["empty", "ended", "nobody"])
def test_what_cannot_be_told_tells_nobody(outage: Outage, me: User, code: str) -> None:
    if code == "ended":
        end_outage(outage=outage, by=me, now=NOW)
    if code == "nobody":
        outage.ticket.children.update(parent=None)
    texts = {**TEXTS, "text_en": " "} if code == "empty" else TEXTS
    with pytest.raises(Refused) as refusal:
        tell_all(outage=outage, **texts, key="k", by=me, now=NOW)
    assert (refusal.value.code, Message.objects.filter(kind=Message.Kind.REPLY).count()) == (code, 0)


@pytest.mark.parametrize("code", ["empty", "closed", "too_deep"])
def test_what_is_no_outage_is_not_declared(me: User, code: str) -> None:
    ticket = make_ticket()
    lines = {**LINES, "line_en": ""} if code == "empty" else LINES
    if code == "closed":
        Ticket.objects.filter(pk=ticket.pk).update(state=State.CLOSED)
    if code == "too_deep":
        set_parent(ticket=ticket, parent=make_ticket(), by=me, now=NOW)
    with pytest.raises(Refused) as refusal:
        declare_outage(ticket=ticket, **lines, by=me, now=NOW)
    assert (refusal.value.code, Outage.objects.count()) == (code, 0)


def test_the_portal_shows_the_line_while_it_lasts_and_nothing_of_others(
    outage: Outage, me: User, people: tuple[Contact, Contact], client: Client
) -> None:
    stranger = contact_of("otro", "es")
    for contact, line in ((people[0], LINES["line_es"]), (people[1], LINES["line_en"])):
        assert contact.user
        contact.user.language = contact.language
        contact.user.save()
        client.force_login(contact.user)
        for address in ("/portal/", "/portal/peticiones/"):
            shown = client.get(address).content.decode()
            assert line in shown
            assert "Nodo 3" not in shown
            assert f"#{outage.ticket.number}" not in shown
    assert stranger.user
    client.force_login(stranger.user)
    assert LINES["line_es"] not in client.get("/portal/").content.decode()
    end_outage(outage=outage, by=me, now=NOW)
    assert people[0].user
    client.force_login(people[0].user)
    assert LINES["line_es"] not in client.get("/portal/").content.decode()


def test_the_page_groups_previews_and_sends(
    me: User, people: tuple[Contact, Contact], client: Client
) -> None:
    cause, tickets = make_ticket(), [make_ticket(contact=each) for each in people]
    address = f"/tickets/{cause.number}/caida/"
    client.post(address, {"do": "declare", **LINES})
    assert client.post(address, {"do": "group", "numbers": "999999"}).status_code == 422
    client.post(address, {"do": "group", "numbers": f"#{tickets[0].number}, {tickets[1].number}"})
    shown = client.post(address, {"do": "preview", **TEXTS}).content.decode()
    assert "es@uno.example" in shown
    assert shown.count("We are on it.") == 2, "in the form, and beside the ticket that gets it"
    assert replies() == {}
    refused = client.post(address, {"do": "tell", "text_es": "Solo esto"})
    assert (refused.status_code, "Solo esto" in refused.content.decode()) == (422, True)
    for _ in range(2):
        client.post(address, {"do": "tell", "key": "abc", **TEXTS})
    assert OutgoingMail.objects.filter(purpose="reply").count() == 2
    client.post(address, {"do": "end"})
    assert Outage.objects.get().ended_at is not None


def test_who_is_affected_takes_one_query(outage: Outage, me: User) -> None:
    group_under(outage=outage, tickets=[make_ticket()], by=me, now=NOW)
    with CaptureQueriesContext(connection) as queries:
        assert all(ticket.client and ticket.contact for ticket in affected_by(outage))
    assert len(queries) == 1
