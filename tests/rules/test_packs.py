from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecuanime.rules.packs import (
    BonusRule,
    Drawdown,
    Lot,
    Tier,
    after_drawing,
    bonus_along,
    draw,
    eligible_lots,
    expiry,
    give_back,
    is_eligible,
    moves_on,
    order_of_drawdown,
    purchase,
    refund,
    revaluation_price,
    tier_price,
    void,
)

from .examples import Row, cents, rows

TIERS = (Tier(1, Decimal("35.00")), Tier(20, Decimal("30.00")), Tier(45, Decimal("27.50")))
NEW_YEAR = date(2026, 1, 1)


def lot(id: int, **changes: object) -> Lot:
    return Lot(**{"id": id, "balance": 6000, "valid_from": NEW_YEAR, **changes})  # type: ignore[arg-type]  # a shorthand


LOT_A = lot(1, balance=3000, expires_on=date(2026, 1, 31))
LOT_B = lot(2, balance=60_000, expires_on=date(2026, 12, 31))


@pytest.mark.parametrize(
    "row", rows("packs", "hours", "paid hours", "bonus hours", "price per hour", "amount")
)
def test_what_a_purchase_grants(row: Row) -> None:
    bought = purchase(int(row["hours"]), TIERS, "EUR", BonusRule(1, every=20))
    assert bought.paid == int(row["paid hours"]) * 6000
    assert bought.bonus == int(row["bonus hours"]) * 6000
    assert bought.unit_price == Decimal(row["price per hour"])
    assert bought.amount == cents(row["amount"])


def test_a_purchase_without_bonus_or_below_the_lowest_tier() -> None:
    assert purchase(40, TIERS, "EUR").bonus == 0
    for hours, tiers in ((0, TIERS), (19, TIERS[1:])):
        with pytest.raises(ValueError, match="no price"):
            tier_price(hours, tiers)


@pytest.mark.parametrize("row", rows("packs", "worked on", "minutes", "from A", "from B"))
def test_the_day_of_the_work_decides_which_lots_pay(row: Row) -> None:
    worked_on = date.fromisoformat(row["worked on"])
    ordered = eligible_lots([LOT_B, LOT_A], worked_on=worked_on, area=None, work_type="remote")
    drawn, uncovered = draw(int(row["minutes"]) * 100, ordered)
    taken = {drawdown.lot_id: drawdown.hundredths for drawdown in drawn}
    assert (taken.get(1, 0), taken.get(2, 0)) == (int(row["from A"]) * 100, int(row["from B"]) * 100)
    assert uncovered == 0


@pytest.mark.parametrize(
    "row",
    rows(
        "expiry",
        "balance",
        "pending on 1 Feb",
        "expires",
        "approved",
        "drawn from A",
        "of which from the expiry",
    ),
)
def test_expiry_spares_what_was_pending_and_gives_back_for_late_approvals(row: Row) -> None:
    balance, pending = int(row["balance"]) * 100, int(row["pending on 1 Feb"]) * 100
    expired = expiry(balance, pending)
    assert expired == int(row["expires"]) * 100
    lapsed = lot(1, balance=balance - expired, expired=expired, expires_on=date(2026, 1, 31))
    [drawdown], _ = draw(int(row["approved"]) * 100, [lapsed])
    assert drawdown.hundredths == int(row["drawn from A"]) * 100
    assert drawdown.from_expired == int(row["of which from the expiry"]) * 100


@pytest.mark.parametrize(
    "row", rows("revaluation", "paid per hour", "today per hour", "minutes left", "costs")
)
def test_revaluation_price(row: Row) -> None:
    paid, today = Decimal(row["paid per hour"]), Decimal(row["today per hour"])
    assert revaluation_price(int(row["minutes left"]) * 100, paid, today, "EUR") == cents(row["costs"])


@pytest.mark.parametrize(
    "row",
    rows(
        "refund",
        "paid minutes left",
        "bonus minutes left",
        "price paid",
        "refund minutes",
        "bonus taken",
        "pays",
    ),
)
def test_refund(row: Row) -> None:
    taken = refund(
        int(row["refund minutes"]) * 100,
        paid_left=int(row["paid minutes left"]) * 100,
        bonus_left=int(row["bonus minutes left"]) * 100,
        price_paid=Decimal(row["price paid"]),
        currency="EUR",
    )
    assert taken.bonus_hundredths == int(row["bonus taken"]) * 100
    assert taken.amount == cents(row["pays"])


@pytest.mark.parametrize(
    "row", rows("transfer", "paid minutes left", "bonus minutes left", "moved minutes", "bonus moved")
)
def test_bonus_goes_along_pro_rata(row: Row) -> None:
    paid, bonus, moved = (int(row[name]) * 100 for name in list(row)[:3])
    assert bonus_along(moved, paid_left=paid, bonus_left=bonus) == int(Decimal(row["bonus moved"]) * 100)


@pytest.mark.parametrize(
    "row",
    rows(
        "transfer",
        "paid left", "bonus left", "pending on the pack", "pending on the bonus", "moves", "bonus moves",
    ),
)  # fmt: skip
def test_what_moves_to_the_contract_that_renews_another(row: Row) -> None:
    paid, bonus, *pending = (int(row[name]) * 100 for name in list(row)[:4])
    moved = moves_on(paid, sum(pending))
    assert moved == int(row["moves"]) * 100
    assert bonus_along(moved, paid_left=paid, bonus_left=bonus) == int(row["bonus moves"]) * 100


def test_no_more_is_refunded_than_is_left() -> None:
    with pytest.raises(ValueError, match="no more is refunded"):
        refund(101, paid_left=100, bonus_left=0, price_paid=Decimal(30), currency="EUR")


def test_void_takes_the_unused_once_and_refuses_a_used_pack() -> None:
    taken = void(500, 100)
    assert (taken.paid_hundredths, taken.bonus_hundredths, taken.amount) == (500, 100, 0)
    again = void(0, 0, was_void=True)
    assert (again.paid_hundredths, again.bonus_hundredths) == (0, 0)
    with pytest.raises(ValueError, match="fully used or expired"):
        void(0, 0)


def test_each_key_of_the_order_beats_those_after_it() -> None:
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    expected = [
        lot(90, is_allowance=True, priority=9),
        lot(80, priority=1),
        lot(75, priority=2, areas=frozenset({"linux"}), work_types=frozenset({"remote"})),
        lot(70, priority=2, areas=frozenset({"linux"}), expires_on=date(2027, 1, 1)),
        lot(60, priority=2, expires_on=date(2026, 6, 30)),
        lot(50, priority=2, expires_on=date(2026, 12, 31), is_bonus=True, bought_at=noon),
        lot(40, priority=2, expires_on=date(2026, 12, 31), bought_at=noon),
        lot(30, priority=2, expires_on=date(2026, 12, 31), bought_at=noon.replace(hour=13)),
        lot(20, priority=2),
        lot(21, priority=2),
    ]
    backwards = expected[::-1]
    assert sorted(backwards, key=order_of_drawdown) == expected


@pytest.mark.parametrize(
    ("changes", "eligible"),
    [
        ({}, True),
        ({"usable": False}, False),
        ({"valid_from": date(2026, 1, 20)}, True),
        ({"valid_from": date(2026, 1, 21)}, False),
        ({"expires_on": date(2026, 1, 20)}, True),
        ({"expires_on": date(2026, 1, 19)}, False),
        ({"areas": frozenset({"linux"})}, True),
        ({"areas": frozenset({"windows"})}, False),
        ({"work_types": frozenset({"remote", "phone"})}, True),
        ({"work_types": frozenset({"travel"})}, False),
        ({"sites": frozenset({"5", "6"})}, True),
        ({"sites": frozenset({"6"})}, False),
    ],
)
def test_eligibility(changes: dict[str, object], eligible: bool) -> None:
    candidate, on = lot(1, **changes), date(2026, 1, 20)
    assert is_eligible(candidate, worked_on=on, area="linux", work_type="remote", site="5") is eligible


@pytest.mark.parametrize("row", rows("packs", "site", "drawn first", "then"))
def test_a_lot_limited_to_a_site_pays_only_there_and_first(row: Row) -> None:
    lots = {"any": lot(1), "limited": lot(2, sites=frozenset({"5"}))}
    site = None if row["site"] == "–" else row["site"]
    ordered = eligible_lots(
        lots.values(), worked_on=date(2026, 1, 20), area=None, work_type="remote", site=site
    )
    expected = [lots[row[place]] for place in ("drawn first", "then") if row[place] != "–"]
    assert ordered == expected


LOTS = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 300)), max_size=5).map(
    lambda pairs: [lot(n, balance=balance, expired=expired) for n, (balance, expired) in enumerate(pairs)]
)


@given(st.integers(0, 3000), LOTS)
def test_drawn_and_uncovered_are_the_whole_and_no_lot_goes_below_zero(amount: int, lots: list[Lot]) -> None:
    drawn, uncovered = draw(amount, lots)
    assert sum(drawdown.hundredths for drawdown in drawn) + uncovered == amount
    by_id = {entry.id: entry for entry in lots}
    left = [after_drawing(by_id[drawdown.lot_id], drawdown) for drawdown in drawn]
    assert all(entry.balance >= 0 and entry.expired >= 0 for entry in left)
    if uncovered:
        assert sum(entry.balance + entry.expired for entry in left) == 0


@given(st.integers(0, 3000), LOTS, st.data())
def test_giving_back_restores_the_last_drawn_first(amount: int, lots: list[Lot], data: st.DataObject) -> None:
    drawn, _ = draw(amount, lots)
    part = data.draw(st.integers(0, sum(drawdown.hundredths for drawdown in drawn)))
    restored = give_back(drawn, part)
    assert sum(entry.hundredths for entry in restored) == part
    kept, _ = draw(sum(entry.hundredths for entry in drawn) - part, lots)
    undone = {entry.lot_id: entry for entry in restored}
    after = [
        Drawdown(entry.lot_id, entry.hundredths - gone.hundredths, entry.from_expired - gone.from_expired)
        for entry in drawn
        for gone in [undone.get(entry.lot_id, Drawdown(entry.lot_id, 0))]
    ]
    assert tuple(entry for entry in after if entry.hundredths) == kept


def test_giving_back_of_the_page() -> None:
    restored = give_back((Drawdown(1, 3000), Drawdown(2, 7000)), 8000)
    assert restored == (Drawdown(2, 7000), Drawdown(1, 1000))
    with pytest.raises(ValueError, match="no more is given back"):
        give_back((Drawdown(1, 3000),), 3001)
