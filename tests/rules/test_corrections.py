"""What corrections take away: docs/rules/corrections.md, and laws over all pieces."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecuanime.rules.corrections import Booked, Taken, counting, counting_units, minutes_to_take, take_back
from ecuanime.rules.hours import Rounding
from ecuanime.rules.money import amount_for_minutes
from tests.rules.examples import Row, cents, rows

PARTLY_COVERED = Booked(7, minutes=60, weighted=6000, drawn=4000, overage=2000, charged=Fraction(20))


@pytest.mark.parametrize(
    "row",
    rows("corrections", "taken, in minutes", "credited minutes", "given back to the pack", "credited"),
    ids=lambda row: row["taken, in minutes"],
)
def test_overage_goes_before_hours(row: Row) -> None:
    [taken] = take_back([PARTLY_COVERED], int(row["taken, in minutes"]))
    assert taken.charged == Fraction(row["credited minutes"])
    assert taken.drawn == 100 * int(row["given back to the pack"])
    assert amount_for_minutes(taken.charged, Decimal("30.00"), "EUR") == cents(row["credited"])


def test_the_last_piece_goes_first_and_no_more_than_there_is() -> None:
    first = Booked(1, 30, 3000, 3000, 0, Fraction(0))
    last = Booked(2, 15, 2250, 2250, 0, Fraction(0))
    taken = take_back([first, last], 20)
    assert [(each.id, each.minutes, each.drawn) for each in taken] == [(2, 15, 2250), (1, 5, 500)]
    assert sum(each.minutes for each in take_back([first, last], 100)) == 45
    assert take_back([], 15) == ()


def test_what_the_plan_covered_goes_last() -> None:
    piece = Booked(1, 60, 6000, 2000, 1000, Fraction(10))
    [taken] = take_back([piece], 45)
    assert (taken.weighted, taken.overage, taken.drawn, taken.included) == (4500, 1000, 2000, 1500)


def test_overage_that_waits_goes_before_what_is_billed() -> None:
    piece = Booked(1, 60, 6000, 0, 6000, Fraction(20), held=3000, overdraft=1000)
    [taken] = take_back([piece], 50)
    assert (taken.held, taken.overdraft, taken.charged) == (3000, 1000, 10)


def test_what_was_consented_to_goes_before_what_waits_for_the_next_lot() -> None:
    piece = Booked(1, 60, 6000, 0, 6000, Fraction(30), overdraft=3000, consented=2000)
    [taken] = take_back([piece], 30)
    assert (taken.consented, taken.overdraft, taken.charged) == (2000, 1000, 20)


def test_work_beside_packs_is_credited_by_its_minutes() -> None:
    [taken] = take_back([Booked(1, 60, 0, 0, 0, Fraction(60))], 15)
    assert (taken.weighted, taken.charged) == (0, 15)


@pytest.mark.parametrize(
    ("seconds", "threshold", "count"),
    [(299, 5, 0), (300, 5, 300), (0, None, 0), (10, None, 10)],
)
def test_below_its_threshold_nothing_counts(seconds: int, threshold: int | None, count: int) -> None:
    assert counting(seconds, None if threshold is None else Decimal(threshold)) == count
    assert counting_units(25, Decimal(20)) == 25
    assert counting_units(15, Decimal(20)) == 0
    assert counting_units(15, None) == 15


@st.composite
def pieces(draw: st.DrawFn) -> Booked:
    minutes = draw(st.integers(1, 600))
    weighted = draw(st.integers(0, 150_000))
    drawn = draw(st.integers(0, weighted))
    overage = draw(st.integers(0, weighted - drawn))
    charged = Fraction(minutes * overage, weighted) if overage else Fraction(0)
    return Booked(draw(st.integers(1, 99)), minutes, weighted, drawn, overage, charged)


@given(pieces(), st.lists(st.integers(1, 60), max_size=20))
def test_taken_bit_by_bit_or_at_once_all_of_a_piece_goes(piece: Booked, steps: list[int]) -> None:
    left = piece
    for minutes in [*steps, piece.minutes]:
        for taken in take_back([left], minutes):
            assert min(taken.weighted, taken.drawn, taken.overage, taken.charged) >= 0
            assert taken.drawn + taken.overage <= taken.weighted
            left = taken.left_of(left)
        assert left.drawn + left.overage <= left.weighted
    assert left == Booked(piece.id, 0, 0, 0, 0, Fraction(0))


@given(st.integers(0, 90_000), st.integers(0, 90_000), st.integers(1, 60))
def test_a_group_never_loses_more_than_it_was_booked(total: int, taken: int, step: int) -> None:
    policy = Rounding(step_minutes=step)
    booked = minutes_to_take(total, total, 10**6, policy)
    assert booked == 10**6
    less = minutes_to_take(min(taken, total), total, 0, policy)
    assert less == 0


def test_taken_names_what_remains() -> None:
    taken = Taken(7, 15, 1500, 0, 1500, Fraction(15))
    assert taken.left_of(PARTLY_COVERED) == Booked(7, 45, 4500, 4000, 500, Fraction(5))
