"""What somebody typed to search, as terms and as the query of the database."""

from __future__ import annotations

import re

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery, SearchQueryField
from django.db.models import Expression, Func, TextField, Value

from ecuanime.foundation.words import plain_words

MOST_TERMS = 12
SHORTEST_BEGINNING = 3
_TERM = re.compile(r'"([^"]+)"?|(\S+)')
_NUMBER = re.compile(r"\s*#?\s*(\d{1,15})\s*")


class TermsQuery(SearchQuery):
    """The room's own `search_query` of these terms, see its migration; a `SearchQuery` by what it answers."""

    def __init__(self, terms: list[str] | Expression) -> None:
        self.invert = False
        is_given = isinstance(terms, Expression)
        given = terms if is_given else Value(terms, output_field=ArrayField(TextField()))
        Func.__init__(self, given, function="search_query", output_field=SearchQueryField())


class WrittenQuery(SearchQuery):
    """A query as the database wrote it down. `TermsQuery` may be put together anew for each row that it is asked of."""

    def __init__(self, written: str | Expression) -> None:
        self.invert = False
        given = written if isinstance(written, Expression) else Value(written)
        Func.__init__(self, given, template="%(expressions)s::tsquery", output_field=SearchQueryField())


def number_in(text: str) -> int | None:
    """The ticket number that `text` consists of, if it is one: `#4817`, `4817`."""
    found = _NUMBER.fullmatch(text)
    return int(found[1]) if found else None


def terms_of(text: str) -> list[str]:
    """Each term in plain words; one that stands for beginnings, as the last word may, ends in `*`."""
    terms = []
    for quoted, word in _TERM.findall(text)[:MOST_TERMS]:
        plain = plain_words(quoted or word)
        if plain:
            terms.append(plain + "*" * (not quoted and word.endswith("*")))
    is_open = text.rstrip().endswith(('"', "*")) or text != text.rstrip()
    if terms and not is_open and len(terms[-1].split()[-1]) >= SHORTEST_BEGINNING:
        terms[-1] += "*"
    return terms
