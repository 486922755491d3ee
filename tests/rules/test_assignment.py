"""Who should answer: the page's tables, and laws that hold for any team."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecuanime.rules.assignment import Candidate, Obstacle, rank
from ecuanime.rules.attendance import Attendance, attendance
from ecuanime.rules.calendars import Band, Calendar

from .examples import Row, rows

MADRID = ZoneInfo("Europe/Madrid")
WEEK = Calendar(
    "Europe/Madrid",
    tuple(Band(day, time(opens), time(closes)) for day in range(5) for opens, closes in ((9, 14), (15, 18))),
    holidays=frozenset({datetime(2026, 11, 12).date()}),
)
NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MADRID).astimezone(UTC)


def attending(text: str) -> Attendance:
    if text.startswith("from"):
        return Attendance(from_=NOON.replace(hour=int(text[5:7])))
    return Attendance(on_leave=True) if text == "on leave" else Attendance(until=NOON + timedelta(hours=5))


def candidate(key: int, row: Row) -> Candidate:
    given_on = row["last given"]
    return Candidate(
        key=key,
        level=int(row["level"]),
        attendance=attending(row["attendance"]),
        open_by_priority={1: int(row["urgent"]), 3: int(row["normal"])},
        last_given_at=moment(given_on) if given_on else None,
    )


def test_the_places_of_the_page() -> None:
    table = rows("assignment", "name", "level", "attendance", "urgent", "normal", "last given", "place")
    ranking = rank((candidate(key, row) for key, row in enumerate(table)), needs_competence=True)
    places = {each.key: str(place) for place, each in enumerate(ranking.asked, start=1)}
    places |= {each.key: str(why).replace("_", " ") for each, why in ranking.passed_over}
    assert {row["name"]: places[key] for key, row in enumerate(table)} == {
        row["name"]: row["place"] for row in table
    }


@pytest.mark.parametrize("row", rows("assignment", "moment", "leave", "attendance"), ids=str)
def test_the_attendance_of_the_page(row: Row) -> None:
    start, _, end = row["leave"].partition(" to ")
    found = attendance(WEEK, [(moment(start), moment(end))] if start else [], moment(row["moment"]))
    said = row["attendance"].removeprefix("on leave").removeprefix(" until").strip()
    assert found.on_leave == row["attendance"].startswith("on leave")
    instant = moment(said.removeprefix("until ").removeprefix("from ")) if said else None
    assert (found.until or found.from_) == instant
    assert found.is_at_work == said.startswith("until")


def test_a_shift_past_midnight_and_a_day_of_25_hours_are_one_presence() -> None:
    night = Calendar("Europe/Madrid", (Band(5, time(22), time(0)), Band(6, time(0), time(6))))
    found = attendance(night, [], datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    assert found.until == datetime(2026, 10, 25, 5, tzinfo=UTC)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))
attendances = st.builds(
    Attendance, until=st.none() | moments, from_=st.none() | moments, on_leave=st.booleans()
)
candidates = st.builds(
    Candidate,
    key=st.integers(1, 50),
    level=st.integers(0, 2),
    attendance=attendances,
    open_by_priority=st.dictionaries(st.integers(1, 4), st.integers(0, 9)),
    last_given_at=st.none() | moments,
)
teams = st.lists(candidates, unique_by=lambda each: each.key, max_size=8)


@given(teams, st.booleans())
def test_nobody_on_leave_or_without_competence_is_asked_and_nobody_is_forgotten(
    team: list[Candidate], needs_competence: bool
) -> None:
    ranking = rank(team, needs_competence=needs_competence)
    for each in ranking.asked:
        assert not each.attendance.on_leave
        assert each.level > 0 or not needs_competence
    reasons = {why for _each, why in ranking.passed_over}
    assert needs_competence or Obstacle.NOT_COMPETENT not in reasons
    both = [*ranking.asked, *(each for each, _why in ranking.passed_over)]
    assert sorted(each.key for each in both) == sorted(each.key for each in team)


@given(teams, st.randoms(use_true_random=False))
def test_the_order_in_which_people_are_listed_changes_nothing(team: list[Candidate], random: object) -> None:
    mixed = list(team)
    random.shuffle(mixed)  # type: ignore[attr-defined]  # Hypothesis gives a random.Random
    assert rank(mixed, needs_competence=True) == rank(team, needs_competence=True)


@given(st.integers(2, 6), st.integers(1, 5))
def test_tickets_go_round_among_equals(people: int, rounds: int) -> None:
    given_at: dict[int, datetime] = {}
    for turn in range(people * rounds):
        team = [
            Candidate(key, 1, Attendance(until=NOON), {}, given_at.get(key)) for key in range(1, people + 1)
        ]
        best = rank(team, needs_competence=True).best
        assert best is not None
        given_at[best.key] = NOON + timedelta(minutes=turn)
        assert best.key == turn % people + 1
