"""What could stand where somebody writes in a query: keys, and for a key its words, people, tags, queues and so on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.accounts.queries import people_of_firm
from ecuanime.clients.access import visible_clients
from ecuanime.clients.queries import clients_named, people_named
from ecuanime.contracts.models import Contract
from ecuanime.foundation.words import fold, folded
from ecuanime.staff.queries import product_areas
from ecuanime.tickets.filters import keys
from ecuanime.tickets.filters.asking import Asker
from ecuanime.tickets.filters.language import KEY
from ecuanime.tickets.filters.words import words_of
from ecuanime.tickets.models import Channel, Priority, Queue, State, Tag

MOST_OFFERS = 8
LONGEST_TYPED = 80
_SIGN = re.compile(r"<=|>=|<|>")
_REST_OF_KEY = re.compile(r"[\w.]*:?")
_REST_OF_VALUE = re.compile(r'[^\s,"]*')

KEY_NOTES: dict[str, Promise] = {
    "is": gettext_lazy("open, done, unread, unassigned, late, put off"),
    "state": gettext_lazy("where it stands"),
    "priority": gettext_lazy("how urgent, also with <="),
    "assignee": gettext_lazy("who has it"),
    "client": gettext_lazy("whose it is"),
    "contact": gettext_lazy("who asks"),
    "contract": gettext_lazy("by its number"),
    "area": gettext_lazy("product area"),
    "queue": gettext_lazy("where it waits"),
    "tag": gettext_lazy("what hangs on it"),
    "channel": gettext_lazy("how it came in"),
    "number": gettext_lazy("one, or from..to"),
    "created": gettext_lazy("a day, a month or an age"),
    "updated": gettext_lazy("when somebody last wrote"),
    "waiting": gettext_lazy("since when the client waits"),
    "solved": gettext_lazy("when it was solved"),
    "due": gettext_lazy("when the next promise is up"),
    "subject": gettext_lazy("words of the subject alone"),
}


@dataclass(frozen=True)
class Offer:
    """What could be put in place of the letters from `start` to `end`, and what it means."""

    text: str
    note: str
    start: int
    end: int


@dataclass(frozen=True)
class Piece:
    """The part of a query that somebody is writing: a key while `key` is empty, else a value of that key."""

    key: str
    typed: str
    start: int
    end: int


Known = Iterable[tuple[str, str]]
"""Words with what each means."""


def offers(user: User, text: str, at: int, *, now: datetime) -> list[Offer]:
    """At most eight things of those `user` may ask for that could stand where they write, `at` letters into `text`."""
    piece = piece_at(text, at)
    asker = Asker(user, now)
    typed = fold(piece.typed)[:LONGEST_TYPED]
    found = _values(piece.key, typed, asker) if piece.key else _keys(typed, asker)
    fresh = ((word, note) for word, note in found if word != text[piece.start : piece.end])
    return [Offer(word, note, piece.start, piece.end) for word, note in islice(fresh, MOST_OFFERS)]


def piece_at(text: str, at: int) -> Piece:
    """What is being written where somebody stands in a query that may be unfinished."""
    at = max(0, min(at, len(text)))
    start = _start_of_term(text, at)
    if text[start:at].startswith("-"):
        start += 1
    named = KEY.match(text, start, at)
    if named is None:
        rest = _REST_OF_KEY.match(text, at)
        return Piece("", text[start:at], start, rest.end() if rest else at)
    start = _start_of_value(text, named.end(), at)
    if text[start:at].startswith('"'):
        closed = text.find('"', at)
        return Piece(named[1].lower(), text[start + 1 : at], start, closed + 1 if closed >= 0 else at)
    rest = _REST_OF_VALUE.match(text, at)
    return Piece(named[1].lower(), text[start:at], start, rest.end() if rest else at)


def _start_of_term(text: str, at: int) -> int:
    """Where the term begins: after the last space that stands in no quotation."""
    start, is_quoted = 0, False
    for place, letter in enumerate(text[:at]):
        is_quoted ^= letter == '"'
        if letter.isspace() and not is_quoted:
            start = place + 1
    return start


def _start_of_value(text: str, first: int, at: int) -> int:
    """Where the value begins: after the key, the last comma or range outside quotations, and a sign."""
    start, is_quoted = first, False
    for place in range(first, at):
        is_quoted ^= text[place] == '"'
        is_range = text[place - 1 : place + 1] == ".." and place > first
        if not is_quoted and (text[place] == "," or is_range):
            start = place + 1
    sign = _SIGN.match(text, start, at)
    return sign.end() if sign else start


def _keys(typed: str, asker: Asker) -> Iterator[tuple[str, str]]:
    """The keys that begin so in either language, said in the reader's, and the firm's own fields."""
    is_spanish = _is_spanish()
    spanish = {english: alias for alias, english in reversed(keys.ALIASES.items())}
    for key, note in KEY_NOTES.items():
        names = (key, spanish.get(key, key))
        if any(fold(name).startswith(typed) for name in names):
            yield f"{names[is_spanish]}:", str(note)
    prefix = spanish[keys.FIELD] if is_spanish else keys.FIELD
    for key, field in asker.fields.items():
        called = (f"{keys.FIELD}.{key}", f"{spanish[keys.FIELD]}.{key}", key)
        if field.is_active and any(name.startswith(typed) for name in called):
            yield f"{prefix}.{key}:", field.name


def _values(written: str, typed: str, asker: Asker) -> Iterator[tuple[str, str]]:
    key, _dot, name = written.partition(".")
    key = keys.known_key(key)
    if key == keys.FIELD:
        field = asker.fields.get(fold(name))
        known: Known = [(choice, "") for choice in field.choices] if field else ()
        return _fitting([*known, _none()] if field else (), typed)
    source = SOURCES.get(key)
    return source(typed, asker) if source else iter(())


def _fitting(known: Known, typed: str) -> Iterator[tuple[str, str]]:
    """Those of which the word begins so, or of which the meaning has a word that does; in quotes where they need it."""
    for word, note in known:
        parts = [fold(word), *fold(note).split()]
        if '"' not in word and (any(part.startswith(typed) for part in parts) or typed in fold(word)):
            yield _quoted(word), note


def _quoted(word: str) -> str:
    return f'"{word}"' if re.search(r"[\s,]", word) else word


def _words(
    table: Mapping[str, Any], notes: Callable[[Any], str] = lambda meaning: ""
) -> Callable[[str, Asker], Iterator[tuple[str, str]]]:
    """The words of a table, each meaning once and in the reader's language."""

    def read(typed: str, asker: Asker) -> Iterator[tuple[str, str]]:
        chosen: dict[Any, str] = {}
        for word, meaning in table.items():
            if not word.isdigit() and (_is_spanish() or meaning not in chosen):
                chosen[meaning] = word
        return _fitting([(word, notes(meaning)) for meaning, word in chosen.items()], typed)

    return read


def _people(typed: str, asker: Asker) -> Iterator[tuple[str, str]]:
    people = [(person.email, person.name) for person in people_of_firm()]
    me = ("yo" if _is_spanish() else "me", _("whoever looks"))
    return _fitting([me, _none(), *people], typed)


def _clients(typed: str, asker: Asker) -> Iterator[tuple[str, str]]:
    found = clients_named(asker.user, typed, limit=MOST_OFFERS)
    yield from ((client.code, client.name) for client in found)
    yield from _fitting([_none()], typed)


def _contacts(typed: str, asker: Asker) -> Iterator[tuple[str, str]]:
    for person in people_named(asker.user, typed, limit=MOST_OFFERS):
        yield person.email or _quoted(person.name), f"{person.name} · {person.client.name}"


def _contracts(typed: str, asker: Asker) -> Iterator[tuple[str, str]]:
    active = Contract.objects.filter(state=Contract.State.ACTIVE, client__in=visible_clients(asker.user))
    found = active.filter(number__icontains=typed).select_related("client").order_by("number")
    yield from ((contract.number, contract.client.name) for contract in found[:MOST_OFFERS])
    yield from _fitting([_none()], typed)


def _areas(typed: str, asker: Asker) -> Iterator[tuple[str, str]]:
    return _fitting([*((area.code, area.name) for area in product_areas()), _none()], typed)


def _queues(typed: str, asker: Asker) -> Iterator[tuple[str, str]]:
    names = Queue.objects.values_list("name", flat=True)
    return _fitting([*((name, "") for name in names), _none()], typed)


def _tags(typed: str, asker: Asker) -> Iterator[tuple[str, str]]:
    named = Tag.objects.alias(plain=folded("name")).filter(plain__contains=words_of(typed))
    names = named.order_by("name").values_list("name", flat=True)[:MOST_OFFERS]
    yield from ((_quoted(name), "") for name in names if '"' not in name)
    yield from _fitting([_none()], typed)


def _moments(typed: str, asker: Asker) -> Iterator[tuple[str, str]]:
    """Days by name, and examples of ages; a sign that is written already stays."""
    days = [("hoy", ""), ("ayer", "")] if _is_spanish() else [("today", ""), ("yesterday", "")]
    month = (f"{asker.today:%Y-%m}", _("this month"))
    ages = [("2h", _("two hours")), ("2d", _("two days")), ("1w", _("a week"))]
    return _fitting([*days, month, *ages], typed)


def _none() -> tuple[str, str]:
    return "ninguno" if _is_spanish() else "none", _("those without")


def _is_spanish() -> bool:
    return (get_language() or "").startswith("es")


SOURCES: dict[str, Callable[[str, Asker], Iterator[tuple[str, str]]]] = {
    "is": _words(keys.FLAGS),
    "state": _words(keys.STATES, lambda state: str(State(state).label)),
    "priority": _words(keys.PRIORITIES, lambda priority: str(Priority(priority).label)),
    "channel": _words(keys.CHANNELS, lambda channel: str(Channel(channel).label)),
    "assignee": _people,
    "client": _clients,
    "contact": _contacts,
    "contract": _contracts,
    "area": _areas,
    "queue": _queues,
    "tag": _tags,
    "created": _moments,
    "updated": _moments,
    "waiting": _moments,
    "solved": _moments,
    "due": _moments,
}
