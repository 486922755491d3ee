"""Satisfaction: who is asked, how seldom, what is kept, and the page by signed link."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from ecuanime.accounts.models import User
from ecuanime.clients.models import Contact
from ecuanime.delivery.models import OutgoingMail
from ecuanime.foundation.errors import Refused
from ecuanime.staff.models import Firm
from ecuanime.tickets.actions import ask_satisfaction, give_opinion, reply
from ecuanime.tickets.events import TicketStateChanged
from ecuanime.tickets.handlers import ticket_closed
from ecuanime.tickets.models import Level, Message, Opinion, State, Ticket
from ecuanime.tickets.opinions import opinion_by_token, opinion_link
from ecuanime.tickets.queries import satisfaction_between
from tests.factories import NOW, make_contact, make_firm, make_mailbox, make_person
from tests.factories.tickets import make_ticket

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=91)


@pytest.fixture
def me() -> User:
    make_firm()
    make_mailbox()
    return make_person(name="Irene")


@pytest.fixture
def elvira() -> Contact:
    return make_contact(name="Elvira", email="elvira@uno.example", language="en")


def closed(contact: Contact, me: User) -> Ticket:
    ticket = make_ticket(contact=contact)
    reply(ticket=ticket, author=me, text="Ya está.", now=NOW)
    Ticket.objects.filter(pk=ticket.pk).update(state=State.CLOSED)
    return ticket


def test_a_contact_is_asked_once_in_the_firms_days(me: User, elvira: Contact) -> None:
    first, second = closed(elvira, me), closed(elvira, me)
    for _ in range(2):
        ticket_closed(TicketStateChanged(first.pk, first.number, State.SOLVED, State.CLOSED))
    opinion = Opinion.objects.get()
    mail = OutgoingMail.objects.get(purpose="satisfaction")
    assert (mail.to, mail.kind) == ([elvira.email], OutgoingMail.Kind.AUTOMATIC)
    assert opinion_link(opinion) in mail.text
    asked_at = Opinion.objects.get().asked_at
    assert ask_satisfaction(ticket=second, now=asked_at + timedelta(days=89)) is None
    assert ask_satisfaction(ticket=second, now=asked_at + timedelta(days=91))


def no_reply(ticket: Ticket) -> None:
    Message.objects.filter(ticket=ticket, kind=Message.Kind.REPLY).update(kind=Message.Kind.NOTE)


def by_a_machine(ticket: Ticket) -> None:
    Message.objects.filter(ticket=ticket).update(is_automatic=True)


def open_again(ticket: Ticket) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(state=State.OPEN)


def merged(ticket: Ticket) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(merged_into=make_ticket())


def to_a_machine(ticket: Ticket) -> None:
    Contact.objects.filter(pk=ticket.contact_id).update(email="no-reply@uno.example")


def gone(ticket: Ticket) -> None:
    Contact.objects.filter(pk=ticket.contact_id).update(is_active=False)


def asks_nobody(_ticket: Ticket) -> None:
    Firm.objects.update(satisfaction_every_days=0)


@pytest.mark.parametrize(
    "cause", [no_reply, by_a_machine, open_again, merged, to_a_machine, gone, asks_nobody]
)
def test_nobody_is_asked_where_it_makes_no_sense(
    me: User, elvira: Contact, cause: Callable[[Ticket], None]
) -> None:
    ticket = closed(elvira, me)
    cause(ticket)
    assert ask_satisfaction(ticket=ticket, now=NOW) is None
    assert not Opinion.objects.exists()
    assert not OutgoingMail.objects.filter(purpose="satisfaction").exists()


def test_an_answer_is_kept_and_counts(me: User, elvira: Contact) -> None:
    opinion = ask_satisfaction(ticket=closed(elvira, me), now=NOW)
    assert opinion
    give_opinion(opinion=opinion, level=2, comment="", now=NOW)
    give_opinion(opinion=opinion, level=5, comment=" Gracias ", now=NOW)
    kept = Opinion.objects.get()
    assert (kept.level, kept.comment, kept.answered_at) == (5, "Gracias", NOW)
    figures = satisfaction_between(NOW, LATER, client=elvira.client)
    assert (figures.asked, figures.answered, figures.content) == (1, 1, 1)
    assert satisfaction_between(LATER, LATER).asked == 0


@pytest.mark.parametrize(("code", "level", "now"), [("no_level", 6, NOW), ("too_late", 5, LATER)])
def test_what_is_no_answer_is_not_kept(me: User, elvira: Contact, code: str, level: int, now: object) -> None:
    opinion = ask_satisfaction(ticket=closed(elvira, me), now=NOW)
    assert opinion
    with pytest.raises(Refused) as refusal:
        give_opinion(opinion=opinion, level=level, comment="x", now=now)  # type: ignore[arg-type]
    assert (refusal.value.code, Opinion.objects.get().level) == (code, None)


def test_the_link_opens_the_page_and_only_a_press_answers(me: User, elvira: Contact, client: Client) -> None:
    opinion = Opinion.objects.create(ticket=closed(elvira, me), contact=elvira, asked_at=NOW)
    Opinion.objects.update(asked_at=opinion.ticket.created_at)
    address = "/opinion/" + opinion_link(opinion).split("/opinion/")[1]
    assert opinion_by_token("1:forged") is None
    assert client.get("/opinion/1:forged/").status_code == 404
    shown = client.get(address)
    assert shown.status_code == 200
    assert Opinion.objects.get().level is None
    assert client.post(address, {"comment": "sin cara"}).status_code == 422
    answer = client.post(address, {"level": Level.GOOD, "comment": "Bien"}, follow=True)
    assert "Thank you" in answer.content.decode()
    assert (Opinion.objects.get().level, Opinion.objects.get().comment) == (4, "Bien")
