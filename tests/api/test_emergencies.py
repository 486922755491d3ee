"""Emergencies by programs: declared, answered and led along with the refusals of the screens, each write once."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ecuanime.accounts.actions import issue_api_token
from ecuanime.emergencies.models import Assessment, Emergency, Stage
from tests.factories import make_contact
from tests.factories.emergencies import STRUCK, Scene, make_scene
from tests.factories.tickets import make_ticket

pytestmark = pytest.mark.django_db

Call = Callable[..., Any]
SAID = {"area": "linux", "facts": "No arranca el servidor.", "desired": "Hay rutas."}
FIGURES = {
    "is_viable": True,
    "certainty": 70,
    "risk": "Lo de anoche.",
    "lasts_minutes": 300,
    "normalise_minutes": 180,
    "mitigate_minutes": 360,
    "guarantee_hours": 0,
}


@pytest.fixture
def scene(time_machine: Any) -> Scene:
    time_machine.move_to(STRUCK, tick=False)
    return make_scene()


def caller(user: Any) -> Call:
    """`call("GET", path)`: the status and the answer to a program of that person."""
    secret = issue_api_token(user=user, name="informes", scope="write", now=STRUCK)[1]
    keys = count()

    def call(method: str, path: str, body: Any = None, key: str = "", **query: Any) -> Any:
        headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": key or f"k{next(keys)}"}
        raw = b"" if body is None else json.dumps(body).encode()
        answer = Client().generic(
            method, f"/api/v1/{path}", raw, "application/json", query_params=query, headers=headers
        )
        return answer.status_code, answer.json()

    return call


def refused(answer: Any) -> tuple[int, str]:
    return answer[0], answer[1]["code"]


def test_a_client_declares_once_an_expert_answers_and_both_lead_it_along(scene: Scene) -> None:
    client, expert = caller(scene.lead.user), caller(scene.expert)
    assert refused(client("POST", "emergencies", SAID | {"area": "x"})) == (422, "unknown_area")
    assert refused(client("POST", "emergencies", SAID | {"facts": " "})) == (422, "no_facts")
    assert refused(expert("POST", "emergencies", SAID)) == (422, "no_ticket")
    assert not Emergency.objects.exists()
    status, case = client("POST", "emergencies", SAID, key="una")
    assert client("POST", "emergencies", SAID, key="una") == (status, case)
    assert (status, Emergency.objects.count()) == (201, 1)
    assert (case["stage"], case["answer_due_at"], case["estimates"]) == (
        "declared",
        "2026-11-09T20:00:00Z",
        [],
    )
    address = f"emergencies/{case['number']}"
    assert refused(client("POST", f"{address}/take-on", {})) == (403, "not_allowed")
    assert expert("POST", f"{address}/take-on", {})[1]["lead"]["name"] == scene.expert.name
    assert refused(caller(scene.second)("POST", f"{address}/pass-on", {})) == (403, "not_allowed")
    lacking = FIGURES | {"normalise_minutes": None}
    assert refused(expert("POST", f"{address}/answer", lacking)) == (422, "figures")
    assert not Assessment.objects.exists()
    answered = expert("POST", f"{address}/answer", FIGURES)[1]
    assert (answered["stage"], answered["is_late"], answered["estimates"][0]["certainty"]) == (
        "viable",
        False,
        70,
    )
    assert refused(expert("POST", f"{address}/answer", FIGURES)) == (422, "not_now")
    revised = {name: FIGURES[name] for name in ("certainty", "risk", "lasts_minutes", "mitigate_minutes")}
    revised |= {"normalise_minutes": 240, "reason": "Hay más."}
    kept = expert("POST", f"{address}/estimates", revised)[1]["estimates"]
    assert [each["normalise_minutes"] for each in kept] == [240, 180]
    scene.case = Emergency.objects.get()
    scene.accept(ceiling=50_000)
    assert refused(expert("POST", f"{address}/normal", {"evidence": " "})) == (422, "evidence")
    normal = expert("POST", f"{address}/normal", {"evidence": "22 rutas."})
    assert refused(normal) == (422, "bad_moment")  # the machine's clock stands before the work


def test_normality_is_declared_confirmed_and_taken_back(scene: Scene, time_machine: Any) -> None:
    scene.declare()
    scene.answer(guarantee_hours=0)
    scene.accept(ceiling=50_000)
    scene.work(hours=2)
    time_machine.move_to(scene.now, tick=False)
    client, expert = caller(scene.lead.user), caller(scene.expert)
    address = f"emergencies/{scene.case.number}"
    case = expert("POST", f"{address}/normal", {"evidence": "22 rutas."})[1]
    first = case["phases"][0]
    assert (first["phase"], first["seconds"], first["estimate_minutes"]) == ("normalisation", 7200, 240)
    assert (Decimal(first["price"]), first["amount_minor"]) == (35, 7000)
    assert case["ceiling_left_minor"] == 43_000
    assert refused(expert("POST", f"{address}/acknowledge", {})) == (403, "not_allowed")
    assert client("POST", f"{address}/acknowledge", {})[1]["stage"] == "mitigating"
    assert refused(client("POST", f"{address}/relapse", {})) == (422, "reason")
    assert client("POST", f"{address}/relapse", {"reason": "Otra vez."})[1]["stage"] == "normalising"
    assert refused(client("POST", f"{address}/decline", {})) == (422, "not_now")


def test_an_expert_declares_on_a_ticket_and_says_no(scene: Scene) -> None:
    ticket = make_ticket(contact=scene.lead)
    expert = caller(scene.expert)
    status, case = expert("POST", "emergencies", SAID | {"ticket": ticket.number})
    assert (status, case["ticket"]) == (201, ticket.number)
    address = f"emergencies/{case['number']}/answer"
    no = {"is_viable": False, "reason": "No es lo nuestro."}
    assert refused(expert("POST", address, no)) == (422, "elsewhere")
    said = expert("POST", address, no | {"elsewhere": "El fabricante."})[1]
    assert (said["stage"], said["estimates"][0]["elsewhere"]) == ("not_viable", "El fabricante.")


def test_each_reads_their_own_and_lists_cost_the_same_at_one_and_at_three(scene: Scene) -> None:
    scene.declare()
    mine = caller(scene.lead.user)
    other = make_contact(is_project_lead=True, signs_in=True).user
    colleague = make_contact(scene.client, signs_in=True).user

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert mine("GET", "emergencies")[0] == 200
        return len(queries)

    cost()
    once = cost()
    scene.declare()
    scene.declare()
    assert cost() == once
    assert len(mine("GET", "emergencies", stage="declared")[1]["items"]) == 3
    assert mine("GET", "emergencies", stage="closed")[1]["items"] == []
    since = mine("GET", "emergencies", declared_from="2026-11-10T00:00:00Z")
    assert since[1]["items"] == []
    assert refused(mine("GET", "emergencies", stage="x")) == (422, "bad_parameter")
    for stranger in (other, colleague):
        assert caller(stranger)("GET", "emergencies")[1]["items"] == []
        assert refused(caller(stranger)("GET", "emergencies/EX-0001")) == (404, "not_found")
    assert {each["stage"] for each in mine("GET", "emergencies")[1]["items"]} == {Stage.DECLARED}
