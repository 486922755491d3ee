"""Anyone with a token can check the clock of promised times from outside."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

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
