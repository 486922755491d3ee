"""A scenario as JSON: read exactly, refused by path, rated as the engine rates it, and written back as it was."""

import ast
import json
import re
from dataclasses import fields
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from ecuanime import rules
from ecuanime.rules.hours import Rounding
from ecuanime.rules.rating import Booked, Lot, Overage, State, Terms, Work, rate
from ecuanime.rules.scenario import (
    Entry,
    Problem,
    Scenario,
    Simulation,
    Taxation,
    TaxRounding,
    Wrong,
    as_json,
    read,
    read_text,
    shapes_of,
    simulate,
)
from ecuanime.rules.scenario.reading import LARGEST_TEXT, MOST
from ecuanime.worklog.scenarios import LAWS

from .examples import PAGES, Row, cents, rows
from .rating_examples import ON_DEMAND, lot
from .test_rating_laws import TERMS, WORKS, some_lots

PAGE = (PAGES / "scenarios.md").read_text()
[EXAMPLE] = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)


def example(**changes: Any) -> dict[str, Any]:
    """The page's scenario as JSON values, with some of its members changed."""
    return {**json.loads(EXAMPLE), **changes}


@pytest.mark.parametrize("row", rows("scenarios", "begins", "drawn", "overage", "net", "tax", "total"))
def test_the_page_is_right_about_its_scenario(row: Row) -> None:
    begins = datetime.fromisoformat(f"2026-01-20T{row['begins']}:00+01:00")
    given = example()
    given["entries"][0] |= {
        "started_at": begins.isoformat(),
        "ended_at": (begins + timedelta(seconds=3010)).isoformat(),
    }
    totals = simulate(read(given)).totals
    assert totals.drawn_hundredths == int(row["drawn"]) * 100
    assert totals.overage_hundredths == int(row["overage"]) * 100
    assert (totals.net, totals.tax, totals.total) == tuple(cents(row[n]) for n in ("net", "tax", "total"))


@pytest.mark.parametrize("row", rows("scenarios", "instead of", "written", "path", "reason"))
def test_a_wrong_value_is_named_by_its_path(row: Row) -> None:
    before, after = row["instead of"].strip("`"), row["written"].strip("`")
    assert before in EXAMPLE
    with pytest.raises(Wrong) as refused:
        read_text(EXAMPLE.replace(before, after, 1))
    assert (refused.value.path, refused.value.problem.value) == (row["path"], row["reason"])


@pytest.mark.parametrize(
    ("changes", "path", "problem"),
    [
        ({"entries": {}}, "entries", Problem.KIND),
        ({"entries": [{"id": 1, "work_type": "remote"}]}, "entries[0]", Problem.IMPOSSIBLE),
        ({"entries": [{"id": True, "work_type": "remote"}]}, "entries[0].id", Problem.KIND),
        ({"entries": [{"id": 1, "work_type": "a\x00"}]}, "entries[0].work_type", Problem.KIND),
        ({"entries": [{"id": 1, "work_type": "remote", "urgent": 1}]}, "entries[0].urgent", Problem.KIND),
        ({"before": {"booked": [None]}}, "before.booked[0]", Problem.KIND),
        ({"tax": {"percent": "1e3"}}, "tax.percent", Problem.KIND),
        ({"tax": {"percent": Decimal("1E+999999999")}}, "tax.percent", Problem.KIND),
        ({"tax": {"percent": Decimal("0.0000001")}}, "tax.percent", Problem.KIND),
        ({"before": {"used_overage": 10**13}}, "before.used_overage", Problem.RANGE),
        (
            {"before": {"lots": [{"id": 1, "balance": 1, "valid_from": "20260101"}]}},
            "before.lots[0].valid_from",
            Problem.KIND,
        ),
        (
            {"before": {"lots": [{"id": 1, "balance": 1, "valid_from": "2026-02-30"}]}},
            "before.lots[0].valid_from",
            Problem.KIND,
        ),
        (
            {"before": {"lots": [{"id": 1, "balance": 1, "valid_from": "0001-01-01"}]}},
            "before.lots[0].valid_from",
            Problem.RANGE,
        ),
        (
            {"before": {"lots": [{"id": 1, "balance": 1, "valid_from": "2026-01-01"}] * 2}},
            "before.lots[1].id",
            Problem.TWICE,
        ),
        ({"before": {"booked": [{}] * (MOST + 1)}}, "before.booked", Problem.TOO_MANY),
        ({"entries": [*example()["entries"] * 2]}, "entries[1].id", Problem.TWICE),
    ],
)
def test_what_cannot_be_is_refused(changes: dict[str, Any], path: str, problem: Problem) -> None:
    with pytest.raises(Wrong) as refused:
        read(example(**changes))
    assert (refused.value.path, refused.value.problem) == (path, problem)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '{"a": NaN}', "9" * 5000, b"\xff\xfe"])
def test_what_is_no_json_is_said_to_be_none(text: str | bytes) -> None:
    with pytest.raises(Wrong) as refused:
        read_text(text)
    assert (refused.value.path, refused.value.problem) == ("", Problem.NOT_JSON)


def test_a_scenario_is_bounded_in_size() -> None:
    with pytest.raises(Wrong) as refused:
        read_text(EXAMPLE + " " * LARGEST_TEXT)
    assert refused.value.problem == Problem.TOO_LARGE


def test_what_is_left_out_is_what_the_engine_takes_for_granted() -> None:
    contract = {"contract_id": 1, "zone": "Europe/Madrid", "starts_on": "2026-01-01", "currency": "EUR"}
    found = read({"contract": contract, "entries": []})
    assert found == Scenario(Terms(1, "Europe/Madrid", date(2026, 1, 1), "EUR"), ())


def test_numbers_are_read_exactly_however_they_are_written() -> None:
    text = EXAMPLE.replace('"0.5"', "0.5").replace('"30.00"', "30.00").replace('"21"', "21")
    assert read_text(text) == read_text(EXAMPLE)


def test_a_tax_is_rounded_where_the_scenario_says() -> None:
    terms = ON_DEMAND
    entries = tuple(
        Entry(n, kind, work_on=date(2026, 1, 20), elapsed_seconds=60) for n, kind in enumerate("abc")
    )
    for rounding, tax in ((TaxRounding.SUM, 32), (TaxRounding.LINE, 33)):
        outcome = simulate(Scenario(terms, entries, tax=Taxation(Decimal(21), rounding)))
        assert [line.amount for line in outcome.lines] == [50, 50, 50]
        assert (outcome.totals.net, outcome.totals.tax) == (150, tax)


def test_work_by_the_piece_is_a_line_of_pieces() -> None:
    given = example(
        entries=[{"id": 1, "work_type": "km", "work_on": "2026-01-20", "elapsed_seconds": 0, "units": "37"}]
    )
    [line] = simulate(read(given)).lines
    assert (line.quantity, line.price, line.amount) == (37, Decimal("0.35"), 1295)


def test_a_second_run_goes_on_where_the_first_ended() -> None:
    first, second = [
        {"id": n, "work_type": "remote", "work_on": "2026-01-20", "elapsed_seconds": 1000} for n in (1, 2)
    ]
    whole = simulate(read(example(entries=[first, second])))
    half = as_json(simulate(read(example(entries=[first]))))
    assert isinstance(half, dict)
    then = simulate(read(example(entries=[second], before=half["after"])))
    assert half["totals"]["rounded_minutes"] + then.totals.rounded_minutes == whole.totals.rounded_minutes  # type: ignore[index, call-overload, operator]
    assert then.after == whole.after


def test_each_entry_has_its_why_with_the_rounding_of_its_group() -> None:
    entries = [
        {"id": n, "work_type": "remote", "work_on": "2026-01-20", "elapsed_seconds": 60} for n in (1, 2)
    ]
    for why in simulate(read(example(entries=entries))).trace:
        assert [step.code for step in why.steps][:3] == ["work", "group_rounded", "segment"]


def test_all_entries_together_are_bounded() -> None:
    day = {"started_at": "2026-01-20T00:00:00Z", "ended_at": "2026-01-22T00:00:00Z", "work_type": "remote"}
    assert len(read(example(entries=[day | {"id": n} for n in range(30)])).entries) == 30
    with pytest.raises(Wrong) as refused:
        read(example(entries=[day | {"id": n} for n in range(31)]))
    assert (refused.value.path, refused.value.problem) == ("entries", Problem.TOO_MUCH)


def test_an_entry_says_all_that_rating_needs_of_a_work() -> None:
    assert {each.name for each in fields(Entry)} == {each.name for each in fields(Work)}


def entry_of(work: Work) -> Entry:
    facts = {each.name: getattr(work, each.name) for each in fields(Entry)}
    return Entry(**facts)


@settings(max_examples=40)
@given(WORKS, TERMS, some_lots())
def test_what_is_written_is_read_back_and_rated_alike(
    works: tuple[Work, ...], terms: Terms, lots: list[Lot]
) -> None:
    booked = (Booked("ticket:1", 600, 15),)
    scenario = Scenario(terms, tuple(map(entry_of, works)), State(tuple(lots), booked))
    again = read_text(json.dumps(as_json(scenario)))
    assert again == scenario
    assert again.works == works
    outcome, rated = simulate(again), rate(works, terms, lots, booked)
    assert outcome.segments == rated.segments
    assert sum(share.amount for line in outcome.lines for share in line.shares) == outcome.totals.net
    told = {step for why in outcome.trace for step in why.steps}
    assert {step for step in rated.trace if step.work_id is not None} <= told <= set(rated.trace)
    json.dumps(as_json(outcome))


def test_every_field_has_a_shape() -> None:
    shapes = shapes_of(Scenario, Simulation)
    for kind in (Scenario, Terms, Rounding, Overage, State, Lot, Booked, Entry, Taxation):
        assert list(shapes[kind.__name__]["properties"]) == [each.name for each in fields(kind)]
    assert shapes["Scenario"]["required"] == ["contract", "entries"]
    assert shapes["Terms"]["properties"]["calendar"] == {
        "anyOf": [{"$ref": "#/components/schemas/Calendar"}, {"type": "null"}]
    }


def test_every_law_of_a_value_can_be_said_in_words() -> None:
    """Whatever a value of a scenario says of itself is among the sentences that are translated."""
    root = Path(rules.__file__).parent
    said = {
        node.exc.args[0].value
        for name in ("hours.py", "calendars.py", "rating/values.py", "scenario/values.py")
        for kind in ast.walk(ast.parse((root / name).read_text()))
        if isinstance(kind, ast.ClassDef)
        for node in ast.walk(kind)
        if isinstance(node, ast.Raise)
        and isinstance(node.exc, ast.Call)
        and isinstance(node.exc.args[0], ast.Constant)
    }
    assert said == set(LAWS)


def test_a_lot_may_have_a_priority_below_zero() -> None:
    scenario = Scenario(ON_DEMAND, (), State((lot(1, 10, priority=-5),)))
    assert read(as_json(scenario)) == scenario
