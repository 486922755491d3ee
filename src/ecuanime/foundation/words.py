"""Words as search compares them: small, without accents, letters and figures alone."""

from __future__ import annotations

import re
import unicodedata

from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import Lower

ACCENTED = "áàäâãåéèëêíìïîóòöôõúùüûñçý"
PLAIN = "aaaaaaeeeeiiiiooooouuuuncy"
APART = "@.-_+'’/"
_SEPARATORS = re.compile(r"[\W_]+")


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
