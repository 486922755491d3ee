"""Exchange differences: the examples of the page, and that what is paid whole leaves nothing open."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecuanime.rules.exchange import Rate, added, share

from .examples import Row, cents, rows


@pytest.mark.parametrize(
    "row", rows("exchange", "booked at", "payments", "taken off", "worth", "differences")
)
def test_payments_one_after_the_other(row: Row) -> None:
    issued_at = Rate(Decimal(row["booked at"]), "USD", "EUR")
    paid = booked = 0
    found: list[tuple[int, int, int]] = []
    for each in row["payments"].split(", "):
        amount, _at, rate = each.split()
        off = added(issued_at, cents(amount), before=paid, booked=booked)
        worth = Rate(Decimal(rate), "USD", "EUR").value(cents(amount))
        found.append((off, worth, worth - off))
        paid, booked = paid + cents(amount), booked + off
    wanted = [
        [cents(each) for each in row[name].split(", ")] for name in ("taken off", "worth", "differences")
    ]
    assert found == list(zip(*wanted, strict=True))


@pytest.mark.parametrize(
    "row",
    rows(
        "tax-currency", "rate", "base", "tax", "base stated", "tax stated", "total stated", "total converted"
    ),
)
def test_base_and_tax_are_the_total(row: Row) -> None:
    rate = Rate(Decimal(row["rate"]), "USD", "EUR")
    base, tax = (added(rate, cents(row[name]), before=0, booked=0) for name in ("base", "tax"))

    assert (base, tax) == (cents(row["base stated"]), cents(row["tax stated"]))
    assert base + tax == cents(row["total stated"])
    assert rate.value(cents(row["base"]) + cents(row["tax"])) == cents(row["total converted"])


@pytest.mark.parametrize(
    "row", rows("tax-currency", "rate", "stated of", "taken off", "left stated", "goes back")
)
def test_what_is_taken_off_leaves_what_is_left(row: Row) -> None:
    rate, stands = Rate(Decimal(row["rate"]), "USD", "EUR"), cents(row["stated of"])
    booked = rate.value(stands)
    found = []
    for amount in row["taken off"].split():
        back = -added(rate, -cents(amount), before=stands, booked=booked)
        stands, booked = stands - cents(amount), booked - back
        found.append((booked, back))
    left, gone = (map(cents, row[name].split()) for name in ("left stated", "goes back"))
    assert found == list(zip(left, gone, strict=True))


def test_minor_units_of_each_currency_are_its_own() -> None:
    assert Rate(Decimal("0.0061"), "JPY", "EUR").value(10_000) == 6100
    assert Rate(Decimal("163.5"), "EUR", "JPY").value(10_00) == 1635


@given(
    st.decimals(min_value="0.0001", max_value="500", places=4),
    st.lists(st.integers(1, 10**7), min_size=1, max_size=6),
)
def test_what_is_paid_whole_leaves_nothing_open(rate: Decimal, parts: list[int]) -> None:
    issued_at = Rate(rate, "USD", "EUR")
    paid = booked = 0
    for amount in parts:
        booked += added(issued_at, amount, before=paid, booked=booked)
        paid += amount
    assert booked == issued_at.value(sum(parts))


@given(st.integers(0, 10**9), st.integers(1, 10**7), st.data())
def test_what_is_held_goes_whole_in_the_end(value: int, amount: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(1, amount))
    first = share(of_value=value, of_amount=amount, amount=part)
    rest = amount - part
    assert 0 <= first <= value
    assert first + (share(of_value=value - first, of_amount=rest, amount=rest) if rest else 0) == value
