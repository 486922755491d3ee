from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecuanime.rules.hours import (
    Mode,
    Rounding,
    Tie,
    hours_and_minutes,
    hours_to_hundredths,
    hundredths_to_minutes,
    minutes_to_hundredths,
    round_to_minutes,
    seconds_to_minutes,
)

from .examples import Row, rows

POLICIES = st.builds(
    Rounding,
    step_minutes=st.integers(1, 60),
    mode=st.sampled_from(Mode),
    tie=st.sampled_from(Tie),
    minimum_minutes=st.integers(0, 60),
)
SECONDS = st.integers(0, 40_000)


@pytest.mark.parametrize("row", rows("rounding", "seconds", "step", "mode", "tie", "minimum", "minutes"))
def test_rounding_examples(row: Row) -> None:
    policy = Rounding(
        step_minutes=int(row["step"]),
        mode=Mode(row["mode"]),
        tie=Tie(row["tie"]),
        minimum_minutes=int(row["minimum"]),
    )
    assert round_to_minutes(int(row["seconds"]), policy) == int(row["minutes"])


@given(st.integers(1, 200), POLICIES)
def test_an_exact_multiple_gains_nothing(steps: int, policy: Rounding) -> None:
    exact = steps * policy.step_minutes
    assert round_to_minutes(exact * 60, policy) == max(exact, policy.minimum_minutes)


@given(SECONDS, SECONDS, POLICIES)
def test_more_time_never_rounds_to_less(one: int, other: int, policy: Rounding) -> None:
    assert round_to_minutes(min(one, other), policy) <= round_to_minutes(max(one, other), policy)


@given(SECONDS, POLICIES)
def test_rounding_strays_less_than_a_step(seconds: int, policy: Rounding) -> None:
    minutes = round_to_minutes(seconds, policy)
    if minutes != policy.minimum_minutes:
        assert abs(minutes - Fraction(seconds, 60)) < policy.step_minutes


@given(POLICIES)
def test_nothing_is_nothing_whatever_the_minimum(policy: Rounding) -> None:
    assert round_to_minutes(0, policy) == 0


def test_senseless_policies_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one minute"):
        Rounding(step_minutes=0)
    with pytest.raises(ValueError, match="never negative"):
        Rounding(minimum_minutes=-1)
    with pytest.raises(ValueError, match="sideways"):
        Rounding(mode="sideways")  # type: ignore[arg-type]  # what a row of the database may hold
    with pytest.raises(ValueError, match="never negative"):
        round_to_minutes(-1, Rounding())


def test_units() -> None:
    assert hours_to_hundredths(45) == 270_000
    assert minutes_to_hundredths(40) == 4000
    assert hundredths_to_minutes(4050) == Fraction(81, 2)
    assert seconds_to_minutes(3010) == Fraction(301, 6)
    assert hours_and_minutes(200) == (3, 20)
    assert hours_and_minutes(-75) == (-1, -15)
