"""Finding tickets by number, or by the words of their subject, people, files and messages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from operator import attrgetter

from django.contrib.postgres.search import SearchRank
from django.db import connection
from django.db.models import ExpressionWrapper, F, FloatField, QuerySet, prefetch_related_objects
from django.db.models.functions import Extract, Greatest, Ln, Now

from ecuanime.accounts.models import User
from ecuanime.foundation.paging import page_of
from ecuanime.foundation.prepared import prepared
from ecuanime.tickets.access import visible_documents, visible_tickets
from ecuanime.tickets.models import Message, SearchDocument, Ticket
from ecuanime.tickets.queries.inbox import as_shown, tickets_by_key
from ecuanime.tickets.search_terms import TermsQuery, number_in, terms_of
from ecuanime.tickets.snippets import Piece, snippet

RANKED = 400
WEIGHTS = [0.1, 0.3, 0.5, 1.0]
AGES_BY = timedelta(days=30)
_LEXEME = re.compile(r"'([^']+)'")


@dataclass(frozen=True)
class Hit:
    """A ticket that was found, with the piece of its text (or the file's name) that shows why."""

    ticket: Ticket
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class Found:
    """Hits in order, the cursor of those after them, and whether the text had a word to look for."""

    hits: list[Hit]
    next: str = ""
    has_words: bool = True


def search_tickets(user: User, text: str, *, limit: int = 20) -> list[Ticket]:
    """Tickets that `user` may see with this number, or with all these words: the number first, then the best."""
    return [hit.ticket for hit in search(user, text, size=limit).hits]


def search(
    user: User,
    text: str,
    *,
    among: QuerySet[Ticket] | None = None,
    newest_first: bool = False,
    after: str = "",
    size: int = 30,
) -> Found:
    """The tickets that `user` may see (or those of them in `among`) in which all words of `text` stand.

    Words stand together when each is in the subject, the names of people and their firm, a message or its files'
    names; in one message, or around it. Accents and case do not count; Spanish and English endings neither. The last
    word may be a beginning, like any that ends in `*`; `"two words"` stand side by side. A number alone
    finds its ticket too.

    The best come first: by where the words stand and how late, among the latest 400 pieces. With `newest_first` the
    latest come first, and `after` leads through all of them; there a ticket may come again with an older message.
    """
    terms = terms_of(text)
    exact = _exact(user, text) if not after else []
    if not terms:
        return Found(exact, has_words=False)
    query, lexemes = TermsQuery(terms), _lexemes(terms)
    if not lexemes:
        return Found(exact, has_words=False)
    documents = visible_documents(user).filter(words=query).defer("words")
    if among is not None:
        documents = documents.filter(ticket__in=among.values("pk"))
    cursor = ""
    if newest_first:
        page = page_of(documents, order=("-at", "-id"), after=after, size=size)
        chosen, cursor = page.rows, page.next
    else:
        chosen = _best(documents, query)
    taken = {hit.ticket.pk for hit in exact}
    return Found([*exact, *_hits(_one_for_each_ticket(chosen, taken, size - len(exact)), lexemes)], cursor)


def _lexemes(terms: list[str]) -> list[str]:
    """What the words were reduced to, for showing where they stand; empty when all of them say nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_query(%s)::text", [terms])
        return sorted(set(_LEXEME.findall(cursor.fetchone()[0])))


def _exact(user: User, text: str) -> list[Hit]:
    number = number_in(text)
    if number is None:
        return []
    return [Hit(ticket) for ticket in as_shown(visible_tickets(user).filter(number=number))]


def _best(documents: QuerySet[SearchDocument], query: TermsQuery) -> list[SearchDocument]:
    """The latest matches, the best of them first; of equal ones the later. After some fifty days half is left."""
    days = Greatest(Extract(Now() - F("at"), "epoch"), 0.0) / AGES_BY.total_seconds()
    worth = ExpressionWrapper(
        SearchRank(F("words"), query, weights=WEIGHTS) / (1.0 + Ln(1.0 + days)), output_field=FloatField()
    )
    latest = documents.annotate(worth=worth).order_by("-at", "-id")[:RANKED]
    return sorted(latest, key=attrgetter("worth"), reverse=True)


def _one_for_each_ticket(
    documents: Iterable[SearchDocument], taken: set[int], size: int
) -> list[SearchDocument]:
    chosen: dict[int, SearchDocument] = {}
    for document in documents:
        if document.ticket_id not in taken:
            chosen.setdefault(document.ticket_id, document)
    return list(chosen.values())[:size]


def _hits(documents: list[SearchDocument], lexemes: list[str]) -> list[Hit]:
    tickets = tickets_by_key([document.ticket_id for document in documents])
    pieces = _why([document.message_id for document in documents if document.message_id], lexemes)
    return [
        Hit(tickets[document.ticket_id], pieces.get(document.message_id or 0, ())) for document in documents
    ]


def _why(keys: list[int], lexemes: list[str]) -> dict[int, tuple[Piece, ...]]:
    """What was found in the messages with these ids: a piece of the text, else of its files' names."""
    messages = _messages(keys=keys) if keys else []
    pieces = {message.pk: snippet(message.text, lexemes) for message in messages}
    by_files = [message for message in messages if not pieces[message.pk]]
    prefetch_related_objects(by_files, "attachments")
    for message in by_files:
        names = " · ".join(attachment.name for attachment in message.attachments.all())
        pieces[message.pk] = snippet(names, lexemes)
    return pieces


@prepared
def _messages(*, keys: list[int]) -> QuerySet[Message]:
    return Message.objects.filter(pk__any_of=keys).only("text")
