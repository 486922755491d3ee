"""The piece of a text in which the words that were looked for stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ecuanime.foundation.words import fold

BEFORE, LENGTH = 60, 220
SCANNED = 50_000
_WORD = re.compile(r"[^\W_]+")


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
    hits = [found.span() for found in _WORD.finditer(flat) if _is_hit(fold(found[0]), lexemes)]
    if not hits:
        return ()
    first = hits[0][0]
    start = (
        0
        if first <= BEFORE
        else flat.index(" ", first - BEFORE, first) + 1
        if " " in flat[first - BEFORE : first]
        else first
    )
    end = _end(flat, start)
    pieces, at = [Piece("…")] if start else [], start
    for begins, ends in hits:
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


def _is_hit(word: str, lexemes: Sequence[str]) -> bool:
    """A stem stands for the words that begin with it; one of two letters only for itself."""
    return any(word == lexeme or (len(lexeme) > 2 and word.startswith(lexeme)) for lexeme in lexemes)
