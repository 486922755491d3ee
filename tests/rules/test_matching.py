"""What money from the bank may pay: the examples of the page, and what holds for any money."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecuanime.rules.matching import MOST, Incoming, Ledger, Open, Payer, Why

from .examples import Row, cents, rows

INVOICES = rows("bank-matching", "number", "client", "owed")
CLIENTS = sorted({row["client"] for row in INVOICES})
OPEN = [
    Open(place, row["number"], cents(row["owed"]), CLIENTS.index(row["client"]))
    for place, row in enumerate(INVOICES)
]
PAYERS = [
    Payer(place, (name,), frozenset({"ES…4"} if name == "Óptica Lunares" else ()))
    for place, name in enumerate(CLIENTS)
]


def given_text(text: str) -> str:
    return "" if text == "–" else text


@pytest.mark.parametrize(
    "row", rows("bank-matching", "came", "text", "sender", "account", "pays", "rest", "reasons")
)
def test_the_page(row: Row) -> None:
    text = given_text(row["text"])
    money = Incoming(
        cents(row["came"]),
        text="" if text.startswith("RF") else text,
        reference=text if text.startswith("RF") else "",
        name=given_text(row["sender"]),
        account=given_text(row["account"]),
    )
    found = Ledger(OPEN, PAYERS).suggestions(money)
    if row["pays"] == "–":
        assert found == []
        return
    best = found[0]
    paid = ", ".join(f"{OPEN[pk].number} {amount // 100}.{amount % 100:02}" for pk, amount in best.parts)
    assert (paid, best.rest, list(best.reasons)) == (
        row["pays"],
        cents(row["rest"]),
        [Why(each) for each in row["reasons"].split()],
    )


@given(
    st.integers(1, 50_000),
    st.text(alphabet="F2026-0018 7", max_size=30),
    st.sampled_from(["", "Talleres Umbría", "Óptica"]),
    st.lists(st.tuples(st.integers(1, 20_000), st.integers(0, 1)), max_size=6),
)
def test_no_suggestion_gives_more_than_came_or_is_owed(
    amount: int, text: str, name: str, owed: list[tuple[int, int]]
) -> None:
    invoices = [Open(pk, f"F-2026-000{pk}", due, client) for pk, (due, client) in enumerate(owed)]
    found = Ledger(invoices, PAYERS).suggestions(Incoming(amount, text=text, name=name))

    assert len(found) <= MOST
    assert [each.weight for each in found] == sorted((each.weight for each in found), reverse=True)
    for each in found:
        assert sum(part for _pk, part in each.parts) + each.rest == amount
        assert each.reasons
        assert all(0 < part <= invoices[pk].owed for pk, part in each.parts)
        assert {invoices[pk].client for pk, _part in each.parts} == {each.client}
