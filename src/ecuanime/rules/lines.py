"""Lines: priced stretches of work become invoice lines, annex amounts and taxes.

What has the same contract, price, label and tax on one invoice is one line, rounded half-up once; the annex
amounts are the line's minor units spread by largest remainder. See docs/rules/lines.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import groupby

from .discounts import Discount
from .hours import HUNDREDTHS_PER_MINUTE, MINUTES_PER_HOUR
from .money import round_half_up, spread, to_minor


class Unit(StrEnum):
    """What a quantity counts: minutes priced per 60, or pieces priced each."""

    MINUTES = "minutes"
    PIECES = "pieces"


@dataclass(frozen=True, slots=True)
class Charge:
    """One priced stretch of work: `quantity` is exact minutes (price per hour) or pieces (price each).

    `label` is whatever makes two lines read differently, such as the work type; `tax` names the tax that
    applies.
    """

    id: int
    contract_id: int
    label: str
    tax: str
    quantity: Fraction
    price: Decimal
    unit: Unit = Unit.MINUTES

    @property
    def line_key(self) -> tuple[int, str, Decimal, str, str]:
        """Charges with the same key are one line of an invoice."""
        return (self.contract_id, self.label, self.price, self.tax, self.unit)


@dataclass(frozen=True, slots=True)
class Share:
    """The part of a line's amount that the annex shows for one charge, in minor units."""

    charge_id: int
    quantity: Fraction
    amount: int


@dataclass(frozen=True, slots=True)
class Line:
    """An invoice line. `quantity` × `price` (per 60 for minutes), rounded half-up, less `discount`, is `amount`.

    Amounts are in minor units.
    """

    contract_id: int
    label: str
    tax: str
    unit: Unit
    quantity: Fraction
    price: Decimal
    amount: int
    shares: tuple[Share, ...]
    discount: int = 0
    discount_percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Tax:
    """One tax of an invoice: rate in per cent, base and amount in minor units."""

    key: str
    rate: Decimal
    base: int
    amount: int


def join(charges: Iterable[Charge], currency: str) -> tuple[Line, ...]:
    """The invoice's lines, in the order in which each first appears among the charges.

    A quantity is printed to the hundredth of a minute, the ledger's unit; a line whose exact sum is finer
    is rounded there once, before it is multiplied, so that what is printed multiplies.
    """
    by_key: dict[tuple[int, str, Decimal, str, str], list[Charge]] = {}
    for charge in charges:
        by_key.setdefault(charge.line_key, []).append(charge)
    return tuple(_line(members, currency) for members in by_key.values())


def less(line: Line, discount: Discount) -> Line:
    """A line of time less a discount, at most all of it; its annex shows what each charge still costs."""
    taken = min(discount.of(line.amount), line.amount)
    amount = line.amount - taken
    parts = spread(amount, [share.quantity for share in line.shares])
    shares = tuple(replace(share, amount=part) for share, part in zip(line.shares, parts, strict=True))
    return replace(line, amount=amount, shares=shares, discount=taken, discount_percent=discount.percent)


def line_amount(quantity: Fraction, price: Decimal, unit: Unit, currency: str) -> int:
    """What a printed quantity at a printed price comes to, in minor units, rounded half-up once."""
    per = MINUTES_PER_HOUR if unit == Unit.MINUTES else 1
    return round_half_up(quantity * to_minor(price, currency) / per)


def _line(charges: Sequence[Charge], currency: str) -> Line:
    first = charges[0]
    exact = sum((charge.quantity for charge in charges), Fraction(0))
    quantity = _printed(exact) if first.unit == Unit.MINUTES else exact
    amount = line_amount(quantity, first.price, first.unit, currency)
    parts = spread(amount, [charge.quantity for charge in charges])
    shares = tuple(
        Share(charge.id, charge.quantity, part) for charge, part in zip(charges, parts, strict=True)
    )
    return Line(first.contract_id, first.label, first.tax, first.unit, quantity, first.price, amount, shares)


def _printed(minutes: Fraction) -> Fraction:
    return Fraction(round_half_up(minutes * HUNDREDTHS_PER_MINUTE), HUNDREDTHS_PER_MINUTE)


def taxes(lines: Iterable[Line], rates: dict[str, Decimal], *, per_line: bool = False) -> tuple[Tax, ...]:
    """The taxes of an invoice, by key. `rates` are per cent.

    Each is rounded half-up on the sum of its lines, or line by line where the country's law says so.
    Raises KeyError for a line whose tax has no rate.
    """
    ordered = sorted(lines, key=lambda line: line.tax)
    return tuple(
        _tax(key, rates[key], [line.amount for line in members], per_line)
        for key, members in groupby(ordered, key=lambda line: line.tax)
    )


def _tax(key: str, rate: Decimal, bases: Sequence[int], per_line: bool) -> Tax:
    return Tax(key, rate, sum(bases), tax_on(rate, bases, per_line=per_line))


def tax_on(percent: Decimal, bases: Sequence[int], *, per_line: bool = False) -> int:
    """The tax on some lines, minor units: on their sum, or line by line. See docs/rules/tax-rounding.md."""
    share = Fraction(percent) / 100
    if per_line:
        return sum(round_half_up(base * share) for base in bases)
    return round_half_up(sum(bases) * share)
