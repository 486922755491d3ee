"""The engine against a naive model that shares nothing with it, over random contracts, clocks and lots."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from ecuanime.rules.rating import (
    Band,
    Booked,
    Calendar,
    Cover,
    FixedPrice,
    Group,
    LevelWeight,
    Lot,
    Mode,
    Overage,
    OveragePolicy,
    Rate,
    Rounding,
    Segment,
    State,
    Surcharge,
    Terms,
    Tie,
    Unit,
    When,
    Work,
    WorkType,
    rate,
    replay,
)

from .naive import Stretch, rate_slowly

MANY = settings(max_examples=60, deadline=None)

# Days on which a zone's clock changes, or does not: by the hour, at midnight, by half an hour, and never.
PLACES = st.sampled_from(
    [
        ("Europe/Madrid", date(2026, 10, 24)),
        ("Europe/Madrid", date(2026, 3, 28)),
        ("America/Mexico_City", date(2022, 10, 29)),
        ("America/Mexico_City", date(2022, 4, 2)),
        ("America/Mexico_City", date(2026, 4, 4)),
        ("America/Santiago", date(2026, 9, 5)),
        ("America/Santiago", date(2026, 4, 4)),
        ("Australia/Lord_Howe", date(2026, 10, 3)),
        ("UTC", date(2026, 2, 28)),
    ]
)
CLOCKS = st.sampled_from([time(0), time(2, 30), time(9), time(13, 15), time(17, 40), time(23, 50)])
FACTORS = st.sampled_from([Decimal("0.333"), Decimal("0.5"), Decimal(1), Decimal("1.25"), Decimal(2)])
PRICES = st.sampled_from([Decimal("30.00"), Decimal("41.99"), Decimal("0.01")])
MAYBE_AREA = st.sampled_from([None, "linux", "windows"])
MAYBE_LEVEL = st.sampled_from([None, "expert"])


def near(day: date, least: int = -1, most: int = 2) -> st.SearchStrategy[date]:
    return st.integers(least, most).map(lambda n: day + timedelta(days=n))


SITES = st.sampled_from([frozenset[str](), frozenset[str](), frozenset({"5"})])


@st.composite
def bands(draw: st.DrawFn) -> tuple[Band, ...]:
    found = []
    for weekday in draw(st.sets(st.integers(0, 6), min_size=1)):
        edges = sorted(draw(st.sets(CLOCKS, min_size=2, max_size=4)))
        found += [Band(weekday, opens, closes) for opens, closes in pairwise(edges)]
        if draw(st.booleans()):
            found.append(Band(weekday, edges[-1], time(0)))
    return tuple(found)


@st.composite
def some_terms(draw: st.DrawFn, zone: str, day: date) -> Terms:
    calendar = Calendar(
        draw(st.sampled_from([zone, zone, "Europe/Madrid"])),
        draw(bands()),
        frozenset(draw(st.sets(near(day), max_size=2))),
        draw(st.booleans()),
    )
    return Terms(
        contract_id=1,
        zone=zone,
        starts_on=draw(near(day, -1, 1)),
        ends_on=draw(st.none() | near(day, 1, 2)),
        currency=draw(st.sampled_from(["EUR", "CLP", "BHD"])),
        rounding=Rounding(
            draw(st.sampled_from(Group)),
            draw(st.sampled_from([1, 6, 15, 60])),
            draw(st.sampled_from(Mode)),
            draw(st.sampled_from(Tie)),
            draw(st.sampled_from([0, 0, 10])),
        ),
        work_types=(
            WorkType("travel", draw(FACTORS | st.just(Decimal(0)))),
            WorkType("phone", free_under=Decimal(5)),
            WorkType("km", unit_price=Decimal("0.35"), free_under=draw(st.sampled_from([None, Decimal(3)]))),
        ),
        level_weights=(LevelWeight("expert", draw(FACTORS)),),
        surcharges=tuple(
            Surcharge(when.value, when, draw(st.sampled_from([Decimal(1), Decimal("1.5"), Decimal("1.333")])))
            for when in draw(st.sets(st.sampled_from(When)))
        ),
        calendar=draw(st.sampled_from([calendar, calendar, None])),
        rates=tuple(
            draw(
                st.lists(st.builds(Rate, PRICES, MAYBE_AREA, MAYBE_LEVEL, st.none() | near(day)), max_size=4)
            )
        ),
        fixed_prices=tuple(
            draw(
                st.lists(
                    st.builds(
                        FixedPrice,
                        PRICES,
                        st.sampled_from([None, "travel", "remote"]),
                        st.none() | st.sampled_from(When),
                        st.none() | near(day),
                        st.none() | near(day),
                    ),
                    max_size=2,
                )
            )
        ),
        overage=draw(
            st.builds(
                Overage,
                st.sampled_from(OveragePolicy),
                st.sampled_from([None, None, 0, 1234]),
                st.none() | PRICES,
            )
        ),
        covers=tuple(
            Cover(
                id,
                draw(st.sampled_from([None, None, "linux"])),
                draw(st.sampled_from([None, None, "remote"])),
                draw(st.sampled_from([None, 0, 3000])),
                draw(st.booleans()),
                draw(st.booleans()),
            )
            for id in range(draw(st.sampled_from([0, 0, 1, 2])))
        ),
        sites=draw(SITES),
        cuts=tuple(
            draw(st.sets(near(day).map(lambda each: datetime.combine(each, time(11, 7), UTC)), max_size=1))
        ),
    )


@st.composite
def some_work(draw: st.DrawFn, id: int, zone: str, day: date) -> Work:
    seconds = draw(st.sampled_from([0, 59, 600, 3010, 7200, 12_345, 30_000]))
    on = draw(near(day, 0, 1))
    facts: dict[str, Any] = {"work_on": on}
    if draw(st.sampled_from([True, True, False])):
        starts = datetime.combine(
            on, draw(CLOCKS | st.sampled_from([time(1, 17), time(8, 59)])), ZoneInfo(zone)
        )
        starts = starts.astimezone(UTC)
        facts = {
            "work_on": starts.astimezone(ZoneInfo(zone)).date(),
            "started_at": starts,
            "ended_at": starts + timedelta(seconds=seconds),
        }
    return Work(
        id=id,
        ticket_id=draw(st.integers(1, 2)),
        elapsed_seconds=seconds,
        billable_seconds=draw(st.sampled_from([seconds, seconds, seconds // 3, 0])),
        work_type=draw(st.sampled_from(["remote", "remote", "travel", "phone", "km"])),
        approved_order=draw(st.integers(0, 2)),
        visit_id=draw(st.sampled_from([None, 1])),
        area=draw(MAYBE_AREA),
        site=draw(st.sampled_from([None, "5", "6"])),
        level=draw(MAYBE_LEVEL),
        urgent=draw(st.booleans()),
        emergency=draw(st.sampled_from([False, False, True])),
        units=draw(st.sampled_from([Decimal(1), Decimal("37.5"), Decimal(0)])),
        ticket_opened_on=draw(st.none() | near(day, -2, 0)),
        **facts,
    )


@st.composite
def some_lots(draw: st.DrawFn, day: date) -> list[Lot]:
    units = st.sampled_from([Unit.MINUTES, Unit.MINUTES, Unit.INCIDENTS])
    return [
        Lot(
            id=id,
            unit=(unit := draw(units)),
            balance=draw(st.sampled_from([0, 700, 2001, 30_000] if unit == Unit.MINUTES else [0, 1])),
            valid_from=draw(near(day, -3, 1)),
            expires_on=draw(st.none() | near(day, 0, 3)),
            priority=draw(st.integers(0, 1)),
            is_allowance=draw(st.sampled_from([False, False, True])),
            areas=draw(st.sampled_from([frozenset(), frozenset({"linux"})])),
            work_types=draw(st.sampled_from([frozenset(), frozenset({"remote", "phone"})])),
            sites=draw(SITES),
            is_bonus=draw(st.booleans()),
            bought_at=draw(
                st.none() | near(day, -9, -8).map(lambda each: datetime.combine(each, time(9), UTC))
            ),
            usable=draw(st.sampled_from([True, True, True, False])),
            expired=draw(st.sampled_from([0, 0, 700])),
        )
        for id in range(1, draw(st.integers(0, 5)) + 1)
    ]


@st.composite
def scenarios(draw: st.DrawFn) -> tuple[tuple[Work, ...], Terms, list[Lot]]:
    zone, day = draw(PLACES)
    works = tuple(draw(some_work(id, zone, day)) for id in range(1, draw(st.integers(1, 4)) + 1))
    return works, draw(some_terms(zone, day)), draw(some_lots(day))


def of_engine(segment: Segment) -> tuple[Any, ...]:
    drawn: dict[int, int] = {}
    for each in segment.drawdowns:
        drawn[each.lot_id] = drawn.get(each.lot_id, 0) + each.hundredths
    starts = segment.started_at.astimezone(UTC) if segment.started_at else None
    return (
        *(
            segment.work_id,
            segment.work_on,
            starts,
            segment.rounded_minutes,
            segment.weighted_hundredths,
            drawn,
        ),
        segment.included_hundredths,
        *(segment.overage_hundredths, segment.overdraft_hundredths, segment.held_hundredths),
        segment.amount or Fraction(0),
    )


def of_model(stretch: Stretch) -> tuple[Any, ...]:
    return (
        *(stretch.work.id, stretch.day, stretch.starts, stretch.minutes, stretch.weighted, stretch.drawn),
        stretch.included,
        *(stretch.overage, stretch.overdraft, stretch.held, stretch.amount),
    )


@MANY
@given(scenarios(), st.sampled_from([0, 0, 600]), st.sets(st.just(1)))
def test_the_engine_and_the_naive_model_agree_segment_by_segment(
    scenario: tuple[tuple[Work, ...], Terms, list[Lot]], used: int, holders: set[int]
) -> None:
    works, terms, lots = scenario
    booked = [Booked("ticket:1", 600, 15), Booked("entry:2", 60, 1), Booked("ticket:1", 60, 0)]
    engine = rate(works, terms, lots, booked, used_overage=used, incidents=holders)
    model = rate_slowly(works, terms, lots, booked, used, holders)
    assert [of_engine(segment) for segment in engine.segments] == [of_model(stretch) for stretch in model]


@MANY
@given(scenarios(), st.data())
def test_any_split_into_runs_gives_the_minutes_that_the_model_gives_one_run(
    scenario: tuple[tuple[Work, ...], Terms, list[Lot]], data: st.DataObject
) -> None:
    works, terms, lots = scenario
    model = rate_slowly(works, terms, lots)
    order = data.draw(st.permutations(works))
    ends = sorted(data.draw(st.sets(st.integers(1, len(works)))) | {len(works)})
    parts = [order[first:last] for first, last in pairwise([0, *ends])]
    runs, _state = replay(State(tuple(lots)), parts, terms)
    assert sum(run.rated.rounded_minutes for run in runs) == sum(each.minutes for each in model)
    for run in runs:
        for segment in run.rated.segments:
            covered = segment.drawn_hundredths + segment.included_hundredths + segment.overage_hundredths
            assert covered == segment.weighted_hundredths


def test_the_model_sees_an_engine_that_is_wrong() -> None:
    """The control of the comparison: terms that differ by one figure are told apart."""
    work = Work(1, 1, date(2026, 1, 20), 600, 600, "remote", 1)
    terms = Terms(1, "UTC", date(2026, 1, 1), "EUR", rates=(Rate(Decimal("30.00")),))
    [segment] = rate([work], terms).segments
    assert of_engine(segment) == of_model(rate_slowly([work], terms)[0])
    dearer = replace(terms, rates=(Rate(Decimal("30.01")),))
    assert of_engine(segment) != of_model(rate_slowly([work], dearer)[0])
