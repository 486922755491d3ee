"""Reading a query such as `is:open priority:<=high -tag:spam created:>2026-01-01 "does not start"`.

Terms stand beside each other and all of them must hold. A term is a word, a phrase in quotes, or `key:values` with
commas between values of which one must hold; `-` before a term turns it round. A value may be in quotes, begin with
`<`, `<=`, `>` or `>=`, or be a range `from..to`. The key of a field of the firm's own is `field.its_name`. Plain
Python: nothing here knows a ticket or asks a database.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _

LONGEST_QUERY = 500
MOST_TERMS = 20
MOST_VALUES = 20
KEPT = 1_000

_SPACE = re.compile(r"\s+")
KEY = re.compile(r"((?:field|campo)\.\w{1,80}|[^\W\d]\w{0,19}):", re.IGNORECASE)
_COMPARED = re.compile(r"<=|>=|<|>")
_BARE = re.compile(r'[^\s,"]+')
_WORD = re.compile(r'[^\s"]+')
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class Unreadable(ValueError):
    """A query that says nothing: `text` tells the person why, `at` and `length` which part of it is meant."""

    def __init__(self, text: str, at: int, length: int) -> None:
        super().__init__(text)
        self.text, self.at, self.length = text, at, length


@dataclass(frozen=True)
class Value:
    """One value of a term: `low` alone, compared by `op`, or with `op` `..` the range from `low` to `high`."""

    low: str
    at: int
    length: int
    op: str = ""
    high: str = ""


@dataclass(frozen=True)
class Term:
    """One condition. An empty `key` asks for the words of its one value, together as a phrase if they were quoted."""

    key: str
    values: tuple[Value, ...]
    at: int
    is_negated: bool = False
    is_phrase: bool = False


@dataclass(frozen=True)
class Query:
    """All conditions of a query, none of them for an empty one."""

    terms: tuple[Term, ...] = ()

    def __add__(self, other: Query) -> Query:
        """Both at once."""
        return Query(self.terms + other.terms)

    def asks_for(self, key: str) -> bool:
        """Whether any term has this key."""
        return any(term.key == key for term in self.terms)


@lru_cache(maxsize=KEPT)
def read_query(text: str) -> Query:
    """The terms of `text`; keys come in lower case and are not looked up here. Raises `Unreadable`."""
    if len(text) > LONGEST_QUERY:
        raise Unreadable(
            _("This is too long: %(most)s letters at most.") % {"most": LONGEST_QUERY}, 0, len(text)
        )
    odd = _UNSTORABLE.search(text)
    if odd:
        raise Unreadable(_("This contains a sign that no text has."), odd.start(), 1)
    terms: list[Term] = []
    at = _past_space(text, 0)
    while at < len(text):
        if len(terms) == MOST_TERMS:
            raise Unreadable(
                _("These are too many conditions: %(most)s at most.") % {"most": MOST_TERMS}, at, 1
            )
        term, at = _term(text, at)
        terms.append(term)
        at = _past_space(text, at)
    return Query(tuple(terms))


def _term(text: str, start: int) -> tuple[Term, int]:
    is_negated = text[start] == "-" and start + 1 < len(text) and not text[start + 1].isspace()
    at = start + is_negated
    if text[at] == '"':
        phrase, end = _quoted(text, at)
        return Term("", (Value(phrase, at, end - at),), start, is_negated, is_phrase=True), end
    named = KEY.match(text, at)
    if named and not text.startswith("//", named.end()):
        values, end = _values(text, named.end())
        return Term(named[1].lower(), values, start, is_negated), end
    word = _WORD.match(text, at)
    if word is None:
        raise Unreadable(_("Nothing stands here."), at, 1)
    return Term("", (Value(word[0], at, len(word[0])),), start, is_negated), word.end()


def _values(text: str, at: int) -> tuple[tuple[Value, ...], int]:
    values = []
    while True:
        value, at = _value(text, at)
        values.append(value)
        if at >= len(text) or text[at] != ",":
            return tuple(values), at
        if len(values) == MOST_VALUES:
            raise Unreadable(_("These are too many values: %(most)s at most.") % {"most": MOST_VALUES}, at, 1)
        at += 1


def _value(text: str, start: int) -> tuple[Value, int]:
    compared = _COMPARED.match(text, start)
    op, at = (compared[0], compared.end()) if compared else ("", start)
    if at < len(text) and text[at] == '"':
        quoted, end = _quoted(text, at)
        return Value(quoted, start, end - start, op), end
    bare = _BARE.match(text, at)
    if bare is None:
        raise Unreadable(_("A value is missing here."), max(start - 1, 0), 1)
    low, dots, high = bare[0].partition("..")
    if dots and not op and low and high:
        return Value(low, start, bare.end() - start, "..", high), bare.end()
    return Value(bare[0], start, bare.end() - start, op), bare.end()


def _quoted(text: str, start: int) -> tuple[str, int]:
    end = text.find('"', start + 1)
    if end < 0:
        raise Unreadable(_("This quotation is not closed."), start, len(text) - start)
    inside = text[start + 1 : end].strip()
    if not inside:
        raise Unreadable(_("There is nothing between these quotation marks."), start, 2)
    return inside, end + 1


def _past_space(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at
