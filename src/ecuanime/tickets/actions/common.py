"""What every action on a ticket does: lock and check it, move its state, leave a line in its thread, add a message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.clients.models import Contact
from ecuanime.delivery.text import keepable, one_line
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish
from ecuanime.foundation.own_links import without_keys
from ecuanime.staff.queries import current_firm
from ecuanime.tickets.actions.clocks import keep_clocks, start_clocks
from ecuanime.tickets.actions.indexing import index_message
from ecuanime.tickets.actions.values import FileGiven, MessageGiven
from ecuanime.tickets.events import MessageAdded, TicketStateChanged
from ecuanime.tickets.models import Attachment, Message, State, Ticket, TicketEvent
from ecuanime.tickets.threading import message_id_hash

CLOSES_AFTER_DAYS = 7
MOST_ADDRESSES_KEPT = 100

TRANSITIONS: dict[str, tuple[str, ...]] = {
    State.NEW: (State.OPEN, State.WAITING_CLIENT, State.WAITING_THIRD, State.SOLVED),
    State.OPEN: (State.WAITING_CLIENT, State.WAITING_THIRD, State.SOLVED),
    State.WAITING_CLIENT: (State.OPEN, State.WAITING_THIRD, State.SOLVED),
    State.WAITING_THIRD: (State.OPEN, State.WAITING_CLIENT, State.SOLVED),
    State.SOLVED: (State.OPEN, State.WAITING_CLIENT, State.WAITING_THIRD, State.CLOSED),
    State.CLOSED: (),
}
"""Where a ticket may go from where it stands. A closed one stays closed: what comes later is another ticket."""


def lock(ticket: Ticket, expected_version: int | None = None) -> Ticket:
    """The ticket as it is now, locked until the transaction ends. Refuses `stale`."""
    related = (
        "client",
        "contact",
        "mailbox",
        "contract",
        "assignee",
        "area",
        "site",
        "queue",
        "merged_into",
        "parent",
    )
    row = Ticket.objects.select_for_update(of=("self",)).select_related(*related).get(pk=ticket.pk)
    refuse_stale(row, expected_version)
    return row


def lock_going_on(ticket: Ticket) -> Ticket:
    """The ticket in which this one goes on, locked; itself unless it was merged."""
    merged_into = Ticket.objects.values_list("merged_into", flat=True).get(pk=ticket.pk)
    row = lock(Ticket(pk=merged_into or ticket.pk))
    return row if row.merged_into is None else lock_going_on(row)


def refuse_stale(ticket: Ticket, expected_version: int | None) -> None:
    """Refuse `stale` when the ticket is no longer the one that somebody had before them."""
    if expected_version is not None and ticket.version != expected_version:
        text = _(
            "Ticket #%(number)s has changed while you were working on it. Nothing was saved: look at what is new "
            "and do it again if it still fits."
        )
        raise Refused("stale", text % {"number": ticket.number})


def refuse_closed(ticket: Ticket) -> None:
    """Refuse `closed` for a ticket that no longer changes."""
    if ticket.state == State.CLOSED:
        text = _("Ticket #%(number)s is closed. Open a new one that follows it.")
        raise Refused("closed", text % {"number": ticket.number})


def save(ticket: Ticket) -> None:
    """Write the ticket as its next version."""
    ticket.version += 1
    ticket.save()


def leave_line(
    ticket: Ticket, field: str, before: object, after: object, *, by: User | None, now: datetime
) -> None:
    """A line of the thread and of the audit trail: `field` went from `before` to `after`."""
    old, new = str(before)[:200], str(after)[:200]
    TicketEvent.objects.create(ticket=ticket, at=now, actor=by, field=field, before=old, after=new)
    audit.record("ticket_changed", ticket, now=now, number=ticket.number, field=field, before=old, after=new)


def move(ticket: Ticket, state: str, *, by: User | None, now: datetime, field: str = "state") -> None:
    """Put the ticket into `state` with all that follows from it; the caller has checked that it may, and saves it."""
    before, ticket.state = ticket.state, state
    ticket.next_due_at = None
    if state == State.SOLVED:
        firm = current_firm()
        days = firm.close_solved_after_days if firm else CLOSES_AFTER_DAYS
        ticket.solved_at, ticket.closed_at, ticket.next_due_at = now, None, now + timedelta(days=days)
    elif state == State.CLOSED:
        ticket.closed_at = now
    else:
        ticket.solved_at = ticket.closed_at = None
    if state in (State.SOLVED, State.CLOSED, State.WAITING_CLIENT):
        ticket.waits_since = None
        ticket.unread_count = 0
    if state in (State.SOLVED, State.CLOSED):
        ticket.snoozed_until = None
    leave_line(ticket, field, before, state, by=by, now=now)
    keep_clocks(ticket, now=now)
    publish(TicketStateChanged(ticket.pk, ticket.number, before, state))


def waits_since(ticket: Ticket) -> datetime | None:
    """Since when the client waits for an answer, worked out from the thread: their first message after our last."""
    public = ticket.messages.exclude(kind=Message.Kind.NOTE).filter(is_automatic=False)
    answered = public.filter(kind=Message.Kind.REPLY).order_by("-created_at", "-id").first()
    asked = public.filter(kind=Message.Kind.INBOUND)
    if answered is not None:
        asked = asked.filter(created_at__gt=answered.created_at)
    first = asked.order_by("created_at", "id").first()
    return first.created_at if first else None


def take_in(
    ticket: Ticket,
    given: MessageGiven,
    *,
    now: datetime,
    written_on: Ticket | None = None,
    opens: bool = False,
) -> Message:
    """Write a client's message on the locked ticket and let it wake the ticket; the caller saves the ticket.

    `written_on` is the ticket merged into this one that they wrote on; `opens` says that the ticket is opened with it.
    What they quote of our mails is kept without the keys in its links: those are theirs, not the desk's.
    """
    message = Message.objects.create(
        ticket=ticket,
        came_from=written_on,
        kind=Message.Kind.INBOUND,
        channel=given.channel,
        contact=given.contact,
        from_name=one_line(given.from_name, 200),
        from_email=one_line(given.from_email, 254),
        to=_addresses(given.to),
        cc=_addresses(given.cc),
        text=without_keys(keepable(given.text)),
        quoted_text=without_keys(keepable(given.quoted_text)),
        html=without_keys(keepable(given.html)),
        quoted_html=without_keys(keepable(given.quoted_html)),
        remote_images=given.remote_images,
        is_automatic=given.is_automatic,
        authenticity=given.authenticity,
        authenticity_words=one_line(given.authenticity_words, 200),
        message_id=given.message_id[:998],
        message_id_hash=message_id_hash(given.message_id),
        written_at=min(given.written_at or now, now),
        created_at=now,
    )
    keep_files(message, given.files)
    wakes = not given.is_automatic if given.wakes is None else given.wakes
    if wakes:
        show_last(ticket, message)
        ticket.unread_count += 1
        ticket.waits_since = ticket.waits_since or now
        wake(ticket, by=None, now=now)
        if ticket.state in (State.SOLVED, State.WAITING_CLIENT, State.WAITING_THIRD):
            move(ticket, State.OPEN, by=None, now=now)
    if opens:
        start_clocks(ticket, now=now, is_asked=not given.is_automatic)
    else:
        keep_clocks(ticket, now=now)
    announce(message)
    return message


def wake(ticket: Ticket, *, by: User | None, now: datetime) -> None:
    """Bring a snoozed ticket back into sight; the caller saves it."""
    if ticket.snoozed_until is not None:
        ticket.snoozed_until = None
        leave_line(ticket, "woken", "", "", by=by, now=now)


def show_last(ticket: Ticket, message: Message) -> None:
    """Let the ticket's row in the lists show this message. Never a note: clients read those lists too."""
    ticket.last_message_at = message.created_at
    ticket.last_snippet = one_line(message.text[:2000], 200)


def keep_files(message: Message, files: Sequence[FileGiven]) -> None:
    """Hang the files on the message."""
    Attachment.objects.bulk_create(
        Attachment(
            message=message,
            file=item.file,
            name=one_line(item.name, 200) or "file",
            media_type=one_line(item.media_type, 120),
            content_id=one_line(item.content_id, 250),
            is_inline=item.is_inline,
            ambiguous=item.ambiguous[:40],
        )
        for item in files
    )


def announce(message: Message) -> None:
    """Let search find the message, and tell the rooms above that a thread has grown."""
    index_message(message)
    publish(MessageAdded(message.pk, message.ticket_id, message.kind, message.channel))


def require_contact_of(client_id: int | None, contact: Contact) -> None:
    """Refuse `contact_of_another` unless the contact is this client's."""
    if contact.client_id != client_id:
        text = _("%(name)s is not a contact of this client. Choose one of theirs.")
        raise Refused("contact_of_another", text % {"name": contact.name})


def _addresses(plain: Sequence[str]) -> list[str]:
    return [one_line(address, 254) for address in list(plain)[:MOST_ADDRESSES_KEPT]]
