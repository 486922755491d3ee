"""From the outbox back to the ticket: the whole way of a reply that its server refuses."""

from __future__ import annotations

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from ecuanime.delivery.models import Mailbox
from ecuanime.delivery.outbox import send_mail
from ecuanime.foundation.events import hand_over
from ecuanime.tickets.actions import reply
from ecuanime.tickets.models import State, TicketEvent
from tests.factories import NOW, make_contact, make_person
from tests.factories.tickets import make_ticket
from tests.rooms.delivery.conftest import PostOffice, mailbox, post_office

__all__ = ["mailbox", "post_office"]
pytestmark = pytest.mark.django_db


def deliver_events() -> None:
    """Do what the worker does with the events announced so far."""
    for job in ProcrastinateJob.objects.filter(task_name="foundation.deliver", status="todo").order_by("id"):
        hand_over(job.args["handler"], job.args["event"], job.args["facts"])


def test_a_reply_its_server_refuses_raises_the_ticket(mailbox: Mailbox, post_office: PostOffice) -> None:
    contact = make_contact()
    post_office.answers[contact.email] = "550 5.1.1 gone"
    ticket = make_ticket(contact=contact, mailbox=mailbox)
    message = reply(ticket=ticket, author=make_person(), text="Ya", now=NOW, then="wait")
    sending = {"task_name": "delivery.send_mail", "args": {"mail_id": message.outgoing_id}}
    assert ProcrastinateJob.objects.filter(**sending).exists()
    send_mail(message.outgoing_id or 0, NOW)
    deliver_events()
    deliver_events()
    ticket.refresh_from_db()
    assert ticket.state == State.OPEN
    assert TicketEvent.objects.get(field="undelivered").after == contact.email


def test_a_reply_that_arrives_leaves_the_ticket_alone(mailbox: Mailbox, post_office: PostOffice) -> None:
    ticket = make_ticket(mailbox=mailbox)
    message = reply(ticket=ticket, author=make_person(), text="Ya", now=NOW, then="wait")
    send_mail(message.outgoing_id or 0, NOW)
    deliver_events()
    ticket.refresh_from_db()
    assert ticket.state == State.WAITING_CLIENT
    assert ticket.token in post_office.mail()["Reply-To"]
