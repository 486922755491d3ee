"""Quantities in words of the reader's language: hours and minutes, or incidents."""

from __future__ import annotations

from django.utils.translation import get_language, ngettext

from ecuanime.contracts.models import Unit
from ecuanime.foundation import formats


def quantity_words(quantity: int, unit: str, *, plus: bool = False) -> str:
    """So much of a lot: `3 h 30` of hundredths of a minute, `3 incidents` of whole incidents; `plus` signs it."""
    if unit == Unit.INCIDENTS:
        return f"+{_incidents(quantity)}" if plus and quantity > 0 else _incidents(quantity)
    return formats.hours_of_hundredths(quantity, formats.locale_for(get_language()), plus=plus)


def bought_words(quantity: int, unit: str) -> str:
    """So much as it is bought: `20 hours`, `10 incidents`."""
    if unit == Unit.INCIDENTS:
        return _incidents(quantity)
    return ngettext("%(hours)d hour", "%(hours)d hours", quantity) % {"hours": quantity}


def _incidents(quantity: int) -> str:
    return ngettext("%(number)d incident", "%(number)d incidents", quantity) % {"number": quantity}
