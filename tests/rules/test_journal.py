"""Entries of the journal: the examples of the page, and that none is out of balance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecuanime.rules.journal import (
    Entry,
    Move,
    Posting,
    Role,
    entry_of_document,
    entry_of_exchange,
    entry_of_payment,
)

from .examples import Row, cents, rows


def told(entry: Entry | None) -> tuple[str, str]:
    """The two sides of an entry, as the page writes them."""
    if entry is None:
        return "–", "–"
    debit = [f"{each.role} {each.debit / 100:.2f}" for each in entry.postings if each.debit]
    credit = [f"{each.role} {each.credit / 100:.2f}" for each in entry.postings if each.credit]
    return ", ".join(debit), ", ".join(credit)


@pytest.mark.parametrize(
    "row",
    rows("journal", "to be paid", "withheld", "services", "goods", "advances", "tax", "debit", "credit"),
)
def test_a_document(row: Row) -> None:
    entry = entry_of_document(
        payable=cents(row["to be paid"]),
        withheld=cents(row["withheld"]),
        sales=[(Role(each), cents(row[each])) for each in ("services", "goods", "advances")],
        taxes=[("IVA", cents(row["tax"]))],
    )
    assert told(entry) == (row["debit"], row["credit"])


@pytest.mark.parametrize("row", rows("journal", "what", "amount", "on a document", "by", "debit", "credit"))
def test_a_payment(row: Row) -> None:
    entry = entry_of_payment(
        Move(row["what"]),
        cents(row["amount"]),
        money=Role(row["by"]),
        on_document=row["on a document"] == "yes",
    )
    assert told(entry) == (row["debit"], row["credit"])


@pytest.mark.parametrize("row", rows("journal", "difference", "on a document", "debit", "credit"))
def test_an_exchange_difference(row: Row) -> None:
    entry = entry_of_exchange(cents(row["difference"]), on_document=row["on a document"] == "yes")
    assert told(entry) == (row["debit"], row["credit"])


def test_what_is_out_of_balance_is_no_entry() -> None:
    with pytest.raises(ValueError, match="not balanced"):
        Entry((Posting(Role.CLIENTS, 1), Posting(Role.TAX, -2)))


@given(
    st.integers(-(10**9), 10**9),
    st.lists(st.tuples(st.sampled_from([Role.SERVICES, Role.GOODS]), st.integers(-(10**9), 10**9))),
    st.lists(st.tuples(st.just("IVA"), st.integers(-(10**6), 10**6))),
)
def test_every_entry_has_the_same_on_both_sides(
    withheld: int, sales: list[tuple[Role, int]], taxes: list[tuple[str, int]]
) -> None:
    total = sum(amount for _role, amount in sales) + sum(amount for _name, amount in taxes)
    entry = entry_of_document(payable=total - withheld, withheld=withheld, sales=sales, taxes=taxes)

    assert sum(each.debit for each in entry.postings) == sum(each.credit for each in entry.postings)
    assert all(each.amount for each in entry.postings)
