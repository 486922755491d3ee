from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecuanime.rules import ledger
from ecuanime.rules.ledger import Account, Fault, Kind, Movement, Posting, Summary, balance, check, summary

from .examples import rows

GRANT = ledger.grant("grant", 1, 3000)
DRAWDOWN = ledger.drawdown("work", 1, 1000)


def faults(*movements: Movement) -> list[Fault]:
    return [problem.fault for problem in check(movements)]


@pytest.mark.parametrize("row", rows("ledger", "movement", "out of", "into"), ids=lambda row: row["movement"])
def test_what_each_movement_posts(row: dict[str, str]) -> None:
    build: Callable[[str, int, int], Movement] = getattr(ledger, row["movement"])
    movement = build("key", 1, 500)
    assert movement.kind == Kind(row["movement"].split("_")[0])
    assert movement.postings == (
        Posting(Account(row["out of"]), 1, -500),
        Posting(Account(row["into"]), 1, 500),
    )


def test_the_page_names_every_fault() -> None:
    assert {row["fault"] for row in rows("ledger", "fault", "meaning")} == set(Fault)


def test_a_life_of_a_lot() -> None:
    lapse = ledger.expiry("lapse", 1, 1500)
    movements = [
        GRANT,
        DRAWDOWN,
        ledger.transfer("roll", 1, 2, 500),
        lapse,
        ledger.reversal("late", lapse, 200),
        ledger.drawdown("late work", 1, 200),
        ledger.revaluation("again", 1, 1300),
        ledger.void("void", 2, 300),
        ledger.refund("refund", 2, 150),
    ]
    assert check(movements) == ()
    first = Summary(
        granted=3000,
        transferred_in=0,
        used=1200,
        expired=0,
        void=0,
        refunded=0,
        transferred_out=500,
        revalued=1300,
        left=0,
    )
    assert summary(movements, 1) == first
    second = summary(movements, 2)
    assert (second.transferred_in, second.void, second.refunded, second.left) == (500, 300, 150, 50)


def test_a_reversal_is_the_opposite_and_names_what_it_takes_back() -> None:
    whole = ledger.reversal("oops", DRAWDOWN)
    assert whole.reverses == "work"
    assert balance([GRANT, DRAWDOWN, whole], 1) == 3000
    assert balance([GRANT, DRAWDOWN, ledger.reversal("oops", DRAWDOWN, 400)], 1) == 2400
    rolled = ledger.transfer("roll", 1, 2, 500)
    back = ledger.reversal("back", rolled)
    assert check([GRANT, rolled, back]) == ()
    assert balance([GRANT, rolled, back], 1) == 3000


def test_senseless_movements_are_refused() -> None:
    with pytest.raises(ValueError, match="moves something"):
        ledger.grant("key", 1, 0)
    with pytest.raises(ValueError, match="two lots"):
        ledger.transfer("key", 1, 1, 10)
    with pytest.raises(ValueError, match="no more is taken back"):
        ledger.reversal("key", DRAWDOWN, 1001)
    with pytest.raises(ValueError, match="not reversed"):
        ledger.reversal("key", ledger.reversal("oops", DRAWDOWN))


def test_a_movement_that_does_not_sum_to_zero() -> None:
    lame = replace(DRAWDOWN, postings=DRAWDOWN.postings[:1])
    assert Fault.UNBALANCED in faults(GRANT, lame)
    across = Movement("x", Kind.TRANSFER, (Posting(Account.LOT, 1, -10), Posting(Account.LOT, 2, 10)))
    assert faults(GRANT, across)[:2] == [Fault.UNBALANCED, Fault.UNBALANCED]


def test_a_key_that_comes_twice() -> None:
    assert faults(GRANT, DRAWDOWN, DRAWDOWN) == [Fault.DUPLICATE_KEY]


def test_a_lot_that_stood_below_zero_even_if_it_recovered() -> None:
    [problem] = check([DRAWDOWN, GRANT])
    assert (problem.fault, problem.key, problem.lot_id, problem.hundredths) == (
        Fault.BELOW_ZERO,
        "work",
        1,
        -1000,
    )


def test_reversals_of_nothing_of_too_much_and_the_wrong_way() -> None:
    assert faults(GRANT, DRAWDOWN, replace(ledger.reversal("oops", DRAWDOWN), reverses="other")) == [
        Fault.UNKNOWN_REVERSED
    ]
    most, more = ledger.reversal("most", DRAWDOWN, 900), ledger.reversal("more", DRAWDOWN, 200)
    other = ledger.drawdown("other", 1, 1000)
    assert Fault.OVER_REVERSED in faults(GRANT, DRAWDOWN, other, most, more)
    again = replace(ledger.drawdown("again", 1, 500), kind=Kind.REVERSAL, reverses="work")
    assert Fault.OVER_REVERSED in faults(GRANT, DRAWDOWN, again)


def test_a_lot_whose_figures_stand_on_the_wrong_side_of_zero() -> None:
    from_nowhere = Movement(
        "x", Kind.REVERSAL, (Posting(Account.LOT, 1, 50), Posting(Account.USED, 1, -50)), "grant"
    )
    assert Fault.IDENTITY in faults(GRANT, from_nowhere)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["grant", "bonus", "drawdown", "expiry", "void", "refund", "transfer", "reversal"]),
        st.integers(1, 3),
        st.integers(1, 400),
        st.integers(0, 50),
    ),
    max_size=25,
)


def book(steps: list[tuple[str, int, int, int]]) -> list[Movement]:
    """A history in which every step takes no more than there is."""
    history: list[Movement] = []
    for n, (kind, lot_id, amount, pick) in enumerate(steps):
        key, part = f"{kind}-{n}", min(amount, balance(history, lot_id))
        if kind in ("grant", "bonus"):
            history.append(getattr(ledger, kind)(key, lot_id, amount))
        elif kind == "reversal":
            drawn = [entry for entry in history if entry.kind == Kind.DRAWDOWN]
            drawn = [entry for entry in drawn if entry.key not in {other.reverses for other in history}]
            history += [ledger.reversal(key, drawn[pick % len(drawn)])] if drawn else []
        elif part and kind == "transfer":
            history.append(ledger.transfer(key, lot_id, lot_id % 3 + 1, part))
        elif part:
            history.append(getattr(ledger, kind)(key, lot_id, part))
    return history


@settings(max_examples=60)
@given(STEPS)
def test_every_history_sums_to_zero_and_keeps_each_lots_identity(
    steps: list[tuple[str, int, int, int]],
) -> None:
    history = book(steps)
    assert sum(posting.hundredths for entry in history for posting in entry.postings) == 0
    assert check(history) == ()
    for lot_id in (1, 2, 3):
        figures = summary(history, lot_id)
        gone = figures.used + figures.expired + figures.void + figures.refunded
        gone += figures.transferred_out + figures.revalued
        assert figures.granted + figures.transferred_in == gone + figures.left


@settings(max_examples=60)
@given(STEPS.filter(bool), st.integers(0, 24), st.integers(1, 5))
def test_any_posting_that_is_off_is_found(
    steps: list[tuple[str, int, int, int]], place: int, by: int
) -> None:
    history = book(steps) or [GRANT]
    broken = history[place % len(history)]
    first, *rest = broken.postings
    postings = (replace(first, hundredths=first.hundredths + by), *rest)
    history[place % len(history)] = replace(broken, postings=postings)
    assert Fault.UNBALANCED in faults(*history)
