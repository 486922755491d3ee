"""Words as search compares them: small, without accents, letters and figures alone."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.db import models
from django.db.models import Field, Func, Lookup, Value
from django.db.models.functions import Lower

ACCENTED = "áàäâãåéèëêíìïîóòöôõúùüûñçý"
PLAIN = "aaaaaaeeeeiiiiooooouuuuncy"
APART = "@.-_+'’/"
_SEPARATORS = re.compile(r"[\W_]+")


@Field.register_lookup
class Mentions(Lookup):
    """`__mentions`: these letters stand in it, case aside, as `icontains` says, which puts together for every row anew
    what to look for; here that is done once.
    """

    lookup_name = "mentions"
    said = "STRPOS(UPPER({}), (SELECT UPPER({}))) > 0"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, of_left = self.process_lhs(compiler, connection)
        right, of_right = self.process_rhs(compiler, connection)
        return self.said.format(left, right), [*of_left, *of_right]


@Field.register_lookup
class OpensWith(Mentions):
    """`__opens_with`: it begins with these letters, in the same way."""

    lookup_name = "opens_with"
    said = "STARTS_WITH(UPPER({}), (SELECT UPPER({})))"


def fold(text: str) -> str:
    """`text` in lower case and without accents; compatibility forms (ﬁ, ①, full width) become plain ones."""
    small = text.casefold()
    if small.isascii():
        return small
    apart = unicodedata.normalize("NFKD", small)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def plain_words(text: str) -> str:
    """The folded words of `text` with one space between them: `Router-01.León` is `router 01 leon`."""
    return _SEPARATORS.sub(" ", fold(text)).strip()


def folded(column: str) -> Func:
    """The words of a column, folded, for the letters of western languages; the parts of an address stand apart.

    Capitals stand in the table too: some databases' `lower` knows ASCII alone.
    """
    table = Value(ACCENTED + ACCENTED.upper() + APART), Value(PLAIN + PLAIN + " " * len(APART))
    return Func(Lower(column), *table, function="translate", output_field=models.TextField())
