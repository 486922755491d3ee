from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from ecuanime.rules.packs import BonusRule, Tier, purchase
from ecuanime.rules.rating import (
    Cover,
    State,
    Unit,
    Work,
    WorkType,
    approve,
    as_json,
    rate,
)

from .examples import cents, rows
from .rating_examples import ON_DEMAND, TUESDAY, incidents, lot, work, work_at

FLAT = replace(ON_DEMAND, covers=(Cover(1, area="linux", cap_hundredths=12_000, in_hours_only=True),))
BY_INCIDENT = replace(ON_DEMAND, covers=(Cover(1, cap_hundredths=12_000, needs_incident=True),))


def covered_by(work: Work, *covers: Cover) -> int | None:
    return rate([work], replace(ON_DEMAND, covers=covers)).segments[0].cover_id


def test_a_flat_plan_covers_a_ticket_up_to_its_cap() -> None:
    state = State()
    for number, row in enumerate(
        rows("rating", "area", "circumstances", "rounded minutes", "included", "overage", "amount"), start=1
    ):
        clock = "20:00" if row["circumstances"] == "night" else "10:00"
        one = work_at(number, clock, int(row["rounded minutes"]) * 60, area=row["area"])
        run, state = approve(state, [one], FLAT)
        [segment] = run.rated.segments
        assert segment.included_hundredths == int(row["included"]) * 100
        assert segment.overage_hundredths == int(row["overage"]) * 100
        assert run.rated.amount == cents(row["amount"])


def test_incidents_are_drawn_by_tickets() -> None:
    pack = incidents(1, 2, expires_on=date(2026, 3, 31))
    state = State((pack,))
    terms = replace(BY_INCIDENT, starts_on=date(2025, 1, 1))
    for number, row in enumerate(
        rows(
            "incidents",
            "ticket", "opened on", "worked on", "minutes", "draws an incident", "incidents left", "included",
            "amount",
        ),
        start=1,
    ):  # fmt: skip
        one = work(
            number,
            int(row["minutes"]) * 60,
            ticket_id=int(row["ticket"]),
            ticket_opened_on=date.fromisoformat(row["opened on"]),
            work_on=date.fromisoformat(row["worked on"]),
        )
        run, state = approve(state, [one], terms)
        assert len(run.rated.incidents) == (row["draws an incident"] == "yes")
        assert state.lots[0].balance == int(row["incidents left"])
        assert run.rated.included_hundredths == int(row["included"]) * 100
        assert run.rated.amount == cents(row["amount"])


def test_the_narrowest_cover_applies_alone() -> None:
    general, area = Cover(1), Cover(2, area="linux", cap_hundredths=0)
    of_type, both = Cover(3, work_type="remote"), Cover(4, area="linux", work_type="remote")
    assert covered_by(work(1), general) == 1
    assert covered_by(work(1, area="linux"), general, of_type, area, both) == 4
    assert covered_by(work(1, area="linux"), general, area, of_type) is None
    assert covered_by(work(1, area="mail"), general, area, of_type) == 3
    assert covered_by(work(1, work_type="phone"), of_type, area) is None


def test_outside_the_hours_a_wider_cover_may_apply() -> None:
    in_hours = Cover(1, area="linux", in_hours_only=True)
    assert covered_by(work_at(1, "20:00", area="linux"), in_hours) is None
    assert covered_by(work_at(1, "20:00", area="linux"), in_hours, Cover(2)) == 2


def test_what_a_cover_leaves_is_drawn_then_billed() -> None:
    terms = replace(ON_DEMAND, covers=(Cover(1, cap_hundredths=1000),))
    [segment] = rate([work(1, 3600)], terms, [lot(5, 20)]).segments
    assert (segment.included_hundredths, segment.drawn_hundredths, segment.overage_hundredths) == (
        1000, 2000, 3000,
    )  # fmt: skip
    assert (segment.cover_id, segment.billed_minutes, segment.amount) == (1, 30, Fraction(1500))


def test_nothing_is_covered_outside_the_contract() -> None:
    terms = replace(ON_DEMAND, covers=(Cover(1, needs_incident=True),), starts_on=date(2026, 2, 1))
    rated = rate([work(1, work_on=TUESDAY)], terms, [incidents(1, 5)])
    assert (rated.included_hundredths, rated.incidents, rated.overage_hundredths) == (0, (), 6000)


@pytest.mark.parametrize(
    "changes",
    [
        {"billable_seconds": 0},
        {"work_type": "call-out"},
        {"work_type": "phone", "billable_seconds": 60},
        {"work_type": "free"},
    ],
)
def test_work_that_costs_no_time_draws_no_incident(changes: dict[str, object]) -> None:
    types = (
        WorkType("call-out", unit_price=Decimal(30)),
        WorkType("phone", free_under=Decimal(5)),
        WorkType("free", Decimal(0)),
    )
    terms = replace(BY_INCIDENT, work_types=types)
    assert rate([work(1, **changes)], terms, [incidents(1, 5)]).incidents == ()


def test_hours_and_incidents_are_never_mixed() -> None:
    rated = rate([work(1)], BY_INCIDENT, [lot(1, 60)])
    assert (rated.incidents, rated.drawn_by_lot) == ((), {1: 6000})
    rated = rate([work(1)], BY_INCIDENT, [lot(1, 60), incidents(2, 1)])
    assert rated.drawn_by_lot == {2: 1}
    assert rate([work(1)], ON_DEMAND, [incidents(2, 1)]).drawn_by_lot == {}


def test_an_incident_comes_from_the_scope_and_the_order_of_packs() -> None:
    narrow = incidents(1, 1, areas=frozenset({"linux"}))
    early = incidents(2, 1, expires_on=date(2026, 6, 30))
    linux = work(1, area="linux")
    assert rate([linux], BY_INCIDENT, [early, narrow]).drawn_by_lot == {1: 1}
    assert rate([work(1)], BY_INCIDENT, [early, narrow]).drawn_by_lot == {2: 1}


def test_a_late_approval_draws_an_incident_that_has_expired() -> None:
    lapsed = incidents(1, 0, expired=1, expires_on=date(2026, 1, 31))
    [incident] = rate([work(1)], BY_INCIDENT, [lapsed]).incidents
    assert incident.drawdown.from_expired == 1


def test_the_trace_says_why_an_incident_was_drawn() -> None:
    steps = as_json(rate([work(1, 1800)], BY_INCIDENT, [incidents(7, 3)]).trace)
    assert [entry["code"] for entry in steps][-2:] == ["incident", "included"]
    assert steps[-2] == {
        "code": "incident", "work_id": 1, "lot": 7, "opened_on": "2026-01-20", "left": 2,
    }  # fmt: skip
    assert steps[-1] == {"code": "included", "work_id": 1, "hundredths": 3000, "cap": 12000, "used": 3000}


def test_a_pack_of_incidents_is_bought_like_hours() -> None:
    tiers = [Tier(10, Decimal(50)), Tier(20, Decimal(45))]
    bought = purchase(20, tiers, "EUR", BonusRule(1, every=10), Unit.INCIDENTS)
    assert (bought.paid, bought.bonus, bought.unit_price, bought.amount) == (20, 2, Decimal(45), 90_000)
