"""The worked examples of the pages about rating that need clocks, lots and prices together."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from ecuanime.rules.packs import eligible_lots
from ecuanime.rules.rating import (
    Code,
    Cover,
    FixedPrice,
    Lot,
    Rate,
    Rated,
    Rounding,
    Terms,
    When,
    WorkType,
    rate,
)

from .examples import Row, cents, rows
from .rating_examples import HOLIDAY, ON_DEMAND, TUESDAY, lot, work_at

ALWAYS = replace(ON_DEMAND, calendar=None, surcharges=())


def rated_at_clock(row: Row, terms: Terms, lots: tuple[Lot, ...] = ()) -> Rated:
    day = date.fromisoformat(row["begins on"])
    return rate([work_at(1, row["at"], int(row["minutes"]) * 60, day)], terms, lots)


@pytest.mark.parametrize(
    "row",
    rows("rating", "begins on", "at", "minutes", "minutes by day", "price per hour by day", "held minutes"),
)
def test_rates_and_the_contract_begin_and_end_with_a_local_day(row: Row) -> None:
    card = (
        Rate(Decimal("30.00"), valid_to=date(2026, 1, 20)),
        Rate(Decimal("36.00"), valid_from=date(2026, 1, 21)),
    )
    rated = rated_at_clock(row, replace(ALWAYS, rates=card, ends_on=date(2026, 1, 22)))
    segments = rated.segments
    assert [segment.rounded_minutes for segment in segments] == [*map(int, row["minutes by day"].split())]
    prices = [Decimal(price) for price in row["price per hour by day"].split()]
    assert [segment.price_per_hour for segment in segments] == prices
    assert sum(segment.held_hundredths for segment in segments) == int(row["held minutes"]) * 100


@pytest.mark.parametrize("row", rows("rating", "begins on", "at", "minutes", "from A", "from B", "overage"))
def test_each_piece_draws_from_the_lots_of_its_day(row: Row) -> None:
    lots = (lot(1, 60, expires_on=date(2026, 1, 31)), lot(2, 60, valid_from=date(2026, 2, 1)))
    rated = rated_at_clock(row, ALWAYS, lots)
    drawn = [rated.drawn_by_lot.get(each.id, 0) for each in lots]
    assert drawn == [int(row["from A"]) * 100, int(row["from B"]) * 100]
    assert rated.overage_hundredths == int(row["overage"]) * 100


@pytest.mark.parametrize(
    "row", rows("rating", "work type", "site", "included", "drawn", "overage", "named as covered")
)
def test_a_contract_limited_to_sites_covers_work_there_alone(row: Row) -> None:
    here, site = frozenset({"5"}), None if row["site"] == "–" else row["site"]
    terms = replace(ALWAYS, covers=(Cover(1, work_type="remote"),), sites=here)
    work = work_at(1, "10:00", 3600, work_type=row["work type"], site=site)
    rated = rate([work], terms, (replace(lot(1, 60), sites=here),))
    found = (rated.included_hundredths, rated.drawn_hundredths, rated.overage_hundredths)
    assert found == tuple(int(row[name]) * 100 for name in ("included", "drawn", "overage"))
    named = [dict(step.figures) for step in rated.trace if step.code == Code.OTHER_SITE]
    assert named == ([{"site": site, "sites": row["named as covered"]}] if row["named as covered"] else [])


@pytest.mark.parametrize(
    "row", rows("rating", "work type", "circumstances", "price per hour", "amount of an hour")
)
def test_fixed_prices(row: Row) -> None:
    fixed = (
        FixedPrice(Decimal("20.00"), "travel"),
        FixedPrice(Decimal("35.00"), "travel", When.HOLIDAY),
        FixedPrice(Decimal("50.00"), when=When.AFTER_HOURS),
    )
    named = row["circumstances"].split()
    work = work_at(
        1,
        "20:00" if "night" in named else "10:00",
        day=HOLIDAY if "holiday" in named else TUESDAY,
        work_type=row["work type"],
        urgent="urgent" in named,
    )
    [segment] = rate([work], replace(ON_DEMAND, fixed_prices=fixed)).segments
    assert segment.price_per_hour == Decimal(row["price per hour"])
    assert segment.amount == cents(row["amount of an hour"])


@pytest.mark.parametrize("row", rows("rating", "work type", "units", "billable seconds", "amount"))
def test_unit_prices_and_thresholds(row: Row) -> None:
    kinds = (
        WorkType("callout", unit_price=Decimal("25.00")),
        WorkType("km", unit_price=Decimal("0.35"), free_under=Decimal(10)),
        WorkType("phone", free_under=Decimal(5)),
    )
    seconds, units = int(row["billable seconds"]), Decimal(row["units"])
    work = work_at(1, "10:00", seconds, work_type=row["work type"], units=units)
    assert rate([work], replace(ON_DEMAND, work_types=kinds)).amount == cents(row["amount"])


@pytest.mark.parametrize("row", rows("rounding", "seconds", "rounded", "before 17:40", "after"))
def test_a_group_is_spread_over_its_pieces(row: Row) -> None:
    rated = rate(
        [work_at(1, "17:00", int(row["seconds"]))], replace(ON_DEMAND, rounding=Rounding(step_minutes=15))
    )
    parts = [int(row[name]) for name in ("before 17:40", "after") if row[name]]
    assert [segment.rounded_minutes for segment in rated.segments] == parts
    assert rated.rounded_minutes == int(row["rounded"])


def test_the_order_of_drawdown() -> None:
    table = rows("packs", "kind", "priority", "scope", "expires on", "bought on", "drawn")
    lots = [
        Lot(
            id=int(row["drawn"]),
            balance=6000,
            valid_from=date(2026, 1, 1),
            expires_on=date.fromisoformat(row["expires on"]) if row["expires on"] else None,
            priority=int(row["priority"]),
            is_allowance=row["kind"] == "allowance",
            is_bonus=row["kind"] == "bonus",
            areas=frozenset({"linux"} if row["scope"] == "area" else ()),
            bought_at=datetime.combine(date.fromisoformat(row["bought on"]), datetime.min.time(), UTC),
        )
        for row in reversed(table)
    ]
    ordered = eligible_lots(lots, worked_on=date(2026, 1, 20), area="linux", work_type="remote")
    assert (
        [each.id for each in ordered] == [int(row["drawn"]) for row in table] == [*range(1, len(table) + 1)]
    )
