"""When somebody may be disturbed again: the page's table, and laws."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecuanime.rules.quiet import QuietHours

from .examples import Row, rows

MADRID = ZoneInfo("Europe/Madrid")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MADRID).astimezone(UTC)


@pytest.mark.parametrize("row", rows("quiet-hours", "happens", "begins", "ends", "told"), ids=str)
def test_the_table(row: Row) -> None:
    hours = QuietHours(time.fromisoformat(row["begins"]), time.fromisoformat(row["ends"]), "Europe/Madrid")
    assert hours.loud_from(moment(row["happens"])) == moment(row["told"])


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),
    st.times(),
    st.times(),
)
def test_nothing_is_told_early_nor_a_day_late_and_the_end_is_loud(
    at: datetime, begins: time, ends: time
) -> None:
    hours = QuietHours(begins, ends, "Europe/Madrid")
    told = hours.loud_from(at)
    assert at <= told <= at + timedelta(hours=25)
    assert told == at or told.astimezone(MADRID).time() == ends or ends.hour == 2
