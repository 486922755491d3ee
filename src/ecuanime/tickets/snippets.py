"""The piece of a text in which the words that were looked for stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from ecuanime.foundation.words import fold

BEFORE, LENGTH = 60, 220
SCANNED = 50_000
_WORD = re.compile(r"[^\W_]+")
_USUAL = 40
_folded = lru_cache(maxsize=10_000)(fold)


@dataclass(frozen=True)
class Piece:
    """A stretch of text; `is_hit` says that it is one of the words."""

    text: str
    is_hit: bool = False


def snippet(text: str, lexemes: Sequence[str]) -> tuple[Piece, ...]:
    """Some 200 characters of `text` around the first word that begins with one of `lexemes` (folded), in pieces.

    Cut between words, on one line, `…` where something is left out. Empty when none stands there.
    """
    flat = " ".join(text[:SCANNED].split())
    hits = _hits(flat, lexemes)
    hit = next(hits, None)
    if hit is None:
        return ()
    first = hit[0]
    start = (
        0
        if first <= BEFORE
        else flat.index(" ", first - BEFORE, first) + 1
        if " " in flat[first - BEFORE : first]
        else first
    )
    end = _end(flat, start)
    pieces, at = [Piece("…")] if start else [], start
    for begins, ends in chain([hit], hits):
        if ends > end:
            break
        pieces += [Piece(flat[at:begins])] * (begins > at) + [Piece(flat[begins:ends], is_hit=True)]
        at = ends
    rest = flat[at:end] + ("…" if end < len(flat) else "")
    return (*pieces, *([Piece(rest)] if rest else []))


def _end(flat: str, start: int) -> int:
    if len(flat) <= start + LENGTH:
        return len(flat)
    space = flat.rfind(" ", start, start + LENGTH)
    return space if space > start + BEFORE else start + LENGTH


def _hits(text: str, lexemes: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where the words stand, found as far as they are asked for: long texts are not read to their end for nothing.

    A stem stands for the words that begin with it; one of two letters only for itself.
    """
    whole, beginnings = frozenset(lexemes), tuple(lexeme for lexeme in lexemes if len(lexeme) > 2)
    for found in _WORD.finditer(text):
        # A language has few words, and all mails are made of them; what is longer is none, and is not kept.
        word = _folded(found[0]) if len(found[0]) <= _USUAL else fold(found[0])
        if word in whole or word.startswith(beginnings):
            yield found.span()
