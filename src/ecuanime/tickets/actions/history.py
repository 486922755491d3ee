"""Tickets of a former program: opened and closed there, kept here so that what was done can be looked up."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.clients.models import Client
from ecuanime.delivery.text import one_line
from ecuanime.foundation import audit
from ecuanime.tickets.actions.common import lock
from ecuanime.tickets.actions.indexing import index_ticket
from ecuanime.tickets.actions.opening import next_number
from ecuanime.tickets.models import Channel, State, Ticket
from ecuanime.tickets.threading import new_ticket_token


@transaction.atomic
def bring_ticket(*, client: Client, subject: str, at: datetime, now: datetime) -> Ticket:
    """Keep a closed ticket under the next number, of which `at` is the only moment known so far.

    Nobody is told of it, nothing is announced and no clock runs. An empty subject becomes «(no subject)».
    """
    ticket = Ticket(
        number=next_number(),
        token=new_ticket_token(),
        subject=one_line(subject, 300) or _("(no subject)"),
        client=client,
        channel=Channel.STAFF,
        state=State.CLOSED,
        created_at=at,
        last_message_at=at,
        solved_at=at,
        closed_at=at,
    )
    ticket.save(force_insert=True)
    index_ticket(ticket)
    audit.record("ticket_brought", ticket, now=now, number=ticket.number)
    return ticket


@transaction.atomic
def stretch_ticket(*, ticket: Ticket, at: datetime) -> Ticket:
    """Let a ticket that was brought begin or end so that it holds another moment of its work."""
    brought = lock(ticket)
    brought.created_at = min(brought.created_at, at)
    latest = max(brought.last_message_at, at)
    brought.last_message_at = brought.solved_at = brought.closed_at = latest
    brought.save(update_fields=["created_at", "last_message_at", "solved_at", "closed_at"])
    return brought
