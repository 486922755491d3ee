from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecuanime.rules.calendars import last_day_of_term
from ecuanime.rules.packs import expiry, rollover
from ecuanime.rules.recurrence import period

from .examples import Row, rows

CAP = 120
STARTS = st.dates(date(2020, 1, 1), date(2032, 12, 31))


@pytest.mark.parametrize("row", rows("rollover", "starts on", "months", "number", "first day", "last day"))
def test_periods_of_a_contract(row: Row) -> None:
    found = period(date.fromisoformat(row["starts on"]), int(row["months"]), int(row["number"]))
    assert found.first_day.isoformat() == row["first day"]
    assert found.last_day.isoformat() == row["last day"]


@settings(max_examples=60, deadline=None)
@given(STARTS, st.sampled_from([1, 2, 3, 6, 12]), st.integers(1, 40))
def test_periods_follow_each_other_and_end_with_the_term(starts_on: date, months: int, number: int) -> None:
    one, following = period(starts_on, months, number), period(starts_on, months, number + 1)
    assert one.first_day <= one.last_day
    assert following.first_day == one.last_day + timedelta(days=1)
    assert one.last_day == last_day_of_term(starts_on, months * number)


@pytest.mark.parametrize(("months", "number"), [(1, 0), (0, 1), (0, 2)])
def test_a_period_has_a_number_and_a_length(months: int, number: int) -> None:
    with pytest.raises(ValueError, match=r"from 1|one month"):
        period(date(2026, 1, 1), months, number)


@pytest.mark.parametrize(
    "row",
    rows(
        "rollover",
        "left of the base", "left of the rolled", "pending on the base", "rolls over", "stays pending", "expires",
    ),
)  # fmt: skip
def test_what_rolls_over(row: Row) -> None:
    base, old, pending = (int(row[name]) for name in list(row)[:3])
    rolled = rollover(base, pending, CAP)
    assert rolled == int(row["rolls over"])
    rest = base - rolled
    lost = expiry(rest, pending)
    assert rest - lost == int(row["stays pending"])
    assert lost + expiry(old, 0) == int(row["expires"])
