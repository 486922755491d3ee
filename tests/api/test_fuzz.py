"""Whatever a program sends in a parameter, it is answered or refused; nothing breaks."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecuanime.api import limits
from ecuanime.api.service import api
from tests.factories.world import World

NASTY = [
    *(
        "",
        " ",
        "0",
        "-1",
        "1",
        "x",
        "ñ",
        "null",
        "true",
        "NaN",
        "Infinity",
        "1e9",
        "0x1",
        "1_0",
        "%00",
        "\x00",
    ),
    *("\ud7ff", "\ufffe", "\U0001f600", "'", '"', "\\", "--", "' OR 1=1 --", "../..", "[]", "{}", "a" * 3000),
    *(str(2**31), str(2**63), str(2**63 - 1), str(10**40), "2026-02-30", "0000-01-01", "9999-12-31"),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-11-10T09:00:00Z", "12:00", "2026-W01"),
    *("W10", "W3siYXQiOiAiMDAwMS0wMS0wMVQwMDowMDowMCsxNDowMCJ9LCAxXQ", "WyJ4IiwgMV0", "=".join("====")),
]
values = st.sampled_from(NASTY) | st.text(max_size=40).filter(lambda text: text.isprintable())


def operations() -> list[tuple[str, list[dict[str, Any]]]]:
    """Every operation of the description that reads, with its parameters."""
    paths = api.get_openapi_schema()["paths"]
    return [
        (path, methods["get"].get("parameters", [])) for path, methods in paths.items() if "get" in methods
    ]


def known_places(world: World, path: str) -> dict[str, str]:
    """What leads an operation to something that is there."""
    ids = {"contacts": world.lead.pk, "time-entries": world.entry.pk, "invoices": world.invoice.pk}
    noun = path.split("/")[3]
    numbers = {"tickets": world.ticket.number, "emergencies": world.emergency.number}
    number = numbers.get(noun, world.contract.number)
    code = world.plan.plan.code if noun == "plans" else world.client.code
    return {"number": str(number), "code": code, "id": str(ids.get(noun, 0)), "syntax": "ubl"}


@pytest.mark.parametrize(
    ("path", "parameters"), operations(), ids=lambda each: each if isinstance(each, str) else ""
)
def test_no_value_of_any_parameter_breaks_an_operation(
    world: World, path: str, parameters: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PER_MINUTE", 10**6)
    headers = {"Authorization": f"Bearer {world.tokens['administrator'][1]}"}
    browser = Client(headers=headers)
    known = known_places(world, path)
    queries = [each["name"] for each in parameters if each["in"] == "query"]
    in_path = [each["name"] for each in parameters if each["in"] == "path"]

    def ask(places: dict[str, str], given_: dict[str, str]) -> None:
        address = path
        for name, value in (known | places).items():
            address = address.replace("{" + name + "}", quote(value, safe=""))
        answer = browser.get(address, given_)
        assert answer.status_code in {200, 404, 422}, (address, given_, answer.content[:300])
        if answer.status_code != 404 and answer["Content-Type"].startswith("application/json"):
            assert answer.status_code == 200 or {"code", "message"} <= set(answer.json())

    assert browser.get(path.format(**known)).status_code == 200
    for name in queries:
        for value in NASTY:
            ask({}, {name: value})

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.dictionaries(st.sampled_from([*queries, "x"]), values, max_size=4))
    def any_query(given_: dict[str, str]) -> None:
        ask({}, given_)

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.dictionaries(st.sampled_from(in_path or ["none"]), values.filter(bool), min_size=1))
    def any_path(places: dict[str, str]) -> None:
        ask(places, {})

    any_query()
    if in_path:
        any_path()
