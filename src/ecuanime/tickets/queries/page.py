"""A ticket's page: the thread of messages and changes, and what stands around it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet

from ecuanime.accounts.models import User
from ecuanime.clients.models import Site
from ecuanime.contracts.models import Contract
from ecuanime.foundation.prepared import prepared
from ecuanime.staff.models import ProductArea
from ecuanime.tickets.access import messages_of, visible_messages, visible_tickets, works_at_desk
from ecuanime.tickets.clocks import SHARED
from ecuanime.tickets.models import Attachment, Draft, Follower, Message, Queue, Tag, Ticket, TicketEvent
from ecuanime.tickets.queries.lookups import reply_recipients

THREAD_LENGTH = 200
FOLLOW_UPS_SHOWN = 5
LINES_FOR_CLIENTS = ("state", "state_undone")
_SHOWN = (
    *(field.name for field in Message._meta.concrete_fields),
    "author__name",
    "author__email",
    "contact__name",
    "outgoing__state",
    "outgoing__to",
    "outgoing__error",
    "outgoing__refused_recipients",
    "outgoing__sent_at",
)
_FILES = Exists(Attachment.objects.filter(message=OuterRef("pk")))
_FOLLOWERS = ArraySubquery(Follower.objects.filter(ticket=OuterRef("pk")).values("user"))
_TAG_NAMES = ArraySubquery(Tag.objects.filter(tickets=OuterRef("pk")).order_by("name").values("name"))


@dataclass(frozen=True)
class ThreadEntry:
    """A line of a thread: a message (`message`, with the `files` that came with it) or a change (`event`)."""

    at: datetime
    message: Message | None = None
    event: TicketEvent | None = None
    files: tuple[Attachment, ...] = ()


@dataclass(frozen=True)
class TicketPage:
    """All that a ticket's page shows of this room.

    `newest_message` is the id of the newest message shown (0 for none): what a reply passes as `seen_message`.
    `drafts` are the reader's own by kind, and `last_said` the latest message shown that they wrote of each kind;
    `followers` are the keys of who follows it. For whoever does not work at the desk `drafts`, `followers` and
    `recipients` are empty, and for a client's contact `tags` too.
    """

    ticket: Ticket
    entries: list[ThreadEntry]
    has_older: bool
    newest_message: int
    oldest_message: int
    tags: list[str]
    drafts: dict[str, Draft]
    last_said: dict[str, Message]
    followers: frozenset[int]
    recipients: list[str]


def ticket_page(number: int, user: User) -> TicketPage | None:
    """A ticket's page as `user` may see it, or None when there is none for them. A constant number of queries.

    The newest 200 messages and the newest 200 changes among them are shown; `has_older` says that there is more.
    """
    ticket = ticket_with_surroundings(number, user)
    if ticket is None:
        return None
    at_desk = works_at_desk(user)
    newest = _newest(ticket.merged_into_id is not None, at_desk, ticket=ticket.pk)
    has_older, messages = len(newest) > THREAD_LENGTH, newest[:THREAD_LENGTH][::-1]
    since = messages[0].created_at if has_older else None
    return TicketPage(
        ticket=ticket,
        entries=_merged(messages, _events(ticket, user, since)),
        has_older=has_older,
        newest_message=max((message.pk for message in messages), default=0),
        oldest_message=messages[0].pk if messages else 0,
        tags=list(vars(ticket)["tag_names"]) if user.is_of_firm else [],
        drafts={draft.kind: draft for draft in _drafts(ticket=ticket.pk, user=user.pk)} if at_desk else {},
        last_said={message.kind: message for message in messages if message.author_id == user.pk},
        followers=frozenset(vars(ticket)["follower_keys"] if at_desk else ()),
        recipients=reply_recipients(ticket) if at_desk else [],
    )


def ticket_with_surroundings(number: int, user: User) -> Ticket | None:
    """The ticket with that number, with all that stands around it loaded; None when there is none for `user`.

    What most tickets have is joined; the rest is asked for apart where there is any, since planning one join of
    fourteen tables takes longer than reading the page.
    """
    rows = (
        _of_firm(number=number) if user.is_of_firm else _joined(visible_tickets(user)).filter(number=number)
    )
    ticket = next(iter(rows), None)
    if ticket is not None:
        for name, known in SURROUNDINGS.items():
            key = getattr(ticket, f"{name}_id")
            setattr(ticket, name, None if key is None else known(pk=key)[0])
    return ticket


def _joined(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    joined = tickets.select_related("client", "contact__user", "assignee")
    return joined.annotate(tag_names=_TAG_NAMES, follower_keys=_FOLLOWERS)


@prepared
def _of_firm(*, number: int) -> QuerySet[Ticket]:
    return _joined(Ticket.objects.filter(number=number))


def _known(rows: QuerySet[Any]) -> Callable[..., list[Any]]:
    """The way to the one of `rows` with a key."""

    @prepared
    def known(*, pk: int) -> QuerySet[Any]:
        return rows.filter(pk=pk)

    return known


SURROUNDINGS = {
    "area": _known(ProductArea.objects.all()),
    "site": _known(Site.objects.all()),
    "queue": _known(Queue.objects.all()),
    "follows": _known(Ticket.objects.all()),
    "merged_into": _known(Ticket.objects.all()),
    "parent": _known(Ticket.objects.all()),
    "contract": _known(Contract.objects.select_related("version__plan")),
}
"""What a ticket may have around it, each with the way to it by its key."""


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


def thread_for_client(ticket: Ticket) -> list[ThreadEntry]:
    """The newest 200 messages that the client of a ticket reads, oldest first, with their files."""
    found = _newest(ticket.merged_into_id is not None, False, ticket=ticket.pk)
    return _merged(found[:THREAD_LENGTH][::-1], [])


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
    """With who wrote each, how its mail fared and whether it has files; of those no more than a thread shows."""
    return messages.select_related("author", "contact", "outgoing").only(*_SHOWN).annotate(has_files=_FILES)


@prepared
def _newest(is_merged: bool, with_notes: bool, /, *, ticket: int) -> QuerySet[Message]:
    """The newest messages of a ticket, one more than its page shows."""
    messages = _loaded(messages_of(ticket, is_merged=is_merged, with_notes=with_notes))
    return messages.order_by("-created_at", "-id")[: THREAD_LENGTH + 1]


@prepared
def _drafts(*, ticket: int, user: int) -> QuerySet[Draft]:
    return Draft.objects.filter(ticket=ticket, user=user)


def lines_of(ticket: Ticket) -> QuerySet[TicketEvent]:
    """Its changes, the latest first, without what its clocks alone read."""
    return _told(ticket.pk)


def _told(ticket: int) -> QuerySet[TicketEvent]:
    found = TicketEvent.objects.filter(ticket=ticket).exclude(field__in=SHARED)
    return found.select_related("actor").order_by("-at", "-id")


@prepared
def _latest(*, ticket: int) -> QuerySet[TicketEvent]:
    return _told(ticket)[:THREAD_LENGTH]


def _events(ticket: Ticket, user: User, since: datetime | None) -> list[TicketEvent]:
    """The changes to show; a client sees the state's alone: who is assigned is the team's business."""
    if since is None and user.is_of_firm:
        return _latest(ticket=ticket.pk)
    found = lines_of(ticket)
    if since is not None:
        found = found.filter(at__gte=since)
    if not user.is_of_firm:
        found = found.filter(field__in=LINES_FOR_CLIENTS)
    return list(found[:THREAD_LENGTH])


def _files_of(messages: list[Message]) -> dict[int, list[Attachment]]:
    """What came with messages and is offered beside their text, by the message; asked for where there is any."""
    files: dict[int, list[Attachment]] = defaultdict(list)
    having = {message.pk: message for message in messages if vars(message)["has_files"]}
    found = Attachment.objects.filter(message__in=having).select_related("file") if having else ()
    for each in found:
        if not (each.is_inline and having[each.message_id].html):
            files[each.message_id].append(each)
    return files


def _merged(messages: list[Message], events: list[TicketEvent]) -> list[ThreadEntry]:
    """Both in the order in which they happened; at the same instant the message comes before what it brought about."""
    files = _files_of(messages)
    entries = [
        ThreadEntry(message.created_at, message=message, files=tuple(files[message.pk]))
        for message in messages
    ]
    entries += [ThreadEntry(event.at, event=event) for event in sorted(events, key=lambda one: one.pk)]
    return sorted(entries, key=lambda entry: (entry.at, entry.message is None))
