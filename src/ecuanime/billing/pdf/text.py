"""Other people's words, made safe to print: every letter in the fonts, nothing invisible that moves its neighbours.

PDF/A allows no missing letter, so what the vendored fonts lack is written in its plain form where Unicode has one
and shown as � where it has none. Markup needs no care here: texts reach typst as values, never as source.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from pathlib import Path

COVERAGE = Path(__file__).parent / "fonts" / "coverage.txt"
UNPRINTABLE = "\N{REPLACEMENT CHARACTER}"
# Control, format (bidirectional overrides, joiners), surrogates and private use; marks that only pick a variant.
DROPPED_CATEGORIES = {"Cc", "Cf", "Cs", "Co"}
VARIATION_SELECTORS = range(0xFE00, 0xFE10)


@cache
def covered() -> frozenset[int]:
    """The code points that every vendored font draws."""
    points: set[int] = set()
    for span in COVERAGE.read_text(encoding="ascii").split():
        first, _, last = span.partition("-")
        points.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(points)


def printable(text: str) -> str:
    """The text as it will be printed: composed, without invisible characters, line breaks kept."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    return "".join(_printable_character(character) for character in composed)


@lru_cache(maxsize=4096)
def _printable_character(character: str) -> str:
    if character == "\n":
        return character
    if character.isspace():
        return character if ord(character) in covered() else " "
    if unicodedata.category(character) in DROPPED_CATEGORIES or ord(character) in VARIATION_SELECTORS:
        return ""
    if ord(character) in covered():
        return character
    plain = unicodedata.normalize("NFKC", character)
    return plain if all(ord(letter) in covered() for letter in plain) else UNPRINTABLE
