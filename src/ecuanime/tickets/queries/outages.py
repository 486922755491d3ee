"""Outages: who hangs on one, and what a client reads while it lasts."""

from __future__ import annotations

from ecuanime.clients.models import Client
from ecuanime.tickets.models import Outage, Ticket


def outage_of(ticket: Ticket) -> Outage | None:
    """The outage that this ticket is the cause of."""
    return Outage.objects.select_related("ticket").filter(ticket=ticket).first()


def affected_by(outage: Outage) -> list[Ticket]:
    """The tickets under an outage, by number, in one query."""
    related = ("client", "contact__user", "mailbox")
    return list(outage.ticket.children.select_related(*related).order_by("number"))


def outage_lines(client: Client, language: str) -> list[str]:
    """What the client's people read while outages last that a ticket of theirs hangs on. Nothing of anybody else."""
    lasting = Outage.objects.filter(ended_at__isnull=True, ticket__children__client=client).distinct()
    lines = lasting.order_by("began_at").values_list("line_es", "line_en")
    return [line_en if language.startswith("en") else line_es for line_es, line_en in lines]
