"""On which days the banks of SEPA collect: the ECB's published closing days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from dateutil.easter import easter

from ecuanime.rules.sepa import easter_sunday, is_target_day, next_target_day

CLOSED_ON_WEEKDAYS = {
    2024: [(1, 1), (3, 29), (4, 1), (5, 1), (12, 25), (12, 26)],
    2026: [(1, 1), (4, 3), (4, 6), (5, 1), (12, 25)],
    2027: [(1, 1), (3, 26), (3, 29)],
}


@pytest.mark.parametrize("year", CLOSED_ON_WEEKDAYS)
def test_the_closing_days_of_a_year(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=each) for each in range(365)]
    closed = [(day.month, day.day) for day in days if day.weekday() < 5 and not is_target_day(day)]
    assert closed == CLOSED_ON_WEEKDAYS[year]
    assert not any(is_target_day(day) for day in days if day.weekday() >= 5)


def test_the_next_open_day() -> None:
    assert next_target_day(date(2026, 4, 3)) == date(2026, 4, 7)
    assert next_target_day(date(2026, 12, 24)) == date(2026, 12, 24)
    assert next_target_day(date(2026, 12, 25)) == date(2026, 12, 28)


def test_easter_is_what_an_independent_program_says() -> None:
    years = range(1900, 2300)
    assert [easter_sunday(year) for year in years] == [easter(year) for year in years]
