from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction

import pytest

from ecuanime.rules.rating import (
    Booked,
    Code,
    Cover,
    FixedPrice,
    Group,
    HoldReason,
    LevelWeight,
    Overage,
    OveragePolicy,
    Rate,
    Rated,
    Rounding,
    Segment,
    Terms,
    When,
    Work,
    WorkType,
    as_json,
    group_of,
    rate,
)

from .examples import Row, cents, rows
from .rating_examples import BY_QUARTERS, HOLIDAY, ON_DEMAND, TUESDAY, incidents, lot, work, work_at


def one(rated: Rated) -> Segment:
    [segment] = rated.segments
    return segment


def in_circumstances(row: Row) -> Work:
    named = row["circumstances"].split()
    return work_at(
        1,
        "20:00" if "night" in named else "10:00",
        int(row["rounded minutes"]) * 60,
        HOLIDAY if "holiday" in named else TUESDAY,
        work_type=row["work type"],
        urgent="urgent" in named,
        area=row.get("area") or None,
        level=row.get("level") or None,
    )


@pytest.mark.parametrize(
    "row", rows("rating", "work type", "circumstances", "rounded minutes", "weighted minutes")
)
def test_weights_and_the_largest_surcharge(row: Row) -> None:
    segment = one(rate([in_circumstances(row)], ON_DEMAND))
    assert segment.weighted_hundredths == Fraction(row["weighted minutes"]) * 100


@pytest.mark.parametrize("row", rows("rating", "billable seconds", "rounded", "drawn", "overage", "amount"))
def test_a_pack_that_runs_dry_inside_an_entry(row: Row) -> None:
    rated = rate([work(1, int(row["billable seconds"]))], BY_QUARTERS, [lot(1, 40)])
    segment = one(rated)
    assert segment.rounded_minutes == int(row["rounded"])
    assert segment.drawn_hundredths == int(row["drawn"]) * 100
    assert segment.overage_minutes == segment.billed_minutes == int(row["overage"])
    assert rated.amount == cents(row["amount"])
    assert (segment.amount is None) == (rated.amount == 0)


@pytest.mark.parametrize(
    "row",
    rows(
        "rating", "work type", "area", "level", "circumstances", "rounded minutes", "price per hour", "amount"
    ),
)
def test_on_demand_prices(row: Row) -> None:
    card = (
        Rate(Decimal("36.00"), area="linux"),
        Rate(Decimal("40.00"), level="expert"),
        Rate(Decimal("30.00")),
        Rate(Decimal("48.00"), area="linux", level="expert"),
    )
    segment = one(rate([in_circumstances(row)], replace(ON_DEMAND, rates=card)))
    assert segment.price_per_hour == Decimal(row["price per hour"])
    assert segment.amount == cents(row["amount"])


@pytest.mark.parametrize(
    "row", rows("rating", "policy", "limit", "drawn", "billed", "overdraft", "held", "reason")
)
def test_what_becomes_of_overage(row: Row) -> None:
    limit = int(row["limit"]) * 100 if row["limit"] else None
    terms = replace(ON_DEMAND, overage=Overage(OveragePolicy(row["policy"]), limit))
    segment = one(rate([work(1)], terms, [lot(1, 10)]))
    assert segment.drawn_hundredths == int(row["drawn"]) * 100
    assert segment.billed_minutes == int(row["billed"])
    assert segment.overdraft_hundredths == int(row["overdraft"]) * 100
    assert segment.held_hundredths == int(row["held"]) * 100
    assert (segment.hold_reason or "") == row["reason"]
    assert segment.held == bool(row["reason"])


@pytest.mark.parametrize(
    "row", rows("rating", "policy", "limit", "billed with consent", "overdraft", "consented")
)
def test_what_the_client_consented_to_is_billed_and_uses_no_limit(row: Row) -> None:
    limit = int(row["limit"]) * 100 if row["limit"] else None
    terms = replace(ON_DEMAND, overage=Overage(OveragePolicy(row["policy"]), limit, is_consented=True))
    segment = one(rate([work(1)], terms, [lot(1, 10)]))
    assert segment.billed_minutes == int(row["billed with consent"])
    assert segment.overdraft_hundredths == int(row["overdraft"]) * 100
    assert segment.consented_hundredths == int(row["consented"]) * 100
    assert segment.limited_hundredths == 5000 - segment.consented_hundredths
    assert not segment.held


def test_without_a_rate_consent_is_not_enough() -> None:
    terms = replace(ON_DEMAND, rates=(), overage=Overage(OveragePolicy.HOLD, is_consented=True))
    segment = one(rate([work(1)], terms))
    assert (segment.held_hundredths, segment.hold_reason) == (6000, HoldReason.NO_RATE)


def test_a_limit_counts_what_was_used_before_and_in_the_run() -> None:
    terms = replace(ON_DEMAND, overage=Overage(OveragePolicy.BILL, 9000))
    rated = rate([work(1), work(2)], terms, used_overage=1000)
    assert [segment.held_hundredths for segment in rated.segments] == [0, 4000]
    assert one(rate([work(1)], terms, used_overage=99_999)).billed_minutes == 0


@pytest.mark.parametrize("row", rows("rounding", "entries, in seconds", "added, in minutes"))
def test_late_entries_add_only_what_is_missing(row: Row) -> None:
    terms = replace(ON_DEMAND, rounding=Rounding(Group.TICKET_DAY, step_minutes=15))
    booked: list[Booked] = []
    added = []
    for n, seconds in enumerate(row["entries, in seconds"].split()):
        rated = rate([work(n, int(seconds))], terms, booked=booked)
        booked += rated.added
        added.append(rated.rounded_minutes)
    assert added == [int(minutes) for minutes in row["added, in minutes"].split()]


def test_the_evening_is_cut_where_the_office_closes_and_rounded_once() -> None:
    day, night = rate([work_at(1, "17:00", 3010)], BY_QUARTERS).segments
    assert (day.started_at, day.ended_at, night.ended_at) == (
        datetime(2026, 1, 20, 16, 0, tzinfo=UTC),
        datetime(2026, 1, 20, 16, 40, tzinfo=UTC),
        datetime(2026, 1, 20, 16, 50, 10, tzinfo=UTC),
    )
    assert (day.rounded_minutes, night.rounded_minutes) == (48, 12)
    assert (day.surcharge_code, night.surcharge_code) == (None, "night")
    assert (day.amount, night.amount) == (2400, 900)


def test_billable_time_is_shared_by_the_wall_clock() -> None:
    day, night = rate([work_at(1, "17:00", 3600, billable_seconds=1800)], ON_DEMAND).segments
    assert (day.elapsed_seconds, night.elapsed_seconds) == (2400, 1200)
    assert (day.billable_seconds, night.billable_seconds) == (1200, 600)
    assert (day.rounded_minutes, night.rounded_minutes) == (20, 10)


def test_the_exact_share_not_the_whole_seconds_decides_the_remainder() -> None:
    # 90 s over thirds of an hour are 30 s each: of 2 minutes, the earliest two pieces get one each.
    terms = replace(ON_DEMAND, cuts=tuple(datetime(2026, 1, 20, 9, m, tzinfo=UTC) for m in (20, 40)))
    rated = rate([work_at(1, "10:00", billable_seconds=90)], terms)
    assert [segment.rounded_minutes for segment in rated.segments] == [1, 1, 0]


def test_exact_shares_compete_with_other_works_of_the_group() -> None:
    # A third of 100 s is more than 33 s: each piece of the long work comes before the short one.
    terms = replace(
        ON_DEMAND,
        rounding=Rounding(Group.TICKET),
        cuts=tuple(datetime(2026, 1, 20, 9, m, tzinfo=UTC) for m in (20, 40)),
    )
    rated = rate([work_at(1, "09:10", 33), work_at(2, "10:00", billable_seconds=100)], terms)
    assert [segment.rounded_minutes for segment in rated.segments] == [0, 1, 1, 1]


def test_a_group_that_was_booked_too_high_adds_nothing() -> None:
    rated = rate([work(1, 60)], ON_DEMAND, booked=[Booked("entry:1", 0, 90)])
    assert (rated.rounded_minutes, rated.amount) == (0, 0)


def test_a_night_over_midnight_draws_from_the_lots_of_each_day() -> None:
    lots = [lot(1, 600, expires_on=TUESDAY), lot(2, 600, valid_from=date(2026, 1, 21))]
    rated = rate([work_at(1, "23:30", 3600)], ON_DEMAND, lots)
    assert [segment.work_on for segment in rated.segments] == [TUESDAY, date(2026, 1, 21)]
    assert rated.drawn_by_lot == {1: 4500, 2: 4500}


def test_a_rate_changes_at_midnight() -> None:
    card = (Rate(Decimal(30), valid_to=TUESDAY), Rate(Decimal(40), valid_from=date(2026, 1, 21)))
    rated = rate([work_at(1, "23:30", 3600)], replace(ON_DEMAND, rates=card, surcharges=()))
    assert [segment.price_per_hour for segment in rated.segments] == [30, 40]


def test_works_without_clock_times_know_holidays_but_no_nights() -> None:
    plain, festive = one(rate([work(1)], ON_DEMAND)), one(rate([work(1, work_on=HOLIDAY)], ON_DEMAND))
    assert (plain.surcharge_code, festive.surcharge_code) == (None, "festive")
    assert plain.started_at is None


def test_levels_weigh_in_packs_and_not_in_money() -> None:
    terms = replace(ON_DEMAND, level_weights=(LevelWeight("expert", Decimal("1.2")),))
    segment = one(rate([work(1, level="expert")], terms, [lot(1, 36)]))
    assert segment.weighted_hundredths == 7200
    assert (segment.drawn_hundredths, segment.overage_minutes, segment.amount) == (3600, 30, 1500)


def test_an_agreed_overage_price_replaces_the_base_rate() -> None:
    terms = replace(ON_DEMAND, overage=Overage(price_per_hour=Decimal("25.00")))
    assert one(rate([work_at(1, "20:00", work_type="travel")], terms)).price_per_hour == Decimal("18.75")


@pytest.mark.parametrize(
    ("clock", "work_type", "urgent", "price"),
    [
        ("10:00", "travel", False, 20),
        ("20:00", "travel", False, 28),
        ("10:00", "travel", True, 20),
        ("20:00", "remote", False, 60),
        ("20:00", "remote", True, 70),
        ("10:00", "remote", False, 30),
    ],
)
def test_a_fixed_price_replaces_weight_and_surcharge(
    clock: str, work_type: str, urgent: bool, price: int
) -> None:
    fixed = (
        FixedPrice(Decimal(60), when=When.AFTER_HOURS),
        FixedPrice(Decimal(70), when=When.URGENT),
        FixedPrice(Decimal(20), work_type="travel"),
        FixedPrice(Decimal(28), work_type="travel", when=When.AFTER_HOURS),
        FixedPrice(Decimal(99), work_type="travel", valid_to=date(2026, 1, 19)),
    )
    terms = replace(ON_DEMAND, fixed_prices=fixed)
    segment = one(rate([work_at(1, clock, work_type=work_type, urgent=urgent)], terms))
    assert (segment.price_per_hour, segment.amount) == (price, price * 100)


def test_a_fixed_price_replaces_factors_for_money_but_not_for_packs() -> None:
    terms = replace(ON_DEMAND, fixed_prices=(FixedPrice(Decimal(60), when=When.AFTER_HOURS),))
    segment = one(rate([work_at(1, "20:00")], terms, [lot(1, 45)]))
    assert segment.weighted_hundredths == 9000
    assert (segment.drawn_hundredths, segment.overage_minutes, segment.amount) == (4500, 30, 3000)


def test_a_type_beside_the_pack_weighs_nothing_and_has_its_own_price() -> None:
    terms = replace(
        ON_DEMAND,
        work_types=(WorkType("travel", Decimal(0)),),
        fixed_prices=(FixedPrice(Decimal(20), work_type="travel"),),
    )
    segment = one(rate([work(1, work_type="travel")], terms, [lot(1, 600)]))
    assert (segment.weighted_hundredths, segment.drawdowns) == (0, ())
    assert (segment.billed_minutes, segment.amount) == (60, 2000)
    free = one(rate([work(1, work_type="travel")], replace(terms, fixed_prices=()), [lot(1, 600)]))
    assert free.amount is None


CALL_OUT = WorkType("call_out", unit_price=Decimal("45.00"))
KILOMETRES = WorkType("km", unit_price=Decimal("0.26"), free_under=Decimal(10))


@pytest.mark.parametrize(
    ("work_type", "units", "amount"),
    [("call_out", "1", 4500), ("km", "37.5", 975), ("km", "9.9", None), ("km", "10", 260), ("km", "0", None)],
)
def test_unit_prices_and_their_threshold(work_type: str, units: str, amount: int | None) -> None:
    terms = replace(ON_DEMAND, work_types=(CALL_OUT, KILOMETRES))
    rated = rate([work(1, 0, work_type=work_type, units=Decimal(units))], terms, [lot(1, 600)])
    assert one(rated).amount == amount
    assert (rated.drawn_by_lot, rated.rounded_minutes, rated.added) == ({}, 0, ())


@pytest.mark.parametrize("row", rows("packs", "worked on", "minutes", "from A", "from B"))
def test_lots_are_drawn_in_their_order_however_they_are_given(row: Row) -> None:
    lots = [lot(1, 30, expires_on=date(2026, 1, 31)), lot(2, 600, expires_on=date(2026, 12, 31))]
    done = work(1, int(row["minutes"]) * 60, work_on=date.fromisoformat(row["worked on"]))
    taken = {id: int(row[column]) * 100 for id, column in ((1, "from A"), (2, "from B"))}
    expected = {id: hundredths for id, hundredths in taken.items() if hundredths}
    terms = replace(ON_DEMAND, surcharges=())
    assert rate([done], terms, lots).drawn_by_lot == expected
    assert rate([done], terms, lots[::-1]).drawn_by_lot == expected


def test_goodwill_makes_a_call_out_free() -> None:
    terms = replace(ON_DEMAND, work_types=(CALL_OUT,))
    assert one(rate([work(1, 600, work_type="call_out", billable_seconds=0)], terms)).amount is None
    assert one(rate([work(1, 600, work_type="call_out")], terms)).amount == 4500


def test_short_calls_are_free_and_count_for_no_group() -> None:
    phone = WorkType("phone", free_under=Decimal(5))
    terms = replace(
        ON_DEMAND, work_types=(phone,), rounding=Rounding(Group.TICKET, step_minutes=15, minimum_minutes=30)
    )
    rated = rate([work(1, 299, work_type="phone")], terms)
    assert (rated.rounded_minutes, rated.amount) == (0, 0)
    assert one(rated).billable_seconds == 299
    assert rate([work(1, 300, work_type="phone")], terms).rounded_minutes == 30


def test_goodwill_is_nothing_whatever_the_minimum() -> None:
    terms = replace(ON_DEMAND, rounding=Rounding(step_minutes=15, minimum_minutes=30))
    rated = rate([work_at(1, "17:00", 7200, billable_seconds=0)], terms, [lot(1, 60)])
    assert (rated.rounded_minutes, rated.weighted_hundredths, rated.amount) == (0, 0, 0)
    assert sum(segment.elapsed_seconds for segment in rated.segments) == 7200


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2026, 7, 1)])
def test_work_outside_the_contract_is_held_and_draws_nothing(day: date) -> None:
    terms = replace(ON_DEMAND, ends_on=date(2026, 6, 30), work_types=(CALL_OUT,))
    always = lot(1, 600, valid_from=date(2025, 1, 1))
    segment = one(rate([work(1, work_on=day)], terms, [always]))
    assert (segment.hold_reason, segment.held_hundredths) == (HoldReason.OUTSIDE_CONTRACT, 6000)
    assert (segment.drawdowns, segment.amount) == ((), None)
    call_out = one(rate([work(1, work_on=day, work_type="call_out")], terms))
    assert (call_out.hold_reason, call_out.amount) == (HoldReason.OUTSIDE_CONTRACT, None)


def test_work_without_a_rate_is_held() -> None:
    segment = one(rate([work(1)], replace(ON_DEMAND, rates=()), [lot(1, 20)]))
    assert (segment.drawn_hundredths, segment.held_hundredths) == (2000, 4000)
    assert (segment.hold_reason, segment.price_per_hour) == (HoldReason.NO_RATE, None)


def test_the_earlier_approval_draws_first_whoever_worked_first() -> None:
    rated = rate(
        [work_at(1, "10:00", approved_order=2), work_at(2, "12:00", approved_order=1)],
        ON_DEMAND,
        [lot(1, 60)],
    )
    assert [(segment.work_id, segment.drawn_hundredths) for segment in rated.segments] == [(2, 6000), (1, 0)]


def test_late_approval_takes_the_balance_first_and_then_of_the_expiry() -> None:
    lapsed = lot(1, 5, expired=1000, expires_on=TUESDAY)
    [drawdown] = one(rate([work(1, 1200)], ON_DEMAND, [lapsed])).drawdowns
    assert (drawdown.hundredths, drawdown.from_expired) == (1500, 1000)


@pytest.mark.parametrize(
    ("group", "name"),
    [
        (Group.ENTRY, "entry:7"),
        (Group.TICKET, "ticket:4817"),
        (Group.TICKET_DAY, "ticket_day:4817:2026-01-20"),
        (Group.DAY, "day:2026-01-20"),
        (Group.VISIT, "visit:3"),
    ],
)
def test_groups_have_stable_names(group: Group, name: str) -> None:
    assert group_of(work(7, visit_id=3), group) == name
    assert group_of(work(7), Group.VISIT) == "entry:7"


def test_a_group_is_spread_over_its_entries_earliest_first() -> None:
    terms = replace(ON_DEMAND, rounding=Rounding(Group.TICKET_DAY, step_minutes=10))
    works = [work_at(1, "12:00", 60), work_at(2, "11:00", 60), work_at(3, "11:00", 60)]
    rated = rate(works, terms)
    assert [rated.of_work(n)[0].rounded_minutes for n in (1, 2, 3)] == [3, 4, 3]


def test_the_trace_tells_what_was_done() -> None:
    rated = rate([work_at(1, "20:00", 3010, urgent=True)], BY_QUARTERS, [lot(5, 40)])
    steps = as_json(rated.trace)
    assert [entry["code"] for entry in steps] == [
        "work", "group_rounded", "segment", "surcharge", "weighted", "drawn", "overage", "priced",
    ]  # fmt: skip
    assert steps[3] == {
        "code": "surcharge",
        "work_id": 1,
        "surcharge": "night",
        "when": "after_hours",
        "factor": "1.5",
        "instead_of": "urgent",
    }
    assert steps[5] == {
        "code": "drawn", "work_id": 1, "lot": 5, "hundredths": 4000, "from_expired": 0, "left": 0,
    }  # fmt: skip
    assert steps[7] | {"minutes": "100/3", "price_per_hour": "45", "amount": "2500"} == steps[7]


def every_step() -> list[dict[str, int | str | None]]:
    """The steps of runs that between them write every code."""
    types = (CALL_OUT, KILOMETRES)
    fixed = (FixedPrice(Decimal(60), when=When.URGENT),)
    overdraft = Overage(OveragePolicy.OVERDRAFT, 1000)
    terms: list[Terms] = [
        replace(ON_DEMAND, work_types=types, fixed_prices=fixed),
        replace(ON_DEMAND, overage=overdraft),
        replace(ON_DEMAND, overage=replace(overdraft, is_consented=True)),
        replace(ON_DEMAND, covers=(Cover(1, needs_incident=True),)),
        replace(ON_DEMAND, covers=(Cover(1),), sites=frozenset({"5"})),
    ]
    works = [work_at(1, "20:00"), work(2, urgent=True), work(3, work_type="km", units=Decimal(3)), work(4)]
    lots = [lot(1, 30), incidents(2, 1)]
    works.append(work(5, ticket_id=4818))
    return [entry for each in terms for entry in as_json(rate(works, each, lots).trace)]


def test_the_page_lists_every_code_and_its_figures() -> None:
    listed = {row["code"]: row["figures"].split(", ") for row in rows("rating", "code", "says", "figures")}
    of_corrections = {row["code"] for row in rows("corrections", "code", "says", "figures")}
    assert set(listed) | of_corrections == set(Code)
    written = {str(entry["code"]): list(entry)[2:] for entry in every_step()}
    assert written == listed


def test_nothing_is_rated_twice() -> None:
    with pytest.raises(ValueError, match="once in a run"):
        rate([work(1), work(1)], ON_DEMAND)
    with pytest.raises(ValueError, match="lot is given once"):
        rate([work(1)], ON_DEMAND, [lot(1, 5), lot(1, 6)])


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"elapsed_seconds": -1}, "never negative"),
        ({"billable_seconds": -1}, "never negative"),
        ({"started_at": datetime(2026, 1, 20, tzinfo=UTC)}, "both or not at all"),
        ({"started_at": datetime(2026, 1, 20), "ended_at": datetime(2026, 1, 20)}, "name their zone"),
        (
            {"started_at": datetime.max.replace(tzinfo=UTC), "ended_at": datetime.min.replace(tzinfo=UTC)},
            "ends after it starts",
        ),
    ],
)
def test_impossible_works_are_refused(changes: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        work(1, **changes)


def test_a_work_of_no_length_is_classified_by_its_start() -> None:
    segment = one(rate([work_at(1, "17:40", 0, billable_seconds=600)], ON_DEMAND))
    assert (segment.surcharge_code, segment.rounded_minutes) == ("night", 10)
    assert one(rate([work_at(1, "17:39", 0)], ON_DEMAND)).surcharge_code is None
    assert time(17, 40) == ON_DEMAND.calendar.bands[0].closes if ON_DEMAND.calendar else False
