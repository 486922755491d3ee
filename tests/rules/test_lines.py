from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecuanime.rules.lines import Charge, Line, Unit, join, line_amount, taxes

from .examples import Row, cents, rows


def charge(id: int, minutes: int | str | Fraction, price: str = "44.00", **changes: object) -> Charge:
    facts = {"contract_id": 1, "label": "remote", "tax": "iva21", **changes}
    return Charge(id=id, quantity=Fraction(minutes), price=Decimal(price), **facts)  # type: ignore[arg-type]  # shorthand


@pytest.mark.parametrize("row", rows("lines", "minutes", "price per hour", "quantity", "amount", "annex"))
def test_a_line_is_rounded_once_and_its_annex_sums_to_it(row: Row) -> None:
    price = row["price per hour"]
    [line] = join([charge(n, minutes, price) for n, minutes in enumerate(row["minutes"].split())], "EUR")
    assert line.quantity == Fraction(row["quantity"])
    assert line.amount == cents(row["amount"])
    assert [share.amount for share in line.shares] == [cents(part) for part in row["annex"].split()]


@pytest.mark.parametrize("row", rows("tax-rounding", "line amounts", "rate", "on the sum", "line by line"))
def test_taxes(row: Row) -> None:
    invoice = [
        Line(1, "remote", "iva", Unit.MINUTES, Fraction(0), Decimal(1), cents(amount), ())
        for amount in row["line amounts"].split()
    ]
    rates = {"iva": Decimal(row["rate"])}
    [on_sum], [by_line] = taxes(invoice, rates), taxes(invoice, rates, per_line=True)
    assert (on_sum.amount, by_line.amount) == (cents(row["on the sum"]), cents(row["line by line"]))
    assert on_sum.base == sum(line.amount for line in invoice)


def test_what_differs_in_contract_price_label_tax_or_unit_is_another_line() -> None:
    charges = [
        charge(1, 5),
        charge(2, 5, "45.00"),
        charge(3, 5, contract_id=2),
        charge(4, 5, label="phone"),
        charge(5, 5, tax="exempt"),
        charge(6, 5, unit=Unit.PIECES),
        charge(7, 5, "44.000"),
    ]
    invoice = join(charges, "EUR")
    assert [[share.charge_id for share in line.shares] for line in invoice] == [
        [1, 7],
        [2],
        [3],
        [4],
        [5],
        [6],
    ]
    assert invoice[-1].amount == 5 * 4400


def test_one_tax_per_rate() -> None:
    invoice = join([charge(1, 60), charge(2, 60, label="phone"), charge(3, 60, tax="exempt")], "EUR")
    [exempt, iva] = taxes(invoice, {"iva21": Decimal(21), "exempt": Decimal(0)})
    assert (iva.base, iva.amount, exempt.base, exempt.amount) == (8800, 1848, 4400, 0)
    with pytest.raises(KeyError):
        taxes(invoice, {"iva21": Decimal(21)})


CHARGES = st.lists(
    st.builds(
        charge,
        st.integers(1, 10**6),
        st.fractions(0, 600, max_denominator=7),
        st.sampled_from(["44.00", "30.00", "22.505"]),
        label=st.sampled_from(["remote", "travel"]),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=40, deadline=None)
@given(CHARGES)
def test_what_is_printed_multiplies_and_the_annex_sums(charges: list[Charge]) -> None:
    invoice = join(charges, "EUR")
    for line in invoice:
        assert line.quantity * 100 == int(line.quantity * 100)
        assert line.amount == line_amount(line.quantity, line.price, line.unit, "EUR")
        assert sum(share.amount for share in line.shares) == line.amount
    assert sorted(share.charge_id for line in invoice for share in line.shares) == sorted(
        charge.id for charge in charges
    )


@settings(max_examples=40)
@given(CHARGES, st.integers(0, 8))
def test_one_invoice_run_equals_any_split_in_its_minutes(charges: list[Charge], cut: int) -> None:
    whole, split = join(charges, "EUR"), (*join(charges[:cut], "EUR"), *join(charges[cut:], "EUR"))
    assert minutes_by_line(whole) == minutes_by_line(split)


def minutes_by_line(invoice: tuple[Line, ...]) -> dict[tuple[str, Decimal], Fraction]:
    sums: dict[tuple[str, Decimal], Fraction] = {}
    for line in invoice:
        exact = sum((share.quantity for share in line.shares), Fraction(0))
        sums[line.label, line.price] = sums.get((line.label, line.price), Fraction(0)) + exact
    return sums
