"""Codes of the lists that EN 16931 names, as data."""

from __future__ import annotations

from ecuanime.billing.einvoice.values import EXPORT, INTRA_COMMUNITY, OUTSIDE, REVERSE

# UNECE Recommendation 20, by what people write as a unit, in lower case.
_UNITS = {
    "HUR": ("h", "hora", "horas", "hour", "hours"),
    "DAY": ("día", "días", "dia", "dias", "day", "days"),
    "MON": ("mes", "meses", "month", "months"),
    "ANN": ("año", "años", "year", "years"),
    "KMT": ("km",),
    "MTR": ("m",),
    "KGM": ("kg",),
    "LTR": ("l",),
}
_CODES = {word: code for code, words in _UNITS.items() for word in words}
PIECES = "C62"

# CEF code list VATEX, for the categories whose reason is always the same.
_EXEMPTIONS = {
    REVERSE: "VATEX-EU-AE",
    OUTSIDE: "VATEX-EU-O",
    INTRA_COMMUNITY: "VATEX-EU-IC",
    EXPORT: "VATEX-EU-G",
}


def unit_code(name: str) -> str:
    """The code of a unit; pieces where it is none of the known ones."""
    return _CODES.get(name.strip().lower(), PIECES)


def exemption_code(category: str) -> str:
    """BT-121 of a category without tax; empty where only the words of BT-120 say why."""
    return _EXEMPTIONS.get(category, "")
