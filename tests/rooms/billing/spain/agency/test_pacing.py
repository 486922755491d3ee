"""When the agency is spoken to again, and what counts as late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ecuanime.billing.packs.es.agency.pacing import is_late, pause_after, smaller, wait_after

NOW = datetime(2026, 11, 30, 18, tzinfo=UTC)


def test_pauses_double_and_never_reach_the_hour_that_the_order_allows() -> None:
    minutes = [pause_after(failures) / timedelta(minutes=1) for failures in (1, 2, 3, 4, 5, 6, 7, 80)]
    assert minutes == [1, 2, 4, 8, 16, 32, 55, 55]


@pytest.mark.parametrize(("asked", "seconds"), [(0, 60), (45, 45), (9999, 9999)])
def test_the_wait_is_what_the_answer_says(asked: int, seconds: int) -> None:
    assert wait_after(asked) == timedelta(seconds=seconds)


@pytest.mark.parametrize(("age", "failures", "late"), [(240, 0, False), (241, 0, True), (1, 1, True)])
def test_late_is_what_waited_four_minutes_or_was_tried_before(age: int, failures: int, late: bool) -> None:
    assert is_late(oldest_at=NOW - timedelta(seconds=age), failures=failures, now=NOW) is late


def test_messages_shrink_to_one() -> None:
    assert [smaller(count) for count in (1000, 3, 2, 1)] == [500, 1, 1, 1]
