"""A ticket's page: the thread of messages and changes, and what stands around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, QuerySet

from ecuanime.accounts.models import User
from ecuanime.tickets.access import messages_for, visible_messages, visible_tickets, works_at_desk
from ecuanime.tickets.models import Attachment, Draft, Message, Tag, Ticket, TicketEvent
from ecuanime.tickets.queries.lookups import reply_recipients

THREAD_LENGTH = 200
FOLLOW_UPS_SHOWN = 5
LINES_FOR_CLIENTS = ("state", "state_undone")
RELATED = (
    "client",
    "contact__user",
    "assignee",
    "area",
    "mailbox",
    "follows",
    "merged_into",
    "parent",
    "queue",
    "contract__version__plan",
)
_TAG_NAMES = ArraySubquery(Tag.objects.filter(tickets=OuterRef("pk")).order_by("name").values("name"))


@dataclass(frozen=True)
class ThreadEntry:
    """A line of a thread: a message (`message`, with its `attachments` loaded) or a change (`event`)."""

    at: datetime
    message: Message | None = None
    event: TicketEvent | None = None


@dataclass(frozen=True)
class TicketPage:
    """All that a ticket's page shows of this room.

    `newest_message` is the id of the newest message shown (0 for none): what a reply passes as `seen_message`.
    `drafts` are the reader's own by kind, and `last_said` the latest message shown that they wrote of each kind. For
    whoever does not work at the desk `drafts` and `recipients` are empty, and for a client's contact `tags` too.
    """

    ticket: Ticket
    entries: list[ThreadEntry]
    has_older: bool
    newest_message: int
    oldest_message: int
    tags: list[str]
    drafts: dict[str, Draft]
    last_said: dict[str, Message]
    recipients: list[str]


def ticket_page(number: int, user: User) -> TicketPage | None:
    """A ticket's page as `user` may see it, or None when there is none for them. A constant number of queries.

    The newest 200 messages and the newest 200 changes among them are shown; `has_older` says that there is more.
    """
    found = visible_tickets(user).select_related(*RELATED).annotate(tag_names=_TAG_NAMES)
    ticket = found.filter(number=number).first()
    if ticket is None:
        return None
    newest = list(_loaded(messages_for(user, ticket)).order_by("-created_at", "-id")[: THREAD_LENGTH + 1])
    has_older, messages = len(newest) > THREAD_LENGTH, newest[:THREAD_LENGTH][::-1]
    since = messages[0].created_at if has_older else None
    at_desk = works_at_desk(user)
    own = Draft.objects.filter(ticket=ticket, user=user) if at_desk else Draft.objects.none()
    return TicketPage(
        ticket=ticket,
        entries=_merged(messages, _events(ticket, user, since)),
        has_older=has_older,
        newest_message=max((message.pk for message in messages), default=0),
        oldest_message=messages[0].pk if messages else 0,
        tags=list(ticket.tag_names) if user.is_of_firm else [],
        drafts={draft.kind: draft for draft in own},
        last_said={message.kind: message for message in messages if message.author_id == user.pk},
        recipients=reply_recipients(ticket) if at_desk else [],
    )


def follow_ups_of(ticket: Ticket, among: QuerySet[Ticket]) -> list[Ticket]:
    """The latest tickets, among those one may see, that go on with this one: it was closed when more came."""
    return list(among.filter(follows=ticket).order_by("-number")[:FOLLOW_UPS_SHOWN])


def thread_since(ticket: Ticket, user: User, *, after_message: int) -> list[ThreadEntry]:
    """The messages `user` may read that came after the message with that id, at most 200, oldest first."""
    found = _loaded(visible_messages(user, ticket)).filter(pk__gt=after_message)
    return _merged(list(found.order_by("created_at", "id")[:THREAD_LENGTH]), [])


def thread_before(ticket: Ticket, user: User, *, before_message: int) -> list[ThreadEntry]:
    """The 200 messages `user` may read that came before the message with that id, oldest first."""
    found = _loaded(visible_messages(user, ticket)).filter(pk__lt=before_message)
    return _merged(list(found.order_by("-created_at", "-id")[:THREAD_LENGTH])[::-1], [])


def attachment_for(user: User, attachment_id: int) -> Attachment | None:
    """An attachment with its file and message if `user` may read that message, else None."""
    related = ("file", "message__ticket", "message__came_from")
    found = Attachment.objects.select_related(*related).filter(pk=attachment_id).first()
    if found is None:
        return None
    threads = filter(None, (found.message.ticket, found.message.came_from))
    readable = any(visible_messages(user, thread).filter(pk=found.message_id).exists() for thread in threads)
    return found if readable else None


def _loaded(messages: QuerySet[Message]) -> QuerySet[Message]:
    return messages.select_related("author", "contact", "outgoing").prefetch_related(
        Prefetch("attachments", Attachment.objects.select_related("file"))
    )


def _events(ticket: Ticket, user: User, since: datetime | None) -> list[TicketEvent]:
    """The changes to show; a client sees the state's alone: who is assigned is the team's business."""
    found = ticket.events.select_related("actor").order_by("-at", "-id")
    if since is not None:
        found = found.filter(at__gte=since)
    if not user.is_of_firm:
        found = found.filter(field__in=LINES_FOR_CLIENTS)
    return list(found[:THREAD_LENGTH])


def _merged(messages: list[Message], events: list[TicketEvent]) -> list[ThreadEntry]:
    """Both in the order in which they happened; at the same instant the message comes before what it brought about."""
    entries = [ThreadEntry(message.created_at, message=message) for message in messages]
    entries += [ThreadEntry(event.at, event=event) for event in sorted(events, key=lambda one: one.pk)]
    return sorted(entries, key=lambda entry: (entry.at, entry.message is None))
