"""Anyone with a token can check the clock of promised times from outside."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from ecuanime.contracts.models import ServiceLevel
from tests.api.conftest import Ask, Write
from tests.factories.world import World

OFFICE = {
    "zone": "Europe/Madrid",
    "bands": [{"weekday": day, "opens": "09:00", "closes": "17:00"} for day in range(5)],
}
ASKED: dict[str, Any] = {
    "opened_at": "2026-11-03T09:00:00+01:00",
    "now": "2026-11-05T09:00:00+01:00",
    "targets": [{"minutes": 480, "calendar": OFFICE}],
    "states": [
        {"at": "2026-11-03T10:00:00+01:00", "state": "waiting_client"},
        {"at": "2026-11-04T09:00:00+01:00", "state": "open"},
    ],
}


def ask(world: World, given: dict[str, Any]) -> Any:
    headers = {"Authorization": f"Bearer {world.tokens['lead'][1]}"}
    return Client(headers=headers).post("/api/v1/sla", json.dumps(given), content_type="application/json")


def test_it_says_when_it_was_due_and_broken_and_why(world: World) -> None:
    answer = ask(world, ASKED | {"now": "2026-11-05T11:00:00+01:00"})
    assert answer.status_code == 200
    told = answer.json()
    assert (told["due_at"], told["breached_at"]) == ("2026-11-04T15:00:00+00:00",) * 2
    assert (told["outcome"], told["counted_seconds"], told["left_seconds"]) == ("breached", 39_600, -10_800)
    assert [piece["why"] for piece in told["pieces"]][:3] == ["counted", "paused", "counted"]


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"now": "2026-11-02T09:00:00+01:00"}, "now"),
        ({"now": "2036-11-02T09:00:00+01:00"}, "now"),
        ({"targets": [{"minutes": 0}]}, "targets[0].minutes"),
        ({"states": [{"at": "2026-11-01T10:00:00+01:00", "state": "open"}]}, "states[0]"),
        ({"states": [{"at": "2026-11-03T10:00:00+01:00", "state": "asleep"}]}, "states[0].state"),
        ({"metric": "next_response"}, "metric"),
    ],
)
def test_what_cannot_be_is_named(world: World, changed: dict[str, Any], path: str) -> None:
    answer = ask(world, ASKED | changed)
    assert answer.status_code == 422
    assert answer.json()["path"] == path


PROMISE: dict[str, Any] = {
    "targets": [
        {"priority": "normal", "metric": "solution", "minutes": 480},
        {"priority": "urgent", "metric": "first_response", "minutes": 30},
    ],
    "credit_minutes": 30,
}
KEPT = PROMISE | {
    "targets": PROMISE["targets"][::-1],
    "calendar": None,
    "warn_percent": 75,
    "credit_most_minutes": 0,
}


def test_what_a_queue_promises_is_set_and_read(world: World, ask: Ask, write: Write) -> None:
    address = f"queues/{world.queue.pk}/promise"
    for who in ("technician", "lead"):
        assert write(who, "POST", address, PROMISE).status_code == 403
    assert ask("technician", "queues").json()["items"][0]["promise"] is None
    answer = write("supervisor", "POST", address, PROMISE)
    assert (answer.status_code, answer.json()["promise"]) == (200, KEPT)
    assert ask("technician", "queues").json()["items"][0]["promise"] == KEPT
    assert ask("lead", "queues").json()["code"] == "not_allowed"
    assert write("supervisor", "POST", "queues/999999/promise", PROMISE).status_code == 404


def test_what_a_plan_promises_is_a_draft_until_it_is_published(world: World, ask: Ask, write: Write) -> None:
    code = world.plan.plan.code
    before = ask("technician", f"plans/{code}").json()
    assert (before["is_published"], before["promise"]) == (True, None)
    assert write("technician", "POST", f"plans/{code}/promise", PROMISE).status_code == 403
    drafted = write("supervisor", "POST", f"plans/{code}/promise", PROMISE).json()
    assert drafted == before | {"version": before["version"] + 1, "is_published": False, "promise": KEPT}
    again = write("supervisor", "POST", f"plans/{code}/promise", PROMISE | {"warn_percent": 50}).json()
    assert (again["version"], again["promise"]["warn_percent"]) == (drafted["version"], 50)
    assert ask("lead", f"plans/{code}").status_code == 403
    assert ask("technician", "plans/no-such-plan").status_code == 404


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"calendar": "none-such"}, "unknown_code"),
        ({"targets": []}, "bad_parameter"),
        ({"targets": [{"priority": "normal", "metric": "solution", "minutes": 10**7}]}, "bad_target"),
        ({"unknown": 1}, "bad_parameter"),
    ],
)
def test_a_promise_that_cannot_be_changes_nothing(
    world: World, write: Write, changed: dict[str, Any], code: str
) -> None:
    answer = write("supervisor", "POST", f"queues/{world.queue.pk}/promise", PROMISE | changed)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert not ServiceLevel.objects.exists()
