"""Splitting a subject of its own off a thread."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.delivery.text import one_line
from ecuanime.foundation.errors import Refused
from ecuanime.rules.sla import History, first_unanswered
from ecuanime.tickets.actions.clocks import keep_clocks
from ecuanime.tickets.actions.common import leave_line, lock, refuse_stale, save, show_last, waits_since
from ecuanime.tickets.actions.indexing import follow_messages
from ecuanime.tickets.actions.linking import link
from ecuanime.tickets.actions.merging import refuse_merged
from ecuanime.tickets.actions.opening import open_ticket
from ecuanime.tickets.actions.sharing import begin_earlier, keep_what_was_settled, note_answered
from ecuanime.tickets.clocks import history_of
from ecuanime.tickets.models import Message, State, Ticket, TicketLink


@transaction.atomic
def split_ticket(
    *,
    ticket: Ticket,
    messages: Collection[int],
    subject: str,
    by: User,
    now: datetime,
    expected_version: int | None = None,
) -> Ticket:
    """Move the messages with these ids to a new ticket of the same client, linked with this one; returns it.

    Whoever wrote the first of them asks there, if they are a contact of the client. It keeps priority and queue, and
    its clocks run from the first of their messages that nobody had answered. Time stays where it was recorded, and
    the new ticket draws an incident of its own. A closed ticket may be split too. Refuses `stale`, `merged`,
    `nothing_chosen`, `nothing_left` and `empty` (no subject).
    """
    ticket = lock(ticket)
    refuse_stale(ticket, expected_version)
    refuse_merged(ticket)
    chosen = list(ticket.messages.select_related("contact").filter(pk__in=messages))
    _refuse_unfit(ticket, chosen, subject)
    told = history_of(ticket)
    first = next((one for one in chosen if one.kind == Message.Kind.INBOUND), None)
    writer = (
        first.contact if first and first.contact and first.contact.client_id == ticket.client_id else None
    )
    other = open_ticket(
        subject=subject,
        channel=ticket.channel,
        now=now,
        client=ticket.client,
        contact=writer or ticket.contact,
        requester_name=(first.from_name if first else "") or ticket.requester_name,
        requester_email=(first.from_email if first else "") or ticket.requester_email,
        mailbox=ticket.mailbox,
        area=ticket.area,
        site=ticket.site,
        priority=ticket.priority,
        queue=ticket.queue if ticket.queue and ticket.queue.is_active else None,
        assignee=ticket.assignee if ticket.assignee and ticket.assignee.is_active else None,
    )
    ticket.messages.filter(pk__in=[one.pk for one in chosen]).update(ticket=other)
    follow_messages([one.pk for one in chosen], other)
    _share(ticket, other, told, chosen, now)
    for each in (ticket, other):
        _look_again(each)
        keep_clocks(each, now=now)
        save(each)
    leave_line(ticket, "split", "", other.number, by=by, now=now)
    leave_line(other, "split_from", "", ticket.number, by=by, now=now)
    link(ticket=ticket, other=other, by=by, now=now, kind=TicketLink.Kind.SPLIT)
    return other


def _share(ticket: Ticket, other: Ticket, told: History, moved: list[Message], now: datetime) -> None:
    """What nobody had answered goes on waiting on the new ticket; what was settled stays where it was."""
    asked = [one.created_at for one in moved if one.kind == Message.Kind.INBOUND and not one.is_automatic]
    waits_from = first_unanswered(told, asked)
    keep_what_was_settled(ticket, other, told, waits_from=waits_from)
    if waits_from is not None:
        begin_earlier(other, ticket, told, at=waits_from)
    elif asked:
        note_answered(other, ticket, now=now)


def _refuse_unfit(ticket: Ticket, chosen: list[Message], subject: str) -> None:
    if not chosen:
        raise Refused("nothing_chosen", _("Choose the messages that are about something else."))
    if len(chosen) == ticket.messages.count():
        text = _("Nothing would be left here. Leave at least one message, or change the subject instead.")
        raise Refused("nothing_left", text)
    if not one_line(subject, 300):
        raise Refused("empty", _("Say in a few words what the new ticket is about."))


def _look_again(ticket: Ticket) -> None:
    """Work out from the thread what the lists show of it."""
    public = ticket.messages.exclude(kind=Message.Kind.NOTE).order_by("-created_at", "-id")
    latest = public.first()
    ticket.last_snippet = ""
    if latest is not None:
        show_last(ticket, latest)
    answered = public.filter(kind=Message.Kind.REPLY).last()
    ticket.first_answered_at = answered.created_at if answered else None
    ticket.unread_count = min(ticket.unread_count, ticket.messages.filter(kind=Message.Kind.INBOUND).count())
    if ticket.state in (State.NEW, State.OPEN, State.WAITING_THIRD):
        ticket.waits_since = waits_since(ticket)
