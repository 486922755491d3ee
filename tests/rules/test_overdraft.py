"""Who pays an overdraft back when work is taken back, and when it is overdrawn again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecuanime.rules.overdraft import Account, Settled, settle_again, take_back
from tests.rules.examples import Row, rows


def lots(text: str) -> tuple[Settled, ...]:
    """The lots of a cell such as "A 30 B 10", numbered by their letter."""
    words = text.split() if text != "–" else []
    pairs = zip(words[::2], words[1::2], strict=True)
    return tuple(
        Settled(place, ord(letter), int(minutes)) for place, (letter, minutes) in enumerate(pairs, 1)
    )


def as_text(parts: tuple[Settled, ...]) -> str:
    return " ".join(f"{chr(part.lot_id)} {part.hundredths}" for part in parts) or "–"


@pytest.mark.parametrize(
    "row",
    rows(
        "overdraft",
        "owed",
        "settled, the last first",
        "taken back",
        "returns",
        "overdrawn again",
        "settled again",
        "owed then",
    ),
)
def test_work_overdrawn_again_is_settled_again(row: Row) -> None:
    account = Account(int(row["owed"]), lots(row["settled, the last first"]))

    returned, account = take_back(account, int(row["taken back"]))
    assert as_text(returned) == row["returns"]
    again = int(row["overdrawn again"])
    parts = settle_again(returned, again, {part.lot_id: part.hundredths for part in returned})

    assert as_text(parts) == row["settled again"]
    assert account.owed + again - sum(part.hundredths for part in parts) == int(row["owed then"])


SETTLED = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 60)), max_size=5).map(
    lambda pairs: tuple(Settled(place, lot, part) for place, (lot, part) in enumerate(pairs))
)


@given(st.integers(0, 60), SETTLED, st.integers(0, 300))
def test_what_is_overdrawn_again_unchanged_stands_as_before(
    owed: int, settled: tuple[Settled, ...], taken: int
) -> None:
    whole = owed + sum(part.hundredths for part in settled)
    taken = min(taken, whole)

    returned, left = take_back(Account(owed, settled), taken)
    available = {lot: sum(part.hundredths for part in returned if part.lot_id == lot) for lot in (1, 2, 3)}
    parts = settle_again(returned, taken, available)

    assert parts == returned[::-1]
    assert left.owed + taken - sum(part.hundredths for part in parts) == owed
    assert left.owed + sum(part.hundredths for part in left.settled) == whole - taken


@given(SETTLED, st.integers(1, 200), st.integers(0, 90))
def test_a_lot_settles_no_more_than_it_still_has(settled: tuple[Settled, ...], again: int, has: int) -> None:
    parts = settle_again(settled, again, {1: has})
    assert sum(part.hundredths for part in parts) <= min(again, has)
    assert {part.lot_id for part in parts} <= {1}


def test_no_more_is_taken_back_than_was_overdrawn() -> None:
    with pytest.raises(ValueError, match="no more"):
        take_back(Account(10, (Settled(1, 1, 5),)), 16)
