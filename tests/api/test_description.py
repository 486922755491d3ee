"""Whatever fits the description, and what just does not, is answered as the description says."""

from __future__ import annotations

import json
from typing import Any

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from ecuanime.api import limits
from ecuanime.api.service import api
from tests.api.test_fuzz import known_places
from tests.factories.world import World
from tests.web.walking import undone

OPERATIONS = [
    each.ok() for each in schemathesis.openapi.from_dict(api.get_openapi_schema()).get_all_operations()
]
bounded = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), database=None)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.label)
def test_every_operation_answers_as_it_is_described(
    world: World, operation: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit in ("PER_MINUTE", "SIMULATIONS_PER_MINUTE"):
        monkeypatch.setattr(limits, limit, 10**6)
    browser = Client(raise_request_exception=False)
    door = {"Authorization": f"Bearer {world.tokens['administrator'][1]}"}
    path = operation.path.format(position=world.line.position, **known_places(world, operation.path))
    described = {int(status) for status in operation.definition.raw["responses"]}

    def answers(case: Any) -> None:
        if case.media_type is None:
            case.body = b""
        body = case.body if isinstance(case.body, bytes) else json.dumps(case.body).encode()
        key = {name: value for name, value in (case.headers or {}).items() if name == "Idempotency-Key"}
        with undone():  # the next example finds everything as it was
            answer = browser.generic(
                case.method, path, body, "application/json", query_params=case.query or {}, headers=key | door
            )
        assert answer.status_code in described, (case.query, case.body, key, answer.content[:500])
        if answer.status_code >= 400:
            assert {"code", "message"} <= set(answer.json())

    for mode in GenerationMode:
        bounded(given(case=operation.as_strategy(generation_mode=mode))(answers))()
