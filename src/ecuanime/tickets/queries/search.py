"""Finding tickets by number, or by the words of their subject, people, files and messages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import Any

from django.contrib.postgres.search import SearchRank
from django.db import connection
from django.db.models import (
    DateTimeField,
    ExpressionWrapper,
    F,
    Field,
    FloatField,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)
from django.db.models.functions import Cast, Coalesce, Extract, Greatest, Ln, Now

from ecuanime.accounts.models import User
from ecuanime.foundation.paging import page_of, sorted_apart
from ecuanime.foundation.prepared import prepared
from ecuanime.tickets.access import documents_of_firm, visible_documents, visible_tickets, works_at_desk
from ecuanime.tickets.models import Message, SearchDocument, Ticket
from ecuanime.tickets.queries.inbox import as_shown, tickets_by_key
from ecuanime.tickets.search_terms import WrittenQuery, number_in, terms_of
from ecuanime.tickets.snippets import Piece, snippet

RANKED = 400
WEIGHTS = [0.1, 0.3, 0.5, 1.0]
AGES_BY = timedelta(days=30)
LATEST_FIRST = ("-at", "-id")
BEFORE_ALL = datetime.min.replace(tzinfo=UTC)
LOOKED_AT, OFTEN = 300, 3
WALKED = RANKED * LOOKED_AT // OFTEN
_WORTH = itemgetter(2)
_AS_IT_COMES: Field[Any, Any] = Field()
"""Of a number that the driver has read: a `FloatField` would make each of four hundred anew."""
_KNOWN = """
SELECT query::text, (
    SELECT count(*) = %(looked_at)s AND count(*) FILTER (WHERE words @@ query) >= %(often)s
    FROM (SELECT words FROM tickets_searchdocument ORDER BY at DESC, id DESC LIMIT %(looked_at)s) AS latest
) FROM search_query(%(terms)s) AS query
"""
_LEXEME = re.compile(r"'([^']+)'")

Match = tuple[int, int | None]
"""A ticket in which the words stand, and in which of its messages, if in one."""
Worth = tuple[int, int | None, float]


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
    asked = _asked(terms)
    if not asked.lexemes:
        return Found(exact, has_words=False)
    cursor = ""
    if newest_first:
        documents = _matching(user, WrittenQuery(asked.written), among).defer("words")
        along = SearchDocument.objects.all() if user.is_of_firm else SearchDocument.objects.none()
        page = page_of(documents, order=LATEST_FIRST, after=after, size=size, along=along)
        chosen, cursor = [(each.ticket_id, each.message_id) for each in page.rows], page.next
    else:
        chosen = _best(user, asked, among)
    taken = {hit.ticket.pk for hit in exact}
    others = _one_for_each_ticket(chosen, taken, size - len(exact))
    return Found([*exact, *_hits(others, asked.lexemes)], cursor)


@dataclass(frozen=True)
class _Asked:
    """Terms as the database looks for them.

    `lexemes` are what the words were reduced to, for showing where they stand; none when all of them say nothing.
    `is_common` says that they stand in many documents, as the latest tell; the database takes any beginning of a word
    for one of two hundred documents.
    """

    written: str
    lexemes: list[str]
    is_common: bool


def _asked(terms: list[str]) -> _Asked:
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, {"terms": terms, "looked_at": LOOKED_AT, "often": OFTEN})
        written, is_common = cursor.fetchone()
    return _Asked(written, sorted(set(_LEXEME.findall(written))), is_common)


def _exact(user: User, text: str) -> list[Hit]:
    number = number_in(text)
    if number is None:
        return []
    return [Hit(ticket) for ticket in as_shown(visible_tickets(user).filter(number=number))]


def _matching(
    user: User, query: WrittenQuery, among: QuerySet[Ticket] | None = None
) -> QuerySet[SearchDocument]:
    documents = visible_documents(user).filter(words=query)
    return documents if among is None else documents.filter(ticket__in=among.values("pk"))


def _best(user: User, asked: _Asked, among: QuerySet[Ticket] | None) -> list[Match]:
    """The latest matches, the best of them first; of equal ones the later."""
    if user.is_of_firm and among is None:
        latest = _latest_of_firm(works_at_desk(user), asked.is_common, written=asked.written)
        if asked.is_common and len(latest) < RANKED:  # they were common of late
            latest = _latest_of_firm(works_at_desk(user), False, written=asked.written)
    else:
        query = WrittenQuery(asked.written)
        latest = list(_latest(sorted_apart(_matching(user, query, among), LATEST_FIRST), query))
    return [(ticket, message) for ticket, message, _worth in sorted(latest, key=_WORTH, reverse=True)]


@prepared
def _latest_of_firm(with_notes: bool, is_common: bool, /, *, written: Any) -> QuerySet[SearchDocument, Worth]:
    """Common words are looked for along the latest documents, as far as they should be; rare ones are found first."""
    query = WrittenQuery(written)
    documents = documents_of_firm(with_notes=with_notes).filter(words=query)
    if not is_common:
        return _latest(sorted_apart(documents, LATEST_FIRST), query)
    along = SearchDocument.objects.order_by(*LATEST_FIRST).values("at")[WALKED : WALKED + 1]
    since = Coalesce(Subquery(along), BEFORE_ALL, output_field=DateTimeField())
    return _latest(documents.filter(at__gte=since).order_by(*LATEST_FIRST), query)


def _latest(documents: QuerySet[SearchDocument], query: WrittenQuery) -> QuerySet[SearchDocument, Worth]:
    """The ticket, the message and the worth of each, by where the words stand; after some fifty days half is left."""
    # As decimals, in which the database counts seconds, a logarithm takes ten times longer.
    seconds = Cast(Extract(Now() - F("at"), "epoch"), FloatField())
    days = Greatest(seconds, 0.0) / AGES_BY.total_seconds()
    worth = ExpressionWrapper(
        SearchRank(F("words"), query, weights=WEIGHTS) / (1.0 + Ln(1.0 + days)), output_field=_AS_IT_COMES
    )
    return documents.values_list("ticket_id", "message_id", worth)[:RANKED]


def _one_for_each_ticket(matches: Iterable[Match], taken: set[int], size: int) -> list[Match]:
    chosen: dict[int, Match] = {}
    for match in matches:
        if match[0] not in taken:
            chosen.setdefault(match[0], match)
    return list(chosen.values())[:size]


def _hits(matches: list[Match], lexemes: list[str]) -> list[Hit]:
    tickets = tickets_by_key([ticket for ticket, _message in matches])
    pieces = _why([message for _ticket, message in matches if message], lexemes)
    return [Hit(tickets[ticket], pieces.get(message or 0, ())) for ticket, message in matches]


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
    return Message.objects.filter(pk__any_of=keys).order_by().only("text")
