from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecuanime.rules.calendars import (
    Band,
    Calendar,
    add_months,
    add_working_days,
    end_of_day,
    last_day_of_term,
    local_date,
    segment,
    start_of_day,
)

from .examples import Row, rows

ZONES = ("Europe/Madrid", "America/Mexico_City", "America/Santiago", "Australia/Lord_Howe")
# Around every change of clocks of these zones in 2026, and some ordinary days.
STARTS = st.builds(
    lambda day, second: datetime(*day, tzinfo=UTC) + timedelta(seconds=second),
    st.sampled_from(
        [(2026, 3, 28), (2026, 4, 4), (2026, 9, 5), (2026, 10, 3), (2026, 10, 24), (2026, 1, 20)]
    ),
    st.integers(0, 86_400),
)
BANDS = (
    *(Band(day, time(9), time(14)) for day in range(5)),
    *(Band(day, time(16), time(19, 30)) for day in range(5)),
    Band(5, time(2, 15), time(2, 45)),
    Band(6, time(1, 50), time(2, 20)),
    Band(6, time(23, 30), time(0)),
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize("row", rows("calendars", "zone", "starts (UTC)", "ends (UTC)", "cuts (UTC)"))
def test_where_an_interval_is_cut(row: Row) -> None:
    pieces = segment(utc(row["starts (UTC)"]), utc(row["ends (UTC)"]), row["zone"])
    assert [start for start, _ in pieces[1:]] == [utc(cut) for cut in row["cuts (UTC)"].split()]


@pytest.mark.parametrize("row", rows("calendars", "starts on", "months", "last day"))
def test_last_day_of_a_term(row: Row) -> None:
    last_day = last_day_of_term(date.fromisoformat(row["starts on"]), int(row["months"]))
    assert last_day == date.fromisoformat(row["last day"])


@pytest.mark.parametrize("row", rows("calendars", "zone", "date", "over at (UTC)"))
def test_when_a_date_is_over(row: Row) -> None:
    assert end_of_day(date.fromisoformat(row["date"]), row["zone"]) == utc(row["over at (UTC)"])


@pytest.mark.parametrize("row", rows("calendars", "from", "working days", "holidays", "due on"))
def test_working_days(row: Row) -> None:
    holidays = {date.fromisoformat(day) for day in row["holidays"].split()}
    due = add_working_days(date.fromisoformat(row["from"]), int(row["working days"]), holidays)
    assert due == date.fromisoformat(row["due on"])


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ZONES), STARTS, st.integers(0, 200_000), st.booleans())
def test_cutting_conserves_seconds_and_no_piece_straddles_anything(
    zone: str, start: datetime, seconds: int, open_on_holidays: bool
) -> None:
    calendar = Calendar(zone, BANDS, frozenset({date(2026, 1, 21)}), open_on_holidays)
    pieces = segment(start, start + timedelta(seconds=seconds), zone, calendar)
    assert pieces[0][0] == start
    assert all(left[1] == right[0] for left, right in pairwise(pieces))
    assert sum((end - begin for begin, end in pieces), timedelta()) == timedelta(seconds=seconds)
    for begin, end in pieces:
        inside = [begin + (end - begin) * n / 8 for n in range(8)] if end > begin else [begin]
        inside.append(max(begin, end - timedelta(microseconds=1)))
        assert len({local_date(instant, zone) for instant in inside}) == 1
        assert len({calendar.covers(instant) for instant in inside}) == 1
        assert len({instant.astimezone(ZoneInfo(zone)).utcoffset() for instant in inside}) == 1


@settings(max_examples=60)
@given(st.sampled_from(ZONES), st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_a_day_begins_with_its_first_instant(zone: str, day: date) -> None:
    start = start_of_day(day, zone)
    assert local_date(start, zone) == day
    assert local_date(start - timedelta(microseconds=1), zone) == day - timedelta(days=1)


def test_covered_seconds_of_a_night_that_the_clock_repeats() -> None:
    calendar = Calendar("Europe/Madrid", (Band(6, time(1), time(4)),))
    night = segment(utc("2026-10-24T22:00"), utc("2026-10-25T06:00"), "Europe/Madrid", calendar)
    covered = [end - start for start, end in night if calendar.covers(start)]
    assert sum(covered, timedelta()) == timedelta(hours=4)


def test_bands_of_another_zone_cut_at_its_own_hours() -> None:
    calendar = Calendar("America/Mexico_City", (Band(1, time(9), time(18)),))
    pieces = segment(utc("2026-01-20T14:00"), utc("2026-01-20T16:00"), "Europe/Madrid", calendar)
    assert [start for start, _ in pieces] == [utc("2026-01-20T14:00"), utc("2026-01-20T15:00")]


def test_given_instants_cut_too() -> None:
    start, normalised, end = utc("2026-01-20T10:00"), utc("2026-01-20T10:20"), utc("2026-01-20T11:00")
    pieces = segment(start, end, "Europe/Madrid", at=[normalised, start, end, end])
    assert pieces == ((start, normalised), (normalised, end))


def test_holidays_are_not_covered_unless_open() -> None:
    whole_week = tuple(Band(day, time(0), time(0)) for day in range(7))
    closed = Calendar("Europe/Madrid", whole_week, frozenset({date(2026, 1, 6)}))
    assert not closed.covers(utc("2026-01-06T10:00"))
    assert closed.covers(utc("2026-01-06T23:00"))
    assert Calendar("Europe/Madrid", whole_week, closed.holidays, True).covers(utc("2026-01-06T10:00"))


def test_a_band_stays_inside_its_day() -> None:
    with pytest.raises(ValueError, match="two bands"):
        Band(0, time(22), time(6))
    with pytest.raises(ValueError, match="weekday"):
        Band(7, time(9), time(17))


def test_months_clamp_to_the_last_day() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 12, 31), 2) == date(2027, 2, 28)
    assert add_months(date(2026, 3, 31), -1) == date(2026, 2, 28)


def test_senseless_terms_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one month"):
        last_day_of_term(date(2026, 1, 1), 0)
    with pytest.raises(ValueError, match="forwards"):
        add_working_days(date(2026, 1, 1), -1)
    with pytest.raises(ValueError, match="at least one working day"):
        add_working_days(date(2026, 1, 1), 1, weekdays=())
