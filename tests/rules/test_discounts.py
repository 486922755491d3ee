from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecuanime.rules.discounts import Discount, spread_discount
from ecuanime.rules.lines import Charge, Unit, join, less, line_amount

from .examples import Row, cents, rows


def discount(words: str) -> Discount:
    """ "10 %" or "15.00"."""
    if words.endswith("%"):
        return Discount(percent=Decimal(words.removesuffix("%").strip()))
    return Discount(amount=cents(words))


@pytest.mark.parametrize(
    "row", rows("discounts", "quantity", "price", "discount", "gross", "taken off", "amount")
)
def test_a_line_is_rounded_before_its_discount(row: Row) -> None:
    gross = line_amount(Fraction(row["quantity"]), Decimal(row["price"]), Unit.PIECES, "EUR")
    taken = discount(row["discount"]).of(gross)
    assert (gross, taken, gross - taken) == tuple(
        cents(row[name]) for name in ("gross", "taken off", "amount")
    )


@pytest.mark.parametrize(
    "row", rows("discounts", "minutes", "price per hour", "less", "taken off", "line", "entries")
)
def test_a_line_of_time_and_its_entries_cost_less(row: Row) -> None:
    charges = [
        Charge(place, 1, "remote", "iva", Fraction(minutes), Decimal(row["price per hour"]))
        for place, minutes in enumerate(row["minutes"].split())
    ]
    [line] = join(charges, "EUR")
    cheaper = less(line, discount(row["less"]))
    assert (cheaper.discount, cheaper.amount) == (cents(row["taken off"]), cents(row["line"]))
    assert [share.amount for share in cheaper.shares] == [cents(part) for part in row["entries"].split()]


@pytest.mark.parametrize("row", rows("discounts", "bases", "discount", "parts"))
def test_a_documents_discount_is_spread_over_its_taxes(row: Row) -> None:
    bases = {str(place): cents(base) for place, base in enumerate(row["bases"].split())}
    parts = spread_discount(discount(row["discount"]), bases)
    assert [parts.get(tax, 0) for tax in bases] == [cents(part) for part in row["parts"].split()]


@pytest.mark.parametrize("facts", [{}, {"percent": Decimal(1), "amount": 1}])
def test_it_is_one_or_the_other(facts: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="percentage or an amount"):
        Discount(**facts)


@given(
    bases=st.dictionaries(st.text(max_size=3), st.integers(-10_000, 10_000), max_size=5),
    percent=st.decimals(0, 100, places=3),
)
def test_no_base_goes_below_zero_and_no_cent_is_lost(bases: dict[str, int], percent: Decimal) -> None:
    parts = spread_discount(Discount(percent=percent), bases)
    whole = sum(base for base in bases.values() if base > 0)
    assert sum(parts.values()) == Discount(percent=percent).of(whole)
    assert all(0 < part <= bases[tax] for tax, part in parts.items())
