from decimal import Decimal
from fractions import Fraction

import pytest

from ecuanime.rules.advances import deductible
from ecuanime.rules.money import round_half_up

from .examples import Row, cents, rows


@pytest.mark.parametrize(
    "row",
    rows("advance-invoices", "whole", "percent", "advance left", "deducted", "base", "tax", "total"),
)
def test_what_is_deducted_and_what_is_left_to_pay(row: Row) -> None:
    whole = cents(row["whole"])
    deducted = deductible(cents(row["advance left"]), whole)
    base = whole - deducted
    tax = round_half_up(Fraction(Decimal(row["percent"])) * base / 100)
    assert (deducted, base, tax, base + tax) == tuple(
        cents(row[name]) for name in ("deducted", "base", "tax", "total")
    )
