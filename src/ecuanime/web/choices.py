"""Choices that several forms offer."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from babel.numbers import get_currency_name
from django.utils.translation import get_language

from ecuanime.staff.countries import country_choices

CURRENCIES = ("EUR", "MXN", "USD", "GBP", "ARS", "BRL", "CHF", "CLP", "COP", "PEN", "UYU")


@cache
def time_zone_choices() -> list[tuple[str, str]]:
    """The zones of places (`Europe/Madrid`), by name, and UTC."""
    regions = (
        "Africa/",
        "America/",
        "Antarctica/",
        "Asia/",
        "Atlantic/",
        "Australia/",
        "Europe/",
        "Indian/",
        "Pacific/",
    )
    places = sorted(zone for zone in available_timezones() if zone.startswith(regions))
    return [(zone, zone.replace("_", " ")) for zone in [*places, "UTC"]]


def countries() -> list[tuple[str, str]]:
    """Countries by name, in the reader's language."""
    return country_choices(get_language() or "es")


def currencies() -> list[tuple[str, str]]:
    """The currencies the product knows best: code and name in the reader's language."""
    locale = (get_language() or "es").split("-")[0]
    return [(code, f"{code}, {get_currency_name(code, locale=locale)}") for code in CURRENCIES]
