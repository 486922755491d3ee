from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecuanime.rules.contracts import (
    Candidate,
    Due,
    Life,
    Reason,
    State,
    Step,
    choose,
    first_day,
    is_open,
    next_step,
    notice_on,
    told_in_time,
)

from .examples import Row, rows

DASH = "–"
DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))


def day(text: str) -> date | None:
    return None if text == DASH else date.fromisoformat(text)


@pytest.mark.parametrize("row", rows("contracts", "offered from", "accepted on", "begins on"))
def test_a_contract_never_begins_before_it_is_accepted(row: Row) -> None:
    offered, accepted, begins = (date.fromisoformat(text) for text in row.values())
    assert first_day(offered, accepted) == begins


@pytest.mark.parametrize(
    "row",
    rows(
        "contracts",
        "state",
        "starts on",
        "ends on",
        "valid until",
        "notice days",
        "told",
        "next step",
        "on",
    ),
)
def test_what_falls_due(row: Row) -> None:
    life = Life(
        state=State(row["state"]),
        starts_on=date.fromisoformat(row["starts on"]),
        ends_on=day(row["ends on"]),
        valid_until=day(row["valid until"]),
        notice_days=None if row["notice days"] == DASH else int(row["notice days"]),
        is_noticed=row["told"] == "yes",
    )
    on = day(row["on"])
    assert next_step(life) == (None if on is None else Due(Step(row["next step"]), on))


def test_every_state_of_the_page_is_one_of_the_rule() -> None:
    page = rows("contracts", "state", "what it means", "how it comes about")
    assert [row["state"] for row in page] == [state.value for state in State]


@given(ends_on=DAYS, days=st.integers(0, 120), late=st.integers(-10, 10))
def test_a_notice_is_in_time_until_its_day(ends_on: date, days: int, late: int) -> None:
    told_on = notice_on(ends_on, days) + timedelta(days=late)
    assert told_in_time(told_on, ends_on, days) == (late <= 0)


@pytest.mark.parametrize("row", rows("contracts", "told on", "renews by itself", "renews as"))
def test_only_what_was_told_in_time_changes_a_renewal(row: Row) -> None:
    in_time = told_in_time(date.fromisoformat(row["told on"]), date(2026, 12, 31), 30)
    assert in_time == (row["renews as"] != "as it was")


@pytest.mark.parametrize(
    ("state", "today", "is_it"),
    [
        (State.QUOTED, date(2026, 11, 30), True),
        (State.QUOTED, date(2026, 12, 1), False),
        (State.DRAFT, date(2026, 11, 1), False),
        (State.WITHDRAWN, date(2026, 11, 1), False),
    ],
)
def test_a_quote_is_open_until_its_last_day(state: State, today: date, is_it: bool) -> None:
    assert is_open(state, date(2026, 11, 30), today) == is_it


def candidates(worked_on: date) -> list[Candidate]:
    return [
        Candidate(
            id=int(row["contract"]),
            precedence=int(row["order"]),
            worked_on=worked_on,
            starts_on=date.fromisoformat(row["from"]),
            ends_on=day(row["until"]),
            areas=frozenset() if row["areas"] == "all" else frozenset({int(row["areas"])}),
        )
        for row in rows("contracts", "contract", "order", "from", "until", "areas")
    ]


@pytest.mark.parametrize("row", rows("contracts", "worked on", "area", "chosen", "1", "2", "3", "4"))
def test_which_contract_work_falls_under(row: Row) -> None:
    area = None if row["area"] == DASH else int(row["area"])
    found = {
        str(verdict.id): verdict
        for verdict in choose(candidates(date.fromisoformat(row["worked on"])), area, None)
    }
    assert {number: found[number].reason.value for number in "1234"} == {
        number: row[number] for number in "1234"
    }
    chosen = [number for number, verdict in found.items() if verdict.reason == Reason.CHOSEN]
    assert chosen == ([] if row["chosen"] == DASH else [row["chosen"]])


def test_only_contracts_for_some_areas_serve_while_the_area_is_not_known() -> None:
    some = [each for each in candidates(date(2026, 7, 1)) if each.areas]
    assert [verdict.reason for verdict in choose(some, None, None)] == [Reason.CHOSEN]


def limited_to_sites() -> list[Candidate]:
    return [
        Candidate(
            id=int(row["contract"]),
            precedence=int(row["order"]),
            worked_on=date(2026, 7, 1),
            starts_on=date(2026, 1, 1),
            sites=frozenset() if row["sites"] == "all" else frozenset(map(int, row["sites"].split(", "))),
        )
        for row in rows("contracts", "contract", "order", "sites")
    ]


@pytest.mark.parametrize("row", rows("contracts", "site", "chosen", "1", "2", "3"))
def test_which_contract_work_at_a_site_falls_under(row: Row) -> None:
    site = None if row["site"] == DASH else int(row["site"])
    found = {str(verdict.id): verdict.reason for verdict in choose(limited_to_sites(), None, site)}
    assert found == {number: Reason(row[number]) for number in "123"}
    assert found[row["chosen"]] == Reason.CHOSEN


def test_what_is_known_to_be_elsewhere_is_never_chosen_for_what_is_not_known() -> None:
    [one] = [replace(each, areas=frozenset({7})) for each in limited_to_sites() if each.id == 1]
    assert [verdict.reason for verdict in choose([one], None, 5)] == [Reason.CHOSEN]
    assert [verdict.reason for verdict in choose([one], None, 6)] == [Reason.OTHER_SITE]
    assert [verdict.reason for verdict in choose([one], 8, None)] == [Reason.OTHER_AREA]


@given(
    st.lists(
        st.builds(
            Candidate,
            id=st.integers(1, 99),
            precedence=st.integers(0, 3),
            worked_on=st.just(date(2026, 7, 1)),
            starts_on=DAYS,
            ends_on=st.none() | DAYS,
            areas=st.frozensets(st.integers(1, 3), max_size=2),
            sites=st.frozensets(st.integers(1, 3), max_size=2),
        ),
        unique_by=lambda each: each.id,
        max_size=6,
    ),
    st.none() | st.integers(1, 3),
    st.none() | st.integers(1, 3),
)
def test_at_most_one_is_chosen_and_it_is_in_force_and_covers(
    given: list[Candidate], area: int | None, site: int | None
) -> None:
    verdicts = choose(given, area, site)
    assert sorted(verdict.id for verdict in verdicts) == sorted(each.id for each in given)
    chosen = [verdict.id for verdict in verdicts if verdict.reason == Reason.CHOSEN]
    assert len(chosen) <= 1
    for each in (each for each in given if each.id in chosen):
        assert each.starts_on <= each.worked_on <= (each.ends_on or date.max)
        assert not each.areas or area is None or area in each.areas
        assert not each.sites or site is None or site in each.sites
