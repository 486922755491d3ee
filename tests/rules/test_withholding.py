"""What a customer keeps back: docs/rules/withholding.md."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecuanime.rules.withholding import Bears, Part, withheld_on, withholding_base

from .examples import Row, cents, rows

PARTS = st.lists(
    st.builds(
        Part, st.sampled_from(["a", "b"]), st.integers(0, 10**9), st.sampled_from([Bears.INCOME, Bears.GOODS])
    )
)
PERCENTS = st.decimals(0, 100, places=3)


@pytest.mark.parametrize(
    "row", rows("withholding", "income", "goods", "discount", "deducted", "rate", "base", "withheld")
)
def test_it_is_on_the_income_of_the_activity(row: Row) -> None:
    base = withholding_base(Part("iva", cents(row[name]), Bears(name)) for name in Bears)

    assert (base, withheld_on(Decimal(row["rate"]), base)) == (cents(row["base"]), cents(row["withheld"]))


@pytest.mark.parametrize("row", rows("withholding", "base", "tax", "withheld", "total", "to be paid"))
def test_it_lowers_what_is_to_be_paid_and_never_the_total(row: Row) -> None:
    base, tax, total = cents(row["base"]), cents(row["tax"]), cents(row["total"])

    assert base + tax == total
    assert withheld_on(Decimal(15), base) == cents(row["withheld"])
    assert total - withheld_on(Decimal(15), base) == cents(row["to be paid"])


@given(PARTS, PERCENTS)
def test_without_goods_all_that_is_charged_counts(parts: list[Part], percent: Decimal) -> None:
    income = [Part(part.tax, part.amount, Bears.INCOME) for part in parts]
    base = withholding_base(income)

    assert base == sum(part.amount for part in income)
    assert 0 <= withheld_on(percent, base) <= base
    assert withheld_on(percent, -base) == -withheld_on(percent, base)


@given(PARTS, st.integers(0, 100))
def test_a_discount_takes_no_more_than_its_share(parts: list[Part], percent: int) -> None:
    whole: dict[str, int] = {}
    for part in parts:
        whole[part.tax] = whole.get(part.tax, 0) + part.amount
    discounts = [Part(tax, -amount * percent // 100, Bears.DISCOUNT) for tax, amount in whole.items()]

    before, after = withholding_base(parts), withholding_base([*parts, *discounts])

    assert -1 <= after <= before
    assert abs(after - before * (100 - percent) / 100) <= len(whole) * 2
