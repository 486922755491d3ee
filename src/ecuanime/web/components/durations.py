"""Durations as people type them: `1:30`, `90`, `1 h 30`, `1,5 h`, `45 min`. Whole seconds come out."""

from __future__ import annotations

import re
from decimal import Decimal

_COLON = re.compile(r"(\d{1,3}):([0-5]?\d)")
_HOURS = r"(?:(\d{1,3}(?:[.,]\d{1,2})?)\s*h(?:oras?|ours?)?)?"
_MINUTES = r"(?:(\d{1,4})\s*(?:m(?:in(?:utos?|utes?)?)?)?)?"
_WORDS = re.compile(rf"{_HOURS}\s*{_MINUTES}")


def seconds_of(text: str) -> int | None:
    """The seconds that `text` says, a bare number being minutes; None when it says no duration."""
    plain = " ".join(text.lower().replace("\N{NO-BREAK SPACE}", " ").split())
    if colon := _COLON.fullmatch(plain):
        return int(colon[1]) * 3600 + int(colon[2]) * 60
    words = _WORDS.fullmatch(plain)
    if words is None or not (words[1] or words[2]):
        return None
    hours = Decimal((words[1] or "0").replace(",", "."))
    return int(hours * 3600) + int(words[2] or 0) * 60


def typed(seconds: int | None) -> str:
    """Seconds as one would type them, `1:30`; empty for none. Seconds below the minute are cut."""
    return "" if seconds is None else f"{seconds // 3600}:{seconds // 60 % 60:02d}"
