"""The words of a query as the index over subjects holds them."""

from __future__ import annotations

import re

from ecuanime.foundation.words import APART, fold

_APART = str.maketrans(APART, " " * len(APART))
_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> str:
    """The text in lower case, without accents, and with spaces where names are taken apart."""
    return fold(text).translate(_APART)


def prefixes_of(text: str) -> str:
    """What asks the index for words that begin so, all of them: `correo:* & sale:*`; empty when there is none."""
    return " & ".join(f"{word}:*" for word in _WORD.findall(fold(text)))
