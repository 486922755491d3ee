"""Quantities in words of the reader's language: hours and minutes, or incidents."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ecuanime.contracts.models import Unit
from ecuanime.contracts.words import bought as bought_words
from ecuanime.foundation import formats

__all__ = ["bought_words", "price_words", "quantity_words"]


def price_words(price: Decimal, unit: str, currency: str) -> str:
    """What one of a lot's unit costs: `€30.00 an hour`."""
    words = _("%(price)s an incident") if unit == Unit.INCIDENTS else _("%(price)s an hour")
    return words % {"price": formats.price(price, currency, formats.locale_for(get_language(), currency))}


def quantity_words(quantity: int, unit: str, *, plus: bool = False) -> str:
    """So much of a lot: `3 h 30` of hundredths of a minute, `3 incidents` of whole incidents; `plus` signs it."""
    if unit == Unit.INCIDENTS:
        words = bought_words(quantity, unit)
        return f"+{words}" if plus and quantity > 0 else words
    return formats.hours_of_hundredths(quantity, formats.locale_for(get_language()), plus=plus)
