"""Credits: a part of what was charged is taken off so that all parts together come to the whole, to the cent.

Amounts are integer minor units. See docs/rules/credit-notes.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from .lines import tax_on
from .money import round_half_up


def credit_of_part(amount: int, whole: Fraction, before: Fraction, part: Fraction) -> int:
    """What crediting `part` of `whole` takes off a line of `amount`, when `before` of it was credited already.

    It is the difference of what is left, rounded half-up before and after. Raises ValueError for a part that is not
    there.
    """
    if not 0 < part <= whole - before or before < 0:
        raise ValueError("no more is credited than is left")
    return round_half_up(amount * (before + part) / whole) - round_half_up(amount * before / whole)


def tax_of_credit(percent: Decimal, tax_left: int, left: Sequence[int], *, per_line: bool = False) -> int:
    """The tax that goes back with a credit which leaves so much of each line: what is left is taxed right after it."""
    return tax_left - tax_on(percent, left, per_line=per_line)
