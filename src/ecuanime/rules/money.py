"""Money: exact amounts, rounded half-up once, and sums that spread without losing a cent.

Amounts are integer minor units (cents) of a currency; prices are Decimal per hour in major units.
See docs/rules/money.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Context, Decimal, Inexact
from fractions import Fraction

Exact = int | Decimal | Fraction

# ISO 4217 currencies whose minor unit is not a hundredth.
_EXPONENTS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"), 0),
    **dict.fromkeys(("RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}

_EXACT = Context(prec=200, traps=[Inexact])


def currency_exponent(currency: str) -> int:
    """How many decimals a currency's minor unit has: 2 for EUR and MXN, 0 for CLP (ISO 4217)."""
    return _EXPONENTS.get(currency.upper(), 2)


def round_half_up(amount: Exact) -> int:
    """The nearest integer; a half goes away from zero, so that a credit note mirrors its invoice."""
    exact = Fraction(amount)
    magnitude = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    return magnitude if exact >= 0 else -magnitude


def to_minor(amount: Exact, currency: str) -> Fraction:
    """A major-unit amount (30.00 euros) as exact minor units (3000 cents)."""
    return Fraction(amount) * Fraction(10 ** currency_exponent(currency))


def amount_for_minutes(minutes: int | Fraction, price_per_hour: Decimal, currency: str) -> Fraction:
    """Minutes × price per hour as exact minor units: 20 min at 30.00 €/h is 1000."""
    return minutes * to_minor(price_per_hour, currency) / 60


def multiply(*factors: Decimal) -> Decimal:
    """The exact product, whatever the thread's Decimal context says."""
    product = Decimal(1)
    for factor in factors:
        product = _EXACT.multiply(product, factor)
    return product


def spread(total: int, weights: Sequence[int | Fraction]) -> list[int]:
    """Split `total` in proportion to `weights` so that the parts sum to it (largest remainder).

    What is left after rounding down goes, one each, to the largest remainders; ties go in the order given.
    A negative total is spread like its opposite. Raises ValueError for a negative weight, and for a total
    with no weight to carry it.
    """
    if any(weight < 0 for weight in weights):
        raise ValueError("a weight is never negative")
    whole = sum(weights)
    if total == 0:
        return [0] * len(weights)
    if whole == 0:
        raise ValueError("nothing to spread a total over")
    if total < 0:
        return [-part for part in spread(-total, weights)]
    parts: list[int] = []
    remainders: list[int | Fraction] = []
    for weight in weights:
        part, remainder = divmod(total * weight, whole)
        parts.append(int(part))
        remainders.append(remainder)
    by_remainder = sorted(range(len(parts)), key=lambda place: -remainders[place])
    for place in by_remainder[: total - sum(parts)]:
        parts[place] += 1
    return parts
