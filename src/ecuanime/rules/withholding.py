"""Income tax that a customer keeps back: a share of what services come to, taken off what is to be paid.

It never changes base, tax or total of a document. See docs/rules/withholding.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from .money import round_half_up


class Bears(StrEnum):
    """What a line is to the withholding: income of the activity, goods that are none, or a discount on both."""

    INCOME = "income"
    GOODS = "goods"
    DISCOUNT = "discount"
    DEDUCTED = "deducted"


@dataclass(frozen=True, slots=True)
class Part:
    """A line: the tax it stands under, its amount in minor units, and what it is."""

    tax: str
    amount: int
    bears: Bears


def withholding_base(parts: Iterable[Part]) -> int:
    """What is subject to withholding, in minor units: income, less its share of discounts and advances deducted.

    A discount belongs to one tax and is shared by what stands under it, in proportion, half-up.
    """
    sums: dict[str, dict[Bears, int]] = {}
    for part in parts:
        of_tax = sums.setdefault(part.tax, dict.fromkeys(Bears, 0))
        of_tax[part.bears] += part.amount
    return sum(_base_of(of_tax) for of_tax in sums.values())


def _base_of(sums: dict[Bears, int]) -> int:
    whole = sums[Bears.INCOME] + sums[Bears.GOODS]
    share = Fraction(sums[Bears.INCOME], whole) if whole else Fraction(0)
    return sums[Bears.INCOME] + round_half_up(sums[Bears.DISCOUNT] * share) + sums[Bears.DEDUCTED]


def withheld_on(percent: Decimal, base: int) -> int:
    """What the customer keeps back of a base, in minor units, half-up once."""
    return round_half_up(Fraction(percent) * base / 100)
