"""Countries, their names, and their regions with holidays of their own."""

from __future__ import annotations

import unicodedata
from functools import cache

import holidays
from babel import Locale

EURO_AREA = frozenset(
    {
        "AT",
        "BE",
        "BG",
        "CY",
        "DE",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
    }
    | {"PT", "SI", "SK"}
)
CURRENCIES = {
    "MX": "MXN",
    "US": "USD",
    "GB": "GBP",
    "CO": "COP",
    "AR": "ARS",
    "CL": "CLP",
    "PE": "PEN",
    "CZ": "CZK",
    "DK": "DKK",
    "HU": "HUF",
    "PL": "PLN",
    "RO": "RON",
    "SE": "SEK",
}
_NOT_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}
ZONES = {
    "ES": "Europe/Madrid",
    "MX": "America/Mexico_City",
    "IE": "Europe/Dublin",
    "PT": "Europe/Lisbon",
    "FR": "Europe/Paris",
    "DE": "Europe/Berlin",
    "IT": "Europe/Rome",
    "GB": "Europe/London",
    "US": "America/New_York",
    "CO": "America/Bogota",
    "AR": "America/Argentina/Buenos_Aires",
    "CL": "America/Santiago",
    "PE": "America/Lima",
}


@cache
def country_choices(language: str) -> list[tuple[str, str]]:
    """ISO codes with their names in `language`, by name."""
    return sorted(_names_in(language.split("-")[0]).items(), key=lambda pair: _folded(pair[1]))


def is_country(code: str) -> bool:
    """Whether `code` is the two-letter code of a country."""
    return code in _names_in("en")


def is_currency(code: str) -> bool:
    """Whether `code` is the three-letter code of a currency."""
    return code in Locale.parse("en").currencies


def known_currency(country: str) -> str:
    """The currency of a country; empty where we do not know it."""
    return "EUR" if country in EURO_AREA else CURRENCIES.get(country, "")


def usual_currency(country: str) -> str:
    """What to propose as currency; the euro where we know no better."""
    return known_currency(country) or "EUR"


def usual_zone(country: str) -> str:
    """What to propose as time zone; UTC where we know no better."""
    return ZONES.get(country, "UTC")


@cache
def region_choices(country: str) -> list[tuple[str, str]]:
    """The regions of a country that keep holidays of their own: code and name, by name; empty when we know none."""
    calendar = _calendar(country)
    if calendar is None:
        return []
    names: dict[str, str] = {}
    for name, code in calendar.subdivisions_aliases.items():
        names[code] = f"{names[code]} / {name}" if code in names else name
    regions = ((code, names.get(code, code)) for code in calendar.subdivisions if len(code) <= 10)
    return sorted(regions, key=lambda pair: _folded(pair[1]))


def has_holidays(country: str) -> bool:
    """Whether we know the public holidays of this country."""
    return _calendar(country) is not None


@cache
def _names_in(language: str) -> dict[str, str]:
    names = ((str(code), str(name)) for code, name in Locale.parse(language).territories.items())
    return {
        code: name for code, name in names if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES
    }


@cache
def _calendar(country: str) -> holidays.HolidayBase | None:
    try:
        return holidays.country_holidays(country) if is_country(country) else None
    except NotImplementedError:
        return None


def _folded(name: str) -> str:
    letters = unicodedata.normalize("NFD", name.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
