from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecuanime.rules.calendars import Band, Calendar, open_intervals
from ecuanime.rules.sla import (
    Breach,
    Change,
    History,
    Metric,
    Outcome,
    Run,
    Target,
    Why,
    changes_for,
    credit_shares,
    first_unanswered,
    read,
    rounds_of,
    stood_between,
)

from .examples import Row, rows

MADRID = ZoneInfo("Europe/Madrid")
OFFICE = Calendar(
    "Europe/Madrid",
    tuple(Band(day, *hours) for day in range(5) for hours in ((time(9), time(14)), (time(16), time(19)))),
    frozenset({date(2026, 11, 9)}),
)
CALENDARS = {"office": OFFICE, "open": None}


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MADRID).astimezone(UTC)


def maybe(text: str) -> datetime | None:
    return local(text) if text else None


def told(row: Row) -> History:
    opened_at = local(row["opened"])
    states = [word.split("@") for word in row.get("states", "").split()]
    return History(opened_at, ((opened_at, "new"), *((local(at), state) for state, at in states)))


@pytest.mark.parametrize(
    "row",
    rows(
        "sla",
        "opened",
        "states",
        "target (minutes)",
        "calendar",
        "now",
        "due",
        "broken at",
        "counted (minutes)",
    ),
)
def test_when_time_is_up(row: Row) -> None:
    history = told(row)
    target = Target(history.opened_at, int(row["target (minutes)"]), CALENDARS[row["calendar"]])
    reading = read(changes_for(Metric.SOLUTION, history), [target], now=local(row["now"]))
    assert (reading.due_at, reading.breached_at) == (maybe(row["due"]), maybe(row["broken at"]))
    assert reading.counted == timedelta(minutes=int(row["counted (minutes)"]))


@pytest.mark.parametrize(
    "row", rows("sla", "opened", "target", "from", "target then", "now", "due", "broken at")
)
def test_changes_of_what_is_promised(row: Row) -> None:
    history = told(row)
    first = int(row["target"]) if row["target"] else None
    targets = [
        Target(history.opened_at, first, OFFICE),
        Target(local(row["from"]), int(row["target then"]), OFFICE),
    ]
    reading = read(changes_for(Metric.SOLUTION, history), targets, now=local(row["now"]))
    assert (reading.due_at, reading.breached_at) == (maybe(row["due"]), maybe(row["broken at"]))


@pytest.mark.parametrize("row", rows("sla", "zone", "hours", "opened", "target", "due (UTC)"))
def test_nights_on_which_the_clock_changes(row: Row) -> None:
    opens, closes = (time.fromisoformat(each) for each in row["hours"].split("–"))
    calendar = Calendar(row["zone"], tuple(Band(day, opens, closes) for day in range(7)))
    at = datetime.fromisoformat(row["opened"]).replace(tzinfo=ZoneInfo(row["zone"])).astimezone(UTC)
    reading = read([Change(at, Run.RUNNING)], [Target(at, int(row["target"]), calendar)], now=at)
    assert reading.due_at == datetime.fromisoformat(row["due (UTC)"]).replace(tzinfo=UTC)


def test_each_clock_stops_at_what_was_promised() -> None:
    def at(hour: int) -> datetime:
        return datetime(2026, 11, 3, hour, tzinfo=UTC)

    history = History(
        at(8),
        ((at(8), "new"), (at(9), "open"), (at(10), "waiting_client"), (at(11), "open"), (at(15), "solved")),
        asked=(at(8), at(11), at(12), at(14)),
        answered=(at(9), at(13)),
        normal=((at(12), True), (at(13), False), (at(14), True)),
    )
    assert rounds_of(history) == ((at(11), at(13)), (at(14), at(15)))
    runs = {metric: [(each.at.hour, each.run) for each in changes_for(metric, history)] for metric in Metric}
    running, paused, stopped = Run.RUNNING, Run.PAUSED, Run.STOPPED
    assert runs[Metric.FIRST_RESPONSE] == [(8, running), (9, stopped)]
    assert runs[Metric.NEXT_RESPONSE] == [(11, running), (13, stopped)]
    assert runs[Metric.SOLUTION] == [(8, running), (10, paused), (11, running), (15, stopped)]
    assert runs[Metric.NORMALISATION] == [
        (8, running), (10, paused), (11, running), (12, stopped), (13, running), (14, stopped)
    ]  # fmt: skip
    assert changes_for(Metric.NEXT_RESPONSE, history, 3) == ()
    unanswered = History(at(8), ((at(8), "new"), (at(12), "solved")), asked=(at(8), at(9)))
    assert rounds_of(unanswered) == ()
    assert changes_for(Metric.FIRST_RESPONSE, unanswered)[-1] == Change(at(12), stopped)


def test_a_clock_that_has_not_started_is_not_read() -> None:
    with pytest.raises(ValueError, match="not started"):
        read([], [], now=datetime(2026, 11, 3, tzinfo=UTC))


START = datetime(2026, 10, 23, 7, tzinfo=UTC)
MINUTES = st.integers(0, 8 * 24 * 60)
RUNS = st.lists(st.tuples(MINUTES, st.sampled_from([Run.RUNNING, Run.PAUSED])), max_size=6).map(
    lambda found: [
        Change(START, Run.RUNNING),
        *(Change(START + timedelta(minutes=at), run) for at, run in sorted(dict(found).items()) if at),
    ]
)
TARGETS = st.lists(st.tuples(MINUTES, st.one_of(st.none(), st.integers(0, 3000))), max_size=4).map(
    lambda found: [
        Target(START + timedelta(minutes=at), minutes, OFFICE)
        for at, minutes in sorted({**dict(found), 0: 600}.items())
    ]
)


@settings(max_examples=80, deadline=None)
@given(RUNS, TARGETS, MINUTES, MINUTES)
def test_later_readings_never_rewrite_earlier_ones(
    runs: list[Change], targets: list[Target], one: int, other: int
) -> None:
    earlier, later = (START + timedelta(minutes=each) for each in sorted((one, other)))
    before, after = read(runs, targets, now=earlier), read(runs, targets, now=later)
    known = [each for each in runs if each.at <= earlier], [each for each in targets if each.since <= earlier]
    assert before == read(*known, now=earlier)
    assert before.counted <= after.counted
    if before.breached_at is not None:
        assert after.breached_at == before.breached_at
    if after.breached_at is None and after.due_at is not None:
        assert after.due_at >= later
    spans = sum((piece.ends_at - piece.starts_at for piece in after.pieces), timedelta())
    assert spans == later - START


@settings(max_examples=80, deadline=None)
@given(RUNS, MINUTES)
def test_the_clock_stands_still_in_closed_hours_and_while_waiting(runs: list[Change], minutes: int) -> None:
    now = START + timedelta(minutes=minutes)
    reading = read(runs, [Target(START, 600, OFFICE)], now=now)
    counted = timedelta()
    for piece in reading.pieces:
        if piece.why is Why.COUNTED:
            counted += piece.ends_at - piece.starts_at
        assert piece.counted == counted
        if piece.why is Why.CLOSED:
            assert not list(open_intervals(OFFICE, piece.starts_at, piece.ends_at))
    assert counted == reading.counted


@settings(max_examples=60, deadline=None)
@given(MINUTES, MINUTES, MINUTES)
def test_splitting_an_interval_adds_up(one: int, two: int, three: int) -> None:
    first, middle, last = (START + timedelta(minutes=each) for each in sorted((one, two, three)))

    def covered(starts: datetime, ends: datetime) -> timedelta:
        return sum((end - start for start, end in open_intervals(OFFICE, starts, ends)), timedelta())

    assert covered(first, middle) + covered(middle, last) == covered(first, last)


@settings(max_examples=60, deadline=None)
@given(MINUTES, st.integers(1, 3000))
def test_what_is_done_by_the_due_moment_is_done_in_time(minutes: int, target: int) -> None:
    start = START + timedelta(minutes=minutes)
    promised = [Target(start, target, OFFICE)]
    due = read([Change(start, Run.RUNNING)], promised, now=start).due_at
    assert due is not None
    later = due + timedelta(days=1)
    for done, outcome in ((due, Outcome.MET), (due + timedelta(microseconds=1), Outcome.BREACHED)):
        stopped = [Change(start, Run.RUNNING), Change(done, Run.STOPPED)]
        assert read(stopped, promised, now=later).outcome is outcome


@pytest.mark.parametrize(
    "row", rows("sla", "each (minutes)", "at most (minutes)", "broken", "given (minutes)")
)
def test_what_is_given_for_broken_promises(row: Row) -> None:
    breach = Breach(7, int(row["each (minutes)"]), int(row["at most (minutes)"]))
    given = [int(minutes) for minutes in row["given (minutes)"].split()]
    assert credit_shares([breach] * int(row["broken"])) == given
    assert credit_shares([breach, Breach(8, 5, 5)])[1] == 5, "other terms have a limit of their own"


@pytest.mark.parametrize(
    "row", rows("sla", "what waits", "opened", "asked", "answered", "solved", "moved", "waits from")
)
def test_what_waits_when_a_thread_is_split(row: Row) -> None:
    def moments(column: str) -> tuple[datetime, ...]:
        return tuple(local(f"2026-11-03T{at}") for at in row[column].split())

    opened_at = moments("opened")[0]
    states = ((opened_at, "new"), *((at, "solved") for at in moments("solved")))
    history = History(opened_at, states, asked=moments("asked"), answered=moments("answered"))
    assert first_unanswered(history, moments("moved")) == next(iter(moments("waits from")), None)


def test_how_a_ticket_stood_in_a_stretch_of_time() -> None:
    nine, ten, eleven = (local(f"2026-11-03T{hour}:00") for hour in ("09", "10", "11"))
    history = History(nine, ((nine, "new"), (ten, "waiting_client"), (eleven, "open")))
    half = ten + timedelta(minutes=30)
    assert stood_between(history, half, eleven) == ((half, "waiting_client"),)
    assert stood_between(history, nine, eleven) == ((nine, "new"), (ten, "waiting_client"))
