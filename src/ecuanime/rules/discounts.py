"""Discounts: on a line, by percentage or by amount, and on a whole document, spread over its tax rates.

Amounts are integer minor units. See docs/rules/discounts.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .money import round_half_up, spread


@dataclass(frozen=True, slots=True)
class Discount:
    """So many per cent (10 takes a tenth off) or an amount in minor units: one of the two."""

    percent: Decimal | None = None
    amount: int | None = None

    def __post_init__(self) -> None:
        if (self.percent is None) == (self.amount is None):
            raise ValueError("a discount is a percentage or an amount")

    def of(self, gross: int) -> int:
        """What it takes off an amount: a percentage is rounded half-up once."""
        if self.percent is None:
            return self.amount or 0
        return round_half_up(Fraction(self.percent) * gross / 100)


def spread_discount(discount: Discount, bases: Mapping[str, int]) -> dict[str, int]:
    """What a document's discount takes off the base of each tax, by largest remainder; ties go in the order given.

    Only bases above zero carry it, and it never takes off more than they come to.
    """
    carrying = {tax: base for tax, base in bases.items() if base > 0}
    whole = sum(carrying.values())
    parts = spread(min(discount.of(whole), whole), list(carrying.values()))
    return {tax: part for tax, part in zip(carrying, parts, strict=True) if part}
