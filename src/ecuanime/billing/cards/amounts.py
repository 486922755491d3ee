"""Money in the units in which Stripe counts it, which are not ISO 4217's for every currency.

Source: docs.stripe.com/currencies, "Zero-decimal currencies", "Special cases" and "Three-decimal currencies".
"""

from __future__ import annotations

from fractions import Fraction

from ecuanime.rules.money import currency_exponent

_WHOLE = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
)
_THOUSANDTHS = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])
_IN_TENS = 10
"""Amounts in thousandths have to end in zero; ISK and UGX, counted in hundredths, have to be whole."""


def to_stripe(minor: int, currency: str) -> int | None:
    """Minor units of a currency as Stripe counts them; None for what it cannot charge exactly."""
    amount = minor * _ratio(currency)
    step = _IN_TENS if currency in _THOUSANDTHS else 1
    return int(amount) if amount.denominator == 1 and amount % step == 0 else None


def from_stripe(amount: int, currency: str) -> int | None:
    """What Stripe says as minor units; None for what is no whole number of them."""
    minor = amount / _ratio(currency)
    return int(minor) if minor.denominator == 1 else None


def _ratio(currency: str) -> Fraction:
    decimals = 0 if currency in _WHOLE else 3 if currency in _THOUSANDTHS else 2
    return Fraction(10) ** (decimals - currency_exponent(currency))
