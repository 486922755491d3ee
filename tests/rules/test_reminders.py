from datetime import date

import pytest

from ecuanime.rules.reminders import next_reminder, step_due

from .examples import Row, rows


@pytest.mark.parametrize(
    "row", rows("reminders", "due", "ladder", "last sent", "today", "sent now", "next on")
)
def test_the_ladder(row: Row) -> None:
    due, today = date.fromisoformat(row["due"]), date.fromisoformat(row["today"])
    steps, last = [int(step) for step in row["ladder"].split()], int(row["last sent"])
    sent = step_due(due, today, steps, last)
    following = next_reminder(due, steps, sent or last)
    assert (str(sent or "–"), str(following or "–")) == (row["sent now"], row["next on"])
