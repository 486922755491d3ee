"""Links of ours that open a door to whoever has them, cut out of what other people are shown.

Somebody who answers one of our mails often quotes it whole, and a link guard writes it anew, percent-encoded.
"""

from __future__ import annotations

import re

CUT = "…"
_SLASH = r"(?:/|%2F|%252F)"
_COLON = r"(?::|%3A|%253A)"
_KEYS = re.compile(
    rf"((?:caso|opinion){_SLASH}\d+{_COLON}|password{_SLASH}reset{_SLASH}key{_SLASH}(?=[\w-]{{20}})"
    rf"|(?:entrar|urgencia|pedir|inicio){_SLASH}(?=[\w-]{{40}}))[\w-]+",
    re.ASCII | re.IGNORECASE,
)
"""Addresses of `web.public` with what cannot be guessed in them: a signature, a token, the key of a new password."""


def without_keys(text: str) -> str:
    """A text or its HTML in which every such link still says what it led to, and opens nothing."""
    return _KEYS.sub(rf"\1{CUT}", text)
