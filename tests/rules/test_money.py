from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecuanime.rules.money import amount_for_minutes, currency_exponent, multiply, round_half_up, spread

from .examples import Row, rows

WEIGHTS = st.lists(st.integers(0, 10_000), min_size=1, max_size=12).filter(any)


@pytest.mark.parametrize("row", rows("money", "amount", "rounded"))
def test_a_half_goes_away_from_zero(row: Row) -> None:
    assert round_half_up(Fraction(row["amount"])) == int(row["rounded"])


@pytest.mark.parametrize("row", rows("money", "total", "weights", "parts"))
def test_spread_examples(row: Row) -> None:
    parts = spread(int(row["total"]), [int(weight) for weight in row["weights"].split()])
    assert parts == [int(part) for part in row["parts"].split()]


@pytest.mark.parametrize("row", rows("money", "minutes", "price per hour", "currency", "minor units"))
def test_minutes_at_a_price(row: Row) -> None:
    amount = amount_for_minutes(int(row["minutes"]), Decimal(row["price per hour"]), row["currency"])
    assert amount == Fraction(row["minor units"])


@given(st.integers(-100_000, 100_000), WEIGHTS)
def test_a_spread_sums_to_its_total_and_strays_less_than_one(total: int, weights: list[int]) -> None:
    parts = spread(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(total * weight, sum(weights))) < 1


@given(st.integers(0, 100_000), WEIGHTS, st.integers(1, 60))
def test_a_spread_knows_no_scale(total: int, weights: list[int], scale: int) -> None:
    assert spread(total, [Fraction(weight, scale) for weight in weights]) == spread(total, weights)


def test_a_total_needs_a_weight_to_carry_it() -> None:
    with pytest.raises(ValueError, match="nothing to spread"):
        spread(1, [0, 0])
    with pytest.raises(ValueError, match="never negative"):
        spread(1, [2, -1])


def test_products_stay_exact_beyond_the_usual_precision() -> None:
    long = Decimal("1.0000000000000000000000000001")
    assert Fraction(multiply(long, long)) == Fraction(long) ** 2


def test_currencies_without_or_with_more_decimals() -> None:
    assert [currency_exponent(code) for code in ("EUR", "MXN", "clp", "BHD", "CLF")] == [2, 2, 0, 3, 4]
