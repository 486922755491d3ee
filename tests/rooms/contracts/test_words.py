"""What a plan says in sentences, and its example, worked out by the engine that bills."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from ecuanime.contracts.actions import create_plan, draft_version, publish_template
from ecuanime.contracts.drafts import RateRow, WeightRow, draft_of
from ecuanime.contracts.example import example_of
from ecuanime.contracts.example_month import Month, month_of
from ecuanime.contracts.models import Plan, PlanVersion
from ecuanime.contracts.words import sentences_of
from tests.factories import NOW, make_contract

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 10)


def template(code: str, **changes: object) -> PlanVersion:
    """A template's version, or a draft that changes it."""
    version = publish_template(code=code, currency="EUR", by=None, now=NOW)
    if changes:
        plan = create_plan(code=f"{code}-otro", kind=version.plan.kind, now=NOW)
        version = draft_version(plan=plan, draft=replace(draft_of(version), **changes), now=NOW)
    return PlanVersion.objects.select_related("plan").get(pk=version.pk)


def said(version: PlanVersion, **fields: object) -> str:
    with override("en"):
        return "\n".join(sentences_of(version, **fields)).replace("\xa0", " ")


def test_a_pack_says_what_it_grants_and_costs() -> None:
    words = said(template("bono-45"))

    for sentence in (
        "Hours are bought in advance, usually 45 at once.",
        "They are valid for 12 months from their first day.",
        "1 hour is free for every 20 bought; it has no cash value.",
        "From 20 hours bought at once, an hour costs €41.00.",
        "Work that the hours do not cover: €44.00 an hour.",
        "It covers Monday to Friday, 09:00–18:00.",
        "Holidays are not covered.",
        "Work outside those hours counts ×1.25.",
        "Of several surcharges only the largest applies.",
        "On site: each minute counts ×1.25.",
        "Time is rounded up to steps of 15 min, once for each ticket and day.",
        "When the hours run out, the rest is billed at the price above.",
        "The client sees the hours left.",
        "Time counts once the supervisor and the client have approved it.",
        "The client has 5 working days to answer; silence does not count as approval.",
        "Invoices are due 30 days after they are issued.",
    ):
        assert sentence in words


def test_on_demand_says_its_price() -> None:
    words = said(template("bajo-demanda"))

    assert "Work is paid afterwards, by the hour; there is nothing to pay in advance." in words
    assert "Base price: €48.00 an hour." in words
    assert "hours left" not in words


def test_the_choices_of_a_contract_are_said_instead_of_its_versions() -> None:
    version = template("bono-10")
    contract = make_contract(version=version, approval="supervisor", overage="hold", hours_visible=False)

    words = said(version, contract=contract)

    assert "Time counts once the supervisor has approved it." in words
    assert "Work that nothing covers waits until the client agrees to it." in words
    assert "The client does not see the hours left." in words


def test_rates_minimum_and_calendar_are_said() -> None:
    version = template(
        "bajo-demanda",
        calendar="24x7",
        minimum_minutes=30,
        rounding_mode="nearest",
        silence_is_consent=True,
        rates=(
            RateRow(Decimal("48.125"), valid_until=date(2026, 12, 31)),
            RateRow(unit_price=Decimal("0.26"), work_type="travel"),
            RateRow(Decimal(56), work_type="onsite", band="holiday"),
        ),
        weights=(WeightRow("travel", free_under_minutes=20),),
    )

    words = said(version)

    for part in (
        "Base price: €48.125 an hour until 31 Dec 2026.",
        "Travel costs €0.26 each.",
        "On site · on holidays: €56.00 an hour.",
        "It covers every hour of every day.",
        "to the nearest 15 min, once for each ticket and day, with a minimum of 30 min.",
        "Travel: free below 20 minutes.",
        "silence counts as approval",
    ):
        assert part in words


def test_prices_are_written_as_the_reader_writes_them() -> None:
    version = template("bajo-demanda")
    with override("es"):
        assert "48,00\xa0€" in "\n".join(sentences_of(version))


def example(version: PlanVersion) -> tuple[str, list[tuple[str, str]]]:
    with override("en"):
        found = example_of(version, DAY)
    steps = [(step.text, step.value.replace("\xa0", " ")) for step in found.steps]
    return found.sentence.replace("\xa0", " "), steps


def test_a_call_takes_its_rounded_minutes_from_a_pack() -> None:
    sentence, steps = example(template("bono-20"))

    assert (
        sentence == "A call of 20 minutes would take 0 h 30 from the pack: €20.50 at the price of 20 hours."
    )
    assert steps == [
        ("A call, as worked", "0 h 20"),
        ("Rounded", "0 h 30"),
        ("Taken from the pack", "0 h 30"),
    ]


def test_a_weighted_call_shows_the_weight_and_the_exact_minutes() -> None:
    version = template("bono-20", weights=(WeightRow("phone", Decimal("1.25")),), rounding_step=5)

    sentence, steps = example(version)

    assert ("Weight of the work type", "×1.25") in steps
    assert ("Taken from the pack", "0 h 25") in steps
    assert "€17.08" in sentence


def test_a_call_on_demand_costs_its_rounded_minutes() -> None:
    sentence, steps = example(template("bajo-demanda"))

    assert sentence == "A call of 20 minutes would cost €24.00 before tax."
    assert steps[-2:] == [("Price per hour", "€48.00"), ("To pay, before tax", "€24.00")]


def test_a_call_may_cost_a_price_of_its_own_or_wait_for_consent() -> None:
    by_unit = template("bajo-demanda", rates=(RateRow(unit_price=Decimal(25), work_type="phone"),))
    assert example(by_unit)[0] == "A call costs €25.00 before tax, however long it takes."
    Plan.objects.filter(code="bajo-demanda-otro").update(code="x")
    held = template("bajo-demanda", overage="hold")
    assert example(held)[0] == "A call of 20 minutes would wait until the client agrees to it."


@pytest.mark.parametrize(
    ("code", "sentences"),
    [
        (
            "incidencias-10",
            [
                "Incidents are bought in advance, usually 10 at once.",
                "A request takes one at its first approved work, however many calls or days it takes.",
                "From 20 bought at once, an incident costs €49.00.",
                "An incident includes: all work, up to 2 h 00 of each request.",
                "Work that the plan does not cover: €44.00 an hour.",
            ],
        ),
        (
            "mensual",
            [
                "It costs €190.00 every month, in advance.",
                "Each period brings 5 hours.",
                "What is not used rolls over, at most 2 hours, for 1 period more; it rolls over once.",
                "It lasts 12 months.",
                "Who wants it to end then says so 30 days before.",
            ],
        ),
        (
            "tarifa-plana",
            ["Included: all work, in the hours covered, up to 8 h 00 of each request."],
        ),
        (
            "incluido",
            [
                "Support is included with what was bought; there is nothing more to pay for it.",
                "It lasts 3 months.",
            ],
        ),
    ],
)
def test_every_kind_says_what_it_is(code: str, sentences: list[str]) -> None:
    words = said(template(code)).splitlines()
    for sentence in sentences:
        assert sentence in words


def test_limits_levels_and_an_overdraft_are_said() -> None:
    version = template(
        "bono-10",
        overage="overdraft",
        overage_limit_minutes=300,
        overage_price=Decimal("39.50"),
        level_weights={"consultant": Decimal("1.5")},
    )
    words = said(version)
    assert "Beyond what is covered an hour costs €39.50, whatever its area and level." in words
    assert "When they run out, the rest is noted down and the next pack settles it." in words
    assert "At most 5 h 00 of it without asking" in words
    assert "Consultant: each minute takes ×1.5 of what was granted." in words


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("incidencias-10", "A call of 20 minutes takes one incident, and costs nothing more."),
        ("mensual", "A call of 20 minutes would take 0 h 30 from the hours of the period."),
        ("tarifa-plana", "A call of 20 minutes is included in the plan."),
    ],
)
def test_the_example_of_every_kind(code: str, sentence: str) -> None:
    assert example(template(code))[0] == sentence


@pytest.mark.parametrize(
    ("code", "price", "steps"),
    [
        # 4 requests of 90 min: 1 h 52.5 at night and 3 × 1 h 30 by day
        ("mensual", "€250.50", {"Taken from what was granted": "5 h 00", "Beyond it": "1 h 22.50"}),
        ("tarifa-plana", "€532.50", {"Included in the plan": "4 h 30", "To pay for that": "€82.50"}),
        ("incidencias-10", "€0.00", {"Incidents taken": "4", "Included in the plan": "6 h 22.50"}),
        ("bajo-demanda", "€306.00", {"Worked": "6 h 00", "To pay for that": "€306.00"}),
    ],
)
def test_a_month_is_worked_out_by_the_engine(code: str, price: str, steps: dict[str, str]) -> None:
    with override("en"):
        found = month_of(template(code), DAY, Month(requests=4, minutes=90, at_night=1), zone="Europe/Madrid")
    told = {step.text: step.value.replace("\xa0", " ") for step in found.steps}
    assert told | steps == told
    assert price in found.sentence
