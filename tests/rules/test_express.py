from datetime import datetime, time, timedelta
from decimal import Decimal
from itertools import product

import pytest

from ecuanime.rules.calendars import Band, Calendar
from ecuanime.rules.express import (
    TRANSITIONS,
    Act,
    Bills,
    Effect,
    Need,
    NotAllowed,
    Party,
    Phase,
    Stage,
    acts_in,
    bills,
    clock_of,
    covered_after,
    document_for,
    guarantee_amount,
    minutes_left,
    rate_of,
    take,
)
from ecuanime.rules.sla import Outcome as Kept

from .examples import Row, cents, rows

COURSE = rows("express", "act", "from", "to", "by", "needs")
EVERYTHING = frozenset(Need)
FINAL = {Stage.NOT_VIABLE, Stage.DECLINED, Stage.WITHDRAWN, Stage.CLOSED}


def names(cell: str) -> list[str]:
    return [each.strip() for each in cell.split(",") if each.strip()]


def test_the_page_says_what_the_table_says() -> None:
    said = [
        {
            "act": str(row.act),
            "from": ", ".join(sorted(row.sources)),
            "to": "the same" if row.to is None else str(row.to),
            "by": ", ".join(sorted(row.parties)),
            "needs": ", ".join(sorted(row.needs)),
        }
        for row in TRANSITIONS
    ]
    assert said == COURSE


def test_every_act_by_everybody_from_everywhere_is_allowed_or_refused_as_the_page_says() -> None:
    allowed = {
        (row["act"], source, party)
        for row in COURSE
        for source in names(row["from"])
        for party in names(row["by"])
    }
    leads = {row["act"]: row["to"] for row in COURSE}
    for act, stage, party in product(Act, Stage, Party):
        if (act, stage, party) in allowed:
            to = take(act, stage, party, EVERYTHING).leads_to(stage)
            assert to == (stage if leads[act] == "the same" else leads[act])
            assert act in acts_in(stage, party)
        else:
            assert act not in acts_in(stage, party)
            with pytest.raises(NotAllowed):
                take(act, stage, party, EVERYTHING)


@pytest.mark.parametrize("row", COURSE, ids=lambda row: row["act"])
def test_each_thing_that_must_be_true_is_asked_for(row: Row) -> None:
    stage, party = Stage(names(row["from"])[0]), Party(names(row["by"])[0])
    for need in names(row["needs"]):
        with pytest.raises(NotAllowed) as refused:
            take(Act(row["act"]), stage, party, EVERYTHING - {Need(need)})
        assert refused.value.missing == {Need(need)}


def test_what_is_over_stays_over_and_everything_else_can_end() -> None:
    onward = {stage: {row.leads_to(stage) for row in TRANSITIONS if stage in row.sources} for stage in Stage}
    assert {stage for stage, to in onward.items() if not to} == FINAL
    reached, grows = set(FINAL), True
    while grows:
        more = {stage for stage in Stage if onward[stage] & reached} - reached
        reached, grows = reached | more, bool(more)
    assert reached == set(Stage)


def test_work_opens_only_with_the_guarantee_paid_or_waived() -> None:
    opening = {row.act: row.needs for row in TRANSITIONS if Effect.WORK_OPENS in row.causes}
    assert opening == {
        Act.ACCEPT_WAIVED: {Need.SEEN, Need.GUARANTEE_WAIVED},
        Act.PAY: {Need.PAID},
        Act.WAIVE: {Need.REASON},
        Act.START_ON_PROOF: {Need.PROOF},
    }


def express_hours(said: str) -> Calendar | None:
    if said == "always":
        return None
    opens, closes = (time.fromisoformat(each) for each in said.split("-"))
    return Calendar("Europe/Madrid", tuple(Band(day, opens, closes) for day in range(7)))


@pytest.mark.parametrize("row", rows("express", "hours", "declared", "due"))
def test_the_answer_is_due_in_an_hour_of_the_express_hours(row: Row) -> None:
    hours, declared = express_hours(row["hours"]), datetime.fromisoformat(row["declared"])
    due = datetime.fromisoformat(row["due"])
    assert covered_after(declared, 60, hours) == due
    in_time = clock_of(declared, due, hours, now=due + timedelta(days=1))
    late = clock_of(declared, due + timedelta(seconds=1), hours, now=due + timedelta(days=1))
    assert (in_time.outcome, late.outcome, late.breached_at) == (Kept.MET, Kept.BREACHED, due)


def test_hours_that_never_open_give_no_moment() -> None:
    at = datetime.fromisoformat("2026-01-20T10:00+01:00")
    assert covered_after(at, 60, Calendar("Europe/Madrid", ())) is None


@pytest.mark.parametrize("row", rows("express", "phase", "express", "on demand", "plan", "rate"))
def test_the_client_pays_the_lowest_rate_that_applies(row: Row) -> None:
    plan = [Decimal(each) for each in names(row["plan"])]
    rate = rate_of(Phase(row["phase"]), Decimal(row["express"]), Decimal(row["on demand"]), plan)
    assert rate == Decimal(row["rate"])


def minutes(said: str) -> int:
    hours, rest = said.split(":")
    return int(hours) * 60 + int(rest)


@pytest.mark.parametrize(
    "row",
    rows(
        "express", "guarantee", "counted", "normalisation", "mitigation", "first", "second", "third", "kept"
    ),
)
def test_what_the_three_documents_come_to(row: Row) -> None:
    found = bills(
        guarantee_hours=int(row["guarantee"].removesuffix(" h")),
        is_counted=row["counted"] == "yes",
        normalisation_minutes=minutes(row["normalisation"]),
        mitigation_minutes=minutes(row["mitigation"]),
        express=Decimal("35.00"),
        on_demand=Decimal("25.00"),
        currency="USD",
    )
    assert found == Bills(*(cents(row[name]) for name in ("first", "second", "third", "kept")))
    assert found.total == sum(cents(row[name]) for name in ("first", "second", "third"))


@pytest.mark.parametrize("hours", [-1, 9])
def test_a_guarantee_is_one_to_eight_hours(hours: int) -> None:
    with pytest.raises(ValueError, match="one to eight"):
        guarantee_amount(hours, Decimal(35), "USD")


@pytest.mark.parametrize("row", rows("express", "phase", "second issued", "document"))
def test_on_which_document_work_goes(row: Row) -> None:
    document = document_for(Phase(row["phase"]), is_second_issued=row["second issued"] == "yes")
    assert document == int(row["document"])


@pytest.mark.parametrize("row", rows("express", "left", "price", "minutes left"))
def test_what_is_left_pays_whole_minutes(row: Row) -> None:
    assert minutes_left(cents(row["left"]), Decimal(row["price"]), "USD") == int(row["minutes left"])
