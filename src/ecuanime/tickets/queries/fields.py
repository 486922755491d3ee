"""The firm's own fields, and what a ticket says in them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from ecuanime.tickets.models import FieldValue, Ticket, TicketField


@dataclass(frozen=True)
class Filled:
    """A field with what the ticket says in it, as typed; empty when nothing."""

    field: TicketField
    said: str


def ticket_fields() -> QuerySet[TicketField]:
    """Those in use, in their order."""
    return TicketField.objects.filter(is_active=True)


def fields_of(ticket: Ticket) -> list[Filled]:
    """Every field in use, and those no longer in use in which the ticket says something. Two queries, or one."""
    values = FieldValue.objects.filter(ticket=ticket)
    wanted = Q(is_active=True) | Q(pk__in=values.values("field"))
    rows = TicketField.objects.filter(wanted).prefetch_related(Prefetch("values", values, to_attr="here"))
    return [Filled(field, field.here[0].said if field.here else "") for field in rows]
