"""Finding tickets by number, or by words of the subject and the client's name."""

from __future__ import annotations

import re

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q

from ecuanime.accounts.models import User
from ecuanime.clients.models import Client
from ecuanime.tickets.access import visible_tickets
from ecuanime.tickets.models import Ticket, fold, folded
from ecuanime.tickets.queries.inbox import SHOWN

MOST_WORDS = 6
MOST_CLIENTS = 100
SHORTEST_WORD = 2


def search_tickets(user: User, text: str, *, limit: int = 20) -> list[Ticket]:
    """Tickets that `user` may see with this number, or with all these words (or their beginnings) in subject or
    client's name, accents and case apart; the number first, then the latest, at most `limit`.

    Words of one letter are left out, and so are those beyond the sixth.
    """
    visible = visible_tickets(user).select_related(*SHOWN)
    number = re.fullmatch(r"\s*#?\s*(\d{1,15})\s*", text)
    exact = list(visible.filter(number=int(number[1]))) if number else []
    words = [word for word in re.findall(r"[^\W_]+", fold(text)) if len(word) >= SHORTEST_WORD][:MOST_WORDS]
    if not words:
        return exact
    found = visible.alias(words=SearchVector(folded("subject"), config="simple"))
    clients = _clients_named(words)
    for word in words:
        in_subject = Q(words=SearchQuery(f"{word}:*", config="simple", search_type="raw"))
        found = found.filter(in_subject | Q(client_id__in=clients[word]) if clients[word] else in_subject)
    others = found.exclude(pk__in=[ticket.pk for ticket in exact])
    return [*exact, *others.order_by("-last_message_at", "-id")[: limit - len(exact)]]


def _clients_named(words: list[str]) -> dict[str, list[int]]:
    """For each word the clients with a word of their name that begins so, looked up in one query."""
    any_word = Q()
    for word in words:
        any_word |= Q(plain__contains=word)
    rows = Client.objects.annotate(plain=folded("name")).filter(any_word).values_list("pk", "plain")
    named = [(key, re.findall(r"[^\W_]+", name)) for key, name in rows.order_by("pk")[:MOST_CLIENTS]]
    return {
        word: [key for key, parts in named if any(part.startswith(word) for part in parts)] for word in words
    }
