"""Adding to a thread: the client's messages, replies, internal notes, drafts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.accounts.queries import people_of_firm
from ecuanime.delivery.actions import FileToSend
from ecuanime.delivery.models import OutgoingMail
from ecuanime.delivery.text import keepable
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.notices.actions import mark_subject_read
from ecuanime.tickets.access import works_at_desk
from ecuanime.tickets.actions.checklists import refuse_unfinished
from ecuanime.tickets.actions.clocks import keep_clocks
from ecuanime.tickets.actions.common import (
    announce,
    keep_files,
    leave_line,
    lock,
    lock_going_on,
    move,
    refuse_closed,
    refuse_stale,
    save,
    show_last,
    take_in,
)
from ecuanime.tickets.actions.following import follow
from ecuanime.tickets.actions.merging import refuse_merged
from ecuanime.tickets.actions.values import FileGiven, MessageGiven
from ecuanime.tickets.letters import queue_reply
from ecuanime.tickets.mentions import mentioned_in
from ecuanime.tickets.models import Channel, Draft, Mention, Message, State, Ticket, TicketEvent
from ecuanime.tickets.notices import notice_key, tell_message
from ecuanime.tickets.queries import reply_recipients
from ecuanime.tickets.threading import message_id_hash

THEN = {"": None, "wait": State.WAITING_CLIENT, "solve": State.SOLVED}


@transaction.atomic
def add_inbound_message(*, ticket: Ticket, message: MessageGiven, now: datetime) -> Message:
    """Add what the client wrote; a waiting or solved ticket opens again, unless a machine wrote it.

    Written on a merged ticket it lands in the one that goes on. Refuses `closed`: an answer after closing is another
    ticket, see `open_follow_up`. Publishes MessageAdded.
    """
    written_on, ticket = ticket, lock_going_on(ticket)
    refuse_closed(ticket)
    added = take_in(ticket, message, now=now, written_on=written_on if written_on.pk != ticket.pk else None)
    save(ticket)
    if not added.is_automatic:
        tell_message(added, ticket, now=now)
    audit.record("ticket_message_taken_in", ticket, now=now, message=added.pk, channel=added.channel)
    return added


@transaction.atomic
def reply(
    *,
    ticket: Ticket,
    author: User,
    text: str,
    now: datetime,
    expected_version: int | None = None,
    seen_message: int | None = None,
    to: Sequence[str] = (),
    cc: Sequence[str] = (),
    files: Sequence[FileGiven] = (),
    then: str = "",
    mail: OutgoingMail | None = None,
) -> Message:
    """Answer the client: the message and its mail are written together, the mail leaves after the commit.

    Goes to `to`, else to the contact or requester; or by a `mail` that was queued for it already. `then` is "", "wait"
    (for the client) or "solve"; without it a new ticket becomes open and any other stays as it is. `seen_message` is
    the id of the newest message of the client that the author had before them, 0 for none. The author's reply draft
    goes. Refuses `empty`, `closed`, `no_address`, `bad_address`, `newer_message`, `stale` and, to solve,
    `checklist_open`.
    """
    ticket = lock(ticket)
    refuse_closed(ticket)
    body = _required(text)
    _refuse_newer(ticket, seen_message)
    if THEN[then] == State.SOLVED:
        refuse_unfinished(ticket)
    refuse_stale(ticket, expected_version)
    recipients = list(to) or reply_recipients(ticket)
    if not recipients:
        raise Refused(
            "no_address", _("There is no address to answer to. Add one to the contact, or write it here.")
        )
    sent = [FileToSend(item.file, item.name, item.media_type) for item in files]
    mail = mail or queue_reply(ticket, author, body, to=recipients, cc=cc, files=sent, now=now)
    message = _write(ticket, author, body, Message.Kind.REPLY, files, now=now, mail=mail)
    show_last(ticket, message)
    ticket.waits_since, ticket.unread_count = None, 0
    ticket.first_answered_at = ticket.first_answered_at or now
    state = THEN[then] or (State.OPEN if ticket.state == State.NEW else None)
    if state is not None and state != ticket.state:
        move(ticket, state, by=author, now=now)
    else:
        keep_clocks(ticket, now=now)
    save(ticket)
    tell_message(message, ticket, now=now)
    audit.record("ticket_answered", ticket, now=now, message=message.pk, to=mail.to, cc=mail.cc)
    return message


@transaction.atomic
def add_note(
    *, ticket: Ticket, author: User, text: str, now: datetime, files: Sequence[FileGiven] = ()
) -> Message:
    """Write an internal note; allowed on a closed ticket too. The author's note draft goes.

    Whoever is named in it as @name is told, and follows the ticket from then on. Refuses `merged` and `empty`.
    """
    ticket = lock(ticket)
    refuse_merged(ticket)
    message = _write(ticket, author, _required(text), Message.Kind.NOTE, files, now=now)
    save(ticket)
    named = _named(message)
    for person in named:
        follow(ticket=ticket, user=person, by=author, now=now)
    tell_message(message, ticket, named=named, now=now)
    audit.record("ticket_note_added", ticket, now=now, message=message.pk)
    return message


@transaction.atomic
def save_draft(*, ticket: Ticket, user: User, kind: str, text: str, now: datetime) -> Draft | None:
    """Keep what somebody is writing: `kind` is reply or note, and the two never mix. Empty text discards it.

    So does the text, or the beginning, of their last message of that kind: it was on its way here when that was sent.
    """
    if kind not in (Message.Kind.REPLY, Message.Kind.NOTE):
        raise ValueError(f"no draft of kind {kind!r}")
    lock(ticket)
    own = ticket.messages.filter(author=user, kind=kind).order_by("-created_at", "-pk")
    said = own.values_list("text", flat=True).first() or ""
    if said.startswith(keepable(text).strip()):
        discard_draft(ticket=ticket, user=user, kind=kind)
        return None
    values = {"text": keepable(text), "saved_at": now}
    return Draft.objects.update_or_create(ticket=ticket, user=user, kind=kind, defaults=values)[0]


def discard_draft(*, ticket: Ticket, user: User, kind: str) -> None:
    """Forget a draft; nothing happens when there is none."""
    Draft.objects.filter(ticket=ticket, user=user, kind=kind).delete()


def mark_read(*, ticket: Ticket) -> None:
    """Somebody at the desk has opened the ticket: nothing on it is unread any more. No new version."""
    Ticket.objects.filter(pk=ticket.pk, unread_count__gt=0).update(unread_count=0)


@transaction.atomic
def note_undelivered(*, mail_id: int, addresses: Sequence[str], now: datetime) -> None:
    """Say on its ticket that a reply did not reach `addresses`: the client still waits, so the ticket rises again.

    A repeat changes nothing. A closed ticket gets the line only.
    """
    message = Message.objects.select_related("ticket").filter(outgoing_id=mail_id).first()
    if message is None:
        return
    ticket = lock(message.ticket)
    line = {"field": "undelivered", "before": str(mail_id), "after": ", ".join(addresses)[:200]}
    if TicketEvent.objects.filter(ticket=ticket, **line).exists():
        return
    leave_line(ticket, line["field"], line["before"], line["after"], by=None, now=now)
    if ticket.state == State.CLOSED:
        return
    if ticket.state in (State.WAITING_CLIENT, State.SOLVED):
        move(ticket, State.OPEN, by=None, now=now)
    else:
        keep_clocks(ticket, now=now)
    ticket.unread_count += 1
    ticket.waits_since = ticket.waits_since or now
    save(ticket)


def _named(message: Message) -> list[User]:
    """The people of the desk named in a note, kept with it."""
    if "@" not in message.text:
        return []
    people = [person for person in people_of_firm() if works_at_desk(person)]
    named = mentioned_in(message.text, people)
    Mention.objects.bulk_create(Mention(message=message, user=person) for person in named)
    return named


def _required(text: str) -> str:
    body = keepable(text).strip()
    if not body:
        raise Refused("empty", _("There is nothing to send yet. Write the text first."))
    return body


def _refuse_newer(ticket: Ticket, seen_message: int | None) -> None:
    if seen_message is None:
        return
    newer = ticket.messages.filter(kind=Message.Kind.INBOUND, is_automatic=False, pk__gt=seen_message)
    if newer.exists():
        text = _(
            "The client has written again. Nothing was sent: read it and send when your answer still fits."
        )
        raise Refused("newer_message", text)


def _write(
    ticket: Ticket,
    author: User,
    text: str,
    kind: str,
    files: Sequence[FileGiven],
    *,
    now: datetime,
    mail: OutgoingMail | None = None,
) -> Message:
    mark_subject_read(user=author, subject_key=notice_key(ticket.number), now=now)
    message = Message.objects.create(
        ticket=ticket,
        kind=kind,
        channel=Channel.STAFF if mail is None else Channel.EMAIL,
        author=author,
        from_name=author.name,
        from_email=mail.mailbox.address if mail and mail.mailbox else "",
        to=mail.to if mail else [],
        cc=mail.cc if mail else [],
        text=text,
        message_id=mail.message_id if mail else "",
        message_id_hash=message_id_hash(mail.message_id) if mail else "",
        outgoing=mail,
        written_at=now,
        created_at=now,
    )
    keep_files(message, files)
    discard_draft(ticket=ticket, user=author, kind=kind)
    announce(message)
    return message
