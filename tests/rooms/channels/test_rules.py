"""A mailbox's rules: when they fit, what they give a new request, and what they leave alone."""

from __future__ import annotations

from typing import Any

import pytest

from ecuanime.channels.actions import read_arrival, retry_quarantined
from ecuanime.channels.email.reading.parse import parse
from ecuanime.channels.email.rules import fits
from ecuanime.channels.models import IncomingMail, MailRule
from ecuanime.delivery.models import Mailbox, OutgoingMail
from ecuanime.staff.models import ProductArea
from ecuanime.tickets.actions import keep_queue
from ecuanime.tickets.models import Priority, Tag, Ticket
from tests.factories import NOW, make_client, make_contact, make_firm, make_mailbox
from tests.rooms.channels.mails import raw_mail
from tests.rooms.channels.taking import take

MAIL = {
    "sender": "Ana <Ana@Uno.example>",
    "subject": "Facturación: avería urgente",
    "to": "caja@nodo.example",
}
LIST = {"List_Id": "<lista.uno.example>"}


@pytest.mark.parametrize(
    ("rule", "fitting"),
    [
        ({}, True),
        ({"senders": "ana@uno.example"}, True),
        ({"senders": "otra@dos.example\n@uno.example"}, True),
        ({"senders": "@no.example"}, False),
        ({"senders": "@example"}, False),
        ({"words": "averia FACTURACION"}, True),
        ({"words": "averia impresora"}, False),
        ({"recipient": "Caja@nodo.example"}, True),
        ({"recipient": "ventas@nodo.example"}, False),
        ({"machines": "never"}, True),
        ({"machines": "only"}, False),
        ({"senders": "@uno.example", "words": "nada"}, False),
    ],
)
def test_every_condition_written_down_must_hold(rule: dict[str, Any], fitting: bool) -> None:
    assert fits(MailRule(**rule), parse(raw_mail(**MAIL))) is fitting


def test_a_list_is_a_machine() -> None:
    mail = parse(raw_mail(**MAIL, **LIST))
    assert fits(MailRule(machines="only"), mail)
    assert not fits(MailRule(machines="never"), mail)


@pytest.fixture
def box() -> Mailbox:
    """A firm with its mailbox, which has an alias."""
    make_firm()
    return make_mailbox(aliases=["caja@nodoalisio.example"])


def ticket_of(**headers: str) -> Ticket:
    """The ticket that a mail opens."""
    ticket = take(raw_mail(**headers)).ticket
    assert ticket is not None
    return ticket


@pytest.mark.django_db
def test_rules_give_area_priority_labels_and_client_the_first_that_says_so(box: Mailbox) -> None:
    area, client = ProductArea.objects.create(code="fac", name="Facturación"), make_client()
    first = MailRule.objects.create(name="caja", mailbox=box, recipient="caja@nodoalisio.example", area=area)
    first.tags.add(Tag.objects.create(name="caja"))
    second = MailRule.objects.create(
        name="todas", position=1, priority=Priority.HIGH, client=client, is_silent=True,
        area=ProductArea.objects.create(code="otra", name="Otra"),
    )  # fmt: skip
    second.tags.add(Tag.objects.create(name="correo"))
    MailRule.objects.create(name="dormida", is_active=False, priority=Priority.URGENT)
    other = Mailbox.objects.create(address="otra@nodoalisio.example", captures=True)
    MailRule.objects.create(name="ajena", mailbox=other, priority=Priority.LOW)
    ticket = ticket_of(to="caja@nodoalisio.example")
    assert (ticket.mailbox, ticket.area, ticket.priority) == (box, area, Priority.HIGH)
    assert (ticket.client, ticket.contact) == (client, None)
    assert set(ticket.tags.values_list("name", flat=True)) == {"caja", "correo"}
    assert not OutgoingMail.objects.exists()


@pytest.mark.django_db
def test_a_rule_puts_a_request_in_a_queue_that_takes_it_before_the_mailboxes_own(box: Mailbox) -> None:
    own, other = (
        keep_queue(queue=None, name="Buzón", mailbox=box, now=NOW),
        keep_queue(queue=None, name="Alta", now=NOW),
    )
    rule = MailRule.objects.create(name="altas", queue=other)
    assert ticket_of().queue == other
    keep_queue(queue=other, name="Alta", is_active=False, now=NOW)
    assert ticket_of(subject="Segunda").queue == own
    rule.delete()
    assert ticket_of(subject="Tercera").queue == own


@pytest.mark.django_db
def test_who_is_recognised_is_not_given_to_another_client_by_a_rule(box: Mailbox) -> None:
    contact = make_contact(email="elvira@tierraparda.example")
    MailRule.objects.create(name="todas", client=make_client())
    assert ticket_of().client == contact.client


@pytest.mark.django_db
def test_a_rule_may_keep_mail_in_quarantine_and_a_person_lets_it_out(box: Mailbox) -> None:
    MailRule.objects.create(name="publicidad", senders="@tierraparda.example", sets_aside=True)
    arrival = take(raw_mail())
    assert (arrival.state, arrival.reason, arrival.reason_detail) == ("quarantined", "by_rule", "publicidad")
    assert not Ticket.objects.exists()
    retry_quarantined(arrival=arrival, now=NOW)
    again = read_arrival(arrival_id=arrival.pk, now=NOW)
    assert again is not None
    assert again.state == IncomingMail.State.FILED
