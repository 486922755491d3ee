from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecuanime.rules.credits import credit_of_part, tax_of_credit
from ecuanime.rules.lines import tax_on
from ecuanime.rules.money import round_half_up

from .examples import Row, cents, rows


@pytest.mark.parametrize(
    "row", rows("credit-notes", "amount", "units", "credited one after the other", "taken off")
)
def test_parts_come_to_the_whole(row: Row) -> None:
    amount, whole, before, taken = cents(row["amount"]), Fraction(row["units"]), Fraction(0), []
    for part in map(Fraction, row["credited one after the other"].split()):
        taken.append(credit_of_part(amount, whole, before, part))
        before += part
    assert taken == [cents(part) for part in row["taken off"].split()]
    assert sum(taken) == amount


@pytest.mark.parametrize(
    "row", rows("credit-notes", "base", "percent", "credited one after the other", "tax that goes back")
)
def test_the_last_part_empties_the_tax(row: Row) -> None:
    percent, base = Decimal(row["percent"]), cents(row["base"])
    tax, given_back = round_half_up(Fraction(percent) * base / 100), []
    for credited in (cents(part) for part in row["credited one after the other"].split()):
        back = tax_of_credit(percent, tax, [base - credited])
        base, tax = base - credited, tax - back
        given_back.append(back)
    assert given_back == [cents(part) for part in row["tax that goes back"].split()]
    assert (base, tax) == (0, 0)


@pytest.mark.parametrize(("before", "part"), [(0, 4), (3, 1), (0, 0), (0, -1), (-1, 1)])
def test_no_more_than_is_left(before: int, part: int) -> None:
    with pytest.raises(ValueError, match="left"):
        credit_of_part(100, Fraction(3), Fraction(before), Fraction(part))


@given(
    amount=st.integers(1, 10**7),
    parts=st.lists(st.fractions("1/1000", 100, max_denominator=1000), min_size=1, max_size=8),
)
def test_no_cent_is_lost_however_it_is_cut(amount: int, parts: list[Fraction]) -> None:
    whole, before, taken = sum(parts, Fraction(0)), Fraction(0), 0
    for part in parts:
        one = credit_of_part(amount, whole, before, part)
        assert one >= 0
        before, taken = before + part, taken + one
    assert taken == amount


@pytest.mark.parametrize(
    "row",
    rows(
        "tax-rounding",
        "line amounts", "rate", "rounded", "left after the first note", "goes back", "left after the second",
        "goes back then",
    ),
)  # fmt: skip
def test_what_is_left_is_taxed_right_however_it_is_rounded(row: Row) -> None:
    percent, per_line = Decimal(row["rate"]), row["rounded"] == "line by line"
    tax = tax_on(percent, [cents(each) for each in row["line amounts"].split()], per_line=per_line)
    for left, back in (
        ("left after the first note", "goes back"),
        ("left after the second", "goes back then"),
    ):
        went = tax_of_credit(percent, tax, [cents(each) for each in row[left].split()], per_line=per_line)
        assert went == cents(row[back])
        tax -= went
    assert tax == 0
