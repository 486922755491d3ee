"""Tickets that have to do with each other: links, and a parent with its children."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.foundation.errors import Refused
from ecuanime.tickets.actions.changing import change_state
from ecuanime.tickets.actions.common import leave_line, lock, save
from ecuanime.tickets.actions.merging import refuse_merged
from ecuanime.tickets.models import OPEN_STATES, State, Ticket, TicketLink


@transaction.atomic
def link(
    *, ticket: Ticket, other: Ticket, by: User, now: datetime, kind: str = TicketLink.Kind.RELATED
) -> TicketLink:
    """Link two tickets, of one client or of two: only the team sees it. Again it changes nothing. Refuses `itself`."""
    if ticket.pk == other.pk:
        raise Refused("itself", _("A ticket cannot be linked to itself. Choose another one."))
    first, second = sorted((ticket, other), key=lambda one: one.number)
    values = {"kind": kind, "at": now, "by": by}
    found, is_new = TicketLink.objects.get_or_create(first=first, second=second, defaults=values)
    if is_new and kind == TicketLink.Kind.RELATED:
        leave_line(ticket, "linked", "", other.number, by=by, now=now)
        leave_line(other, "linked", "", ticket.number, by=by, now=now)
    return found


@transaction.atomic
def unlink(*, ticket: Ticket, other: Ticket, by: User, now: datetime) -> None:
    """Take the link between two tickets away; nothing happens when there is none."""
    first, second = sorted((ticket, other), key=lambda one: one.number)
    deleted, _rows = TicketLink.objects.filter(first=first, second=second).delete()
    if deleted:
        leave_line(ticket, "linked", other.number, "", by=by, now=now)
        leave_line(other, "linked", ticket.number, "", by=by, now=now)


@transaction.atomic
def set_parent(*, ticket: Ticket, parent: Ticket | None, by: User, now: datetime) -> Ticket:
    """Put a ticket under another, of its client or of another one, or under none; the team alone sees it.

    A parent has no parent itself, and a ticket with children gets none. Refuses `itself`, `merged` and `too_deep`.
    """
    if parent is not None and parent.pk == ticket.pk:
        raise Refused("itself", _("A ticket cannot be its own parent. Choose another one."))
    ticket = lock(ticket)
    refuse_merged(ticket)
    if parent is not None:
        parent = lock(parent)
        refuse_merged(parent)
        if parent.parent_id is not None or ticket.children.exists():
            text = _("Parents and children make two levels, no more. #%(number)s has its place already.")
            number = parent.number if parent.parent_id else ticket.number
            raise Refused("too_deep", text % {"number": number})
    if ticket.parent_id == (parent.pk if parent else None):
        return ticket
    before, ticket.parent = ticket.parent, parent
    save(ticket)
    leave_line(
        ticket, "parent", before.number if before else "", parent.number if parent else "", by=by, now=now
    )
    return ticket


@transaction.atomic
def solve_children(*, ticket: Ticket, by: User, now: datetime) -> list[Ticket]:
    """Solve the open children of a solved ticket; returns them. Refuses `parent_open`; repeated it finds none."""
    ticket = lock(ticket)
    if ticket.state in OPEN_STATES:
        text = _("#%(number)s is still open. Solve it first, then what hangs on it.")
        raise Refused("parent_open", text % {"number": ticket.number})
    still_open = ticket.children.filter(state__in=OPEN_STATES).order_by("pk")
    return [change_state(ticket=child, state=State.SOLVED, by=by, now=now) for child in still_open]
