"""Phone numbers as people write them."""

from __future__ import annotations

import re

LONGEST = 30
_WRITTEN = re.compile(r"\+?[0-9 ().\-/]+")
_DIGITS = range(6, 16)
"""The shortest numbers that a country gives out have six; ITU-T E.164 allows fifteen with the country's code."""


def phone_number(text: str) -> str | None:
    """A number as it was written, with single spaces; None when it cannot be dialled."""
    plain = " ".join(text.split())
    digits = sum(each.isdecimal() for each in plain)
    is_number = len(plain) <= LONGEST and digits in _DIGITS and _WRITTEN.fullmatch(plain)
    return plain if is_number else None


def dialled(number: str) -> str:
    """A number as a link takes it: its digits, with the plus that may stand before them."""
    return re.sub(r"[^0-9+]", "", number)
