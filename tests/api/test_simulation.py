"""Anyone with a token can check the engine from outside; nothing is kept of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ecuanime.accounts.models import Language, User
from ecuanime.api import limits
from ecuanime.api.service import api
from ecuanime.foundation.models import AuditEntry
from tests.factories.world import World
from tests.rules.test_scenario import EXAMPLE, example


def simulate(world: World, who: str, body: str | dict[str, Any] = EXAMPLE, query: str = "") -> Any:
    """What `POST /api/v1/simulate` answers to a program of that person."""
    headers = {"Authorization": f"Bearer {world.tokens[who][1]}"}
    text = body if isinstance(body, str) else json.dumps(body)
    return Client(headers=headers).post(f"/api/v1/simulate{query}", text, content_type="application/json")


@pytest.mark.parametrize("who", ["technician", "lead"])
def test_a_scenario_is_rated_for_whoever_has_a_token(world: World, who: str) -> None:
    answer = simulate(world, who)
    outcome = answer.json()
    assert answer.status_code == 200
    day, night = outcome["segments"]
    assert (day["drawdowns"][0]["hundredths"], day["amount"], night["price_per_hour"]) == (4000, "400", "45")
    assert [(line["label"], line["amount"]) for line in outcome["lines"]] == [
        ("remote", 400),
        ("remote, night", 900),
    ]
    assert (outcome["totals"]["net"], outcome["totals"]["tax"], outcome["totals"]["total"]) == (
        1300,
        273,
        1573,
    )
    assert outcome["after"]["lots"][0]["balance"] == 0


def test_each_step_has_its_words_in_the_language_asked_for(world: World) -> None:
    def told(query: str) -> list[str]:
        [why] = simulate(world, "supervisor", query=query).json()["trace"]
        return [step["words"]["text"] for step in why["steps"] if step["words"]]

    assert "Drawn from lot 1" in told("")
    assert "Outside the contract's hours" in told("?language=en")
    assert "Fuera del horario del contrato" in told("?language=es")
    User.objects.filter(pk=world.people["supervisor"].pk).update(language=Language.ES)
    assert "Fuera del horario del contrato" in told("")


def test_nothing_is_kept_of_it(world: World) -> None:
    simulate(world, "technician")
    before = AuditEntry.objects.count()
    with CaptureQueriesContext(connection) as queries:
        assert simulate(world, "technician").status_code == 200
    written = [
        each["sql"]
        for each in queries
        if not each["sql"].lstrip().startswith(("SELECT", "SAVEPOINT", "RELEASE"))
    ]
    assert all("INSERT INTO api_tokenuse" in sql for sql in written)
    assert AuditEntry.objects.count() == before


def test_a_wrong_value_is_named_in_the_reader_s_words(world: World) -> None:
    body = example()
    body["entries"][0]["ended_at"] = "2026-01-20T16:00:00+01:00"
    answer = simulate(world, "supervisor", body)
    assert answer.status_code == 422
    assert answer.json() == {
        "code": "bad_scenario",
        "message": "entries[0].ended_at: it ends before it starts.",
        "path": "entries[0].ended_at",
        "reason": "before_start",
    }
    body = example()
    body["contract"]["surcharges"][0]["factor"] = "0.5"
    assert "a surcharge never lowers a price" in simulate(world, "supervisor", body).json()["message"]


@pytest.mark.parametrize("body", ["", "[]", "null", "{", "\x00", "[" * 9000, '{"contract": {}}', "{}" * 9])
def test_whatever_is_sent_is_refused_or_rated(world: World, body: str) -> None:
    answer = simulate(world, "administrator", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_scenario")
    assert simulate(world, "administrator", query="?language=fr").json()["code"] == "bad_parameter"


def test_without_a_token_nothing_is_rated(world: World) -> None:
    assert Client().post("/api/v1/simulate", EXAMPLE, content_type="application/json").status_code == 401


def test_a_person_is_slowed_down_with_all_their_tokens(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SIMULATIONS_PER_MINUTE", 2)
    assert [simulate(world, "technician").status_code for _ in range(3)] == [200, 200, 429]
    assert simulate(world, "supervisor").status_code == 200


def test_the_description_says_what_a_scenario_is(world: World) -> None:
    schema = api.get_openapi_schema()
    shapes = schema["components"]["schemas"]
    operation = schema["paths"]["/api/v1/simulate"]["post"]
    assert operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("/Scenario")
    assert operation["responses"][200]["content"]["application/json"]["schema"]["$ref"].endswith(
        "/Simulation"
    )
    assert shapes["Entry"]["properties"]["billable_seconds"]["description"]
    page = Client().get("/api/v1/docs", headers={"Accept-Language": "en"}).content.decode()
    assert "POST /api/v1/simulate" in page
    assert ">used_overage</th>" in page
