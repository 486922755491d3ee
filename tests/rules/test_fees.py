from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecuanime.rules.fees import Days, allowance_for, fee_for, paid_days
from ecuanime.rules.packs import Unit
from ecuanime.rules.recurrence import Period, period

from .examples import Row, rows

STARTS = st.dates(date(2020, 1, 1), date(2032, 12, 31))


@pytest.mark.parametrize("row", rows("fees", "begins on", "months", "number", "first day", "last day"))
def test_periods_of_the_calendar(row: Row) -> None:
    begins_on = date.fromisoformat(row["begins on"])
    found = period(begins_on, int(row["months"]), int(row["number"]), by_month=True)
    assert (found.first_day.isoformat(), found.last_day.isoformat()) == (row["first day"], row["last day"])


def month_of(starts_on: date, month: str) -> Period:
    """The period of a contract that is this month of the calendar."""
    return next(
        each
        for each in (period(starts_on, 1, number, by_month=True) for number in range(1, 60))
        if f"{each.last_day:%Y-%m}" == month
    )


@pytest.mark.parametrize("row", rows("fees", "from", "until", "of the month", "days", "price"))
def test_a_part_of_a_period(row: Row) -> None:
    ends_on = None if row["until"] == "–" else date.fromisoformat(row["until"])
    days = paid_days(month_of(date.fromisoformat(row["from"]), row["of the month"]), ends_on)
    assert f"{days.paid} of {days.whole}" == row["days"]
    assert fee_for(Decimal(100), days, "EUR") == Decimal(row["price"])


@pytest.mark.parametrize("row", rows("fees", "brings", "days", "share"))
def test_what_a_part_of_a_period_brings(row: Row) -> None:
    (quantity, unit), (share, _unit) = row["brings"].split(), row["share"].split()
    paid, whole = map(int, row["days"].split(" of "))
    days = Days(date(2026, 1, 1), date(2026, 1, paid), paid, whole)
    per = 100 if unit == "minutes" else 1
    assert allowance_for(int(quantity) * per, days, Unit(unit)) == int(share) * per


@pytest.mark.parametrize("row", rows("fees", "invoiced month", "ends on", "due", "credited"))
def test_what_was_invoiced_for_days_not_had_is_credited(row: Row) -> None:
    month, ends_on = month_of(date(2025, 6, 1), row["invoiced month"]), date.fromisoformat(row["ends on"])
    has_any = month.first_day <= ends_on
    due = fee_for(Decimal(100), paid_days(month, ends_on), "EUR") if has_any else Decimal(0)
    assert (due, 100 - due) == (Decimal(row["due"]), Decimal(row["credited"]))


@given(STARTS, st.sampled_from([1, 3, 12]), st.integers(1, 12), st.booleans())
def test_a_whole_period_costs_the_fee_and_periods_follow_each_other(
    starts_on: date, months: int, number: int, by_month: bool
) -> None:
    one = period(starts_on, months, number, by_month=by_month)
    following = period(starts_on, months, number + 1, by_month=by_month)
    assert following.first_day == one.last_day + timedelta(days=1)
    assert fee_for(Decimal("99.99"), paid_days(following, None), "EUR") == Decimal("99.99")


def test_what_had_ended_before_costs_nothing() -> None:
    with pytest.raises(ValueError, match="ended before"):
        paid_days(period(date(2026, 1, 1), 1, 2), date(2026, 1, 31))
