"""Writing what search reads of tickets and messages."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction
from django.db.models import Func, QuerySet, Value
from django.utils.translation import gettext_noop

from ecuanime.foundation.rounds import work_through
from ecuanime.foundation.words import plain_words
from ecuanime.tickets.models import Message, SearchDocument, Ticket
from ecuanime.tickets.notices import page_of

LONGEST_TEXT = 50_000
READ_AT_ONCE = 500
READ_IN_A_RUN = 5_000
READING = gettext_noop("Reading tickets and messages for search")

logger = logging.getLogger(__name__)

_gathered: ContextVar[list[SearchDocument] | None] = ContextVar("gathered", default=None)


@contextmanager
def index_together() -> Iterator[None]:
    """Write what the block adds for search at its end, in one statement; nothing when the block fails.

    For many messages in one transaction. Until then search does not find them.
    """
    documents: list[SearchDocument] = []
    before = _gathered.set(documents)
    try:
        yield
    finally:
        _gathered.reset(before)
    SearchDocument.objects.bulk_create(documents)


def index_ticket(ticket: Ticket) -> None:
    """Let search find a new ticket by its subject and people."""
    _write(SearchDocument(ticket=ticket, at=ticket.created_at, words=_words(ticket)))


def index_message(message: Message) -> None:
    """Let search find a new message: the first 50,000 characters of its text, and the names of its files."""
    _write(
        SearchDocument(
            ticket_id=message.ticket_id,
            message=message,
            is_internal=message.kind == Message.Kind.NOTE,
            at=message.created_at,
            words=_words(message.ticket, message, [each.name for each in message.attachments.all()]),
        )
    )


def index_many(tickets: Sequence[Ticket], messages: Sequence[Message] = ()) -> None:
    """Note tickets and messages that were written in bulk; the regular job reads them."""
    of_tickets = (
        SearchDocument(ticket=each, at=each.created_at, words="", is_stale=True) for each in tickets
    )
    of_messages = (
        SearchDocument(
            ticket_id=each.ticket_id,
            message=each,
            is_internal=each.kind == Message.Kind.NOTE,
            at=each.created_at,
            words="",
            is_stale=True,
        )
        for each in messages
    )
    SearchDocument.objects.bulk_create([*of_tickets, *of_messages], batch_size=1000)


def read_again(documents: QuerySet[SearchDocument]) -> None:
    """Have the regular job read these anew; until then they are found by what they said before."""
    documents.filter(is_stale=False).update(is_stale=True)


def follow_messages(messages: Iterable[int], ticket: Ticket) -> None:
    """Let search find messages under the ticket they were moved to."""
    SearchDocument.objects.filter(message__in=list(messages)).update(ticket=ticket, is_stale=True)


def read_stale_documents() -> int:
    """Read anew what was marked, the oldest first, up to 5,000; how many were read. A repeat finds nothing to do.

    What cannot be read together is read one by one, each failing alone.
    """
    read = 0
    while read < READ_IN_A_RUN:
        ids = list(_stale().values_list("pk", flat=True)[:READ_AT_ONCE])
        try:
            batch = _read(ids)
        except Exception:
            logger.exception("%s documents could not be read at once; each is read by itself", len(ids))
            return read + sum(work_through(ids, lambda pk: _read([pk]), work=READING, page=_page_of))
        read += batch
        if batch < READ_AT_ONCE:
            break
    return read


def _stale() -> QuerySet[SearchDocument]:
    return SearchDocument.objects.filter(is_stale=True).order_by("pk")


def _page_of(document: int) -> str:
    return page_of(Ticket.objects.get(search_documents=document))


def _write(document: SearchDocument) -> None:
    documents = _gathered.get()
    if documents is None:
        document.save(force_insert=True)
    else:
        documents.append(document)


@transaction.atomic
def _read(ids: Sequence[int]) -> int:
    related = ("ticket__client", "ticket__contact", "message")
    stale = (
        _stale()
        .filter(pk__in=ids)
        .defer("words")
        .select_related(*related)
        .prefetch_related("message__attachments")
        .select_for_update(of=("self",), skip_locked=True)
    )
    documents = list(stale)
    for document in documents:
        names = [each.name for each in document.message.attachments.all()] if document.message else []
        document.words, document.is_stale = _words(document.ticket, document.message, names), False
    SearchDocument.objects.bulk_create(
        documents, update_conflicts=True, unique_fields=["id"], update_fields=["words", "is_stale"]
    )
    return len(documents)


def _words(ticket: Ticket, message: Message | None = None, files: Iterable[str] = ()) -> Func:
    """The `search_document` of a ticket or message, see the room's migration of that name."""
    people = [ticket.requester_name, ticket.requester_email]
    people += [ticket.client.name] if ticket.client else []
    people += [ticket.contact.name, ticket.contact.email] if ticket.contact else []
    people += [message.from_name, message.from_email] if message else []
    text = message.text[:LONGEST_TEXT] if message else ""
    parts = ticket.subject, " ".join(dict.fromkeys(people)), " ".join(files), text
    return Func(*(Value(plain_words(part)) for part in parts), function="search_document")
