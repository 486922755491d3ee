"""How many tickets the desk's lists hold, and how many of them are new."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache, partial
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from ecuanime.accounts.models import User
from ecuanime.foundation.keeping import Kept
from ecuanime.tickets.filters import Asker, Unreadable
from ecuanime.tickets.models import SavedView, Ticket
from ecuanime.tickets.queries.listings import (
    Listing,
    Source,
    View,
    kept_by,
    of_firm,
    own_words,
    rows_for,
    rows_of,
    source_key,
)

COUNTED_UP_TO = 999
UNCOUNTED = "–"
KEPT = 1_000
Statement = tuple[str, tuple[Any, ...]]
_counted: Kept[Statement] = Kept(KEPT)


def counts_of(
    user: User, sources: Sequence[Source], *, now: datetime, version: int | None = None
) -> list[str]:
    """How many tickets each source has, exact up to 999 and then «999+», in one bounded query,
    and one more each if any of them names a tag or a field of the firm's own.

    A saved view that can no longer be read has no number. With a `version`, as `listed` has it, the words of one are
    put together once for it.
    """
    parts: list[str] = []
    values: list[Any] = []
    asker = Asker(user, now)
    for source in sources:
        try:
            sql, params = _bounded(asker, source, version)
        except Unreadable:
            parts.append("NULL")
            continue
        parts.append(f"(SELECT count(*) FROM ({sql}) AS counted)")  # noqa: S608  # SQL of the ORM, values apart
        values.extend(params)
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(parts), values)
        numbers = cursor.fetchone() or ()
    return [_shown(number) for number in numbers]


def _bounded(asker: Asker, source: Source, version: int | None) -> Statement:
    """The statement of what is counted of a list."""
    user, words = asker.user, own_words(source)
    if user.is_of_firm and not isinstance(source, SavedView):
        return _bounded_for_firm(user.pk, source_key(source))
    held = kept_by(version, words) if user.is_of_firm else None
    sorting = tuple(Listing(source).sorting)
    return _counted.ask(partial(_bounded_of_words, asker, source), user.pk, words, sorting, version=held)


def _bounded_of_words(asker: Asker, source: Source) -> Statement:
    return _statement(rows_for(asker, Listing(source)))


@lru_cache(maxsize=KEPT)
def _bounded_for_firm(user: int, source: View | int) -> Statement:
    """The same of a view, or of the queue with an id, for whoever sees all tickets: it never changes, and is kept since
    putting it together takes longer than asking it.
    """
    return _statement(of_firm(user, source))


def _statement(rows: QuerySet[Ticket]) -> Statement:
    sql, params = rows.order_by().values("pk")[: COUNTED_UP_TO + 1].query.sql_with_params()
    return sql, tuple(params)


def _shown(number: int | None) -> str:
    if number is None:
        return UNCOUNTED
    return str(number) if number <= COUNTED_UP_TO else f"{COUNTED_UP_TO}+"


def news_in(user: User, listing: Listing, since: datetime, *, now: datetime, limit: int = 99) -> int:
    """How many tickets of a list have unread messages that came after an instant, at most `limit`."""
    fresh = rows_of(user, listing, now=now).filter(last_message_at__gt=since, unread_count__gt=0)
    return fresh.values("pk")[:limit].count()
