"""Facturae's own codes, as data."""

from __future__ import annotations

from functools import cache

from babel.core import get_global

from ecuanime.billing.einvoice.values import Party
from ecuanime.billing.packs.generic.rates import EU_MEMBERS

WITHHELD = "04"
TRANSFER = "04"
DIFFERENCES = "02"
ROLES = {"01": "accounting", "02": "managing", "03": "processing"}
"""DIR3 roles: oficina contable, órgano gestor, unidad tramitadora."""

_LEVIES = {"L": "03", "M": "02"}
_UNITS = {"C62": "01", "HUR": "02", "MIN": "02", "KGM": "03", "LTR": "04"}
_OF_PERSONS = frozenset("0123456789XYZKLM")
"""How the NIF of a natural person begins (Orden EHA/451/2008 names the others)."""

_GONE = frozenset({"BUR", "DDR", "FXX", "TMP", "YMD", "ZAR"})
"""Codes of countries that are called otherwise now."""


def levy(category: str) -> str:
    """IGIC and IPSI by their EN 16931 categories; IVA else."""
    return _LEVIES.get(category, "01")


def unit(code: str) -> str:
    """By UNECE's code; units where Facturae has none for it. Minutes at a price per 60 are hours."""
    return _UNITS.get(code, "01")


def person(party: Party) -> str:
    """F for a natural person, J for any other: what a Spanish NIF tells; abroad it is taken for a company."""
    return "F" if party.country == "ES" and party.tax_id[:1] in _OF_PERSONS else "J"


def residence(country: str) -> str:
    """R in Spain, U in the Union, E beyond."""
    if country == "ES":
        return "R"
    return "U" if country in EU_MEMBERS else "E"


def country3(country: str) -> str:
    """The three letters of ISO 3166-1; empty where none are known."""
    return _threes().get(country, "")


@cache
def _threes() -> dict[str, str]:
    aliases = get_global("territory_aliases")
    in_use = {code: to for code, to in aliases.items() if len(code) == 3 and code not in _GONE}
    return {to[0]: code for code, to in in_use.items() if code.isalpha() and len(to) == 1}
