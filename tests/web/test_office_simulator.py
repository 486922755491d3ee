"""The simulator: real terms and lots, now and as they stood, and any scenario by hand; nothing is stored."""

from __future__ import annotations

import html
import json
import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from ecuanime.contracts.models import Contract, PlanKind
from ecuanime.entitlements.history import lots_as_of
from ecuanime.entitlements.models import Lot
from ecuanime.worklog.models import TimeEntry
from tests.factories import (
    NOW,
    make_contract,
    make_firm,
    make_person,
    make_site,
    make_version,
    make_work_type,
)
from tests.factories.entitlements import make_pack
from tests.factories.worklog import make_office
from tests.rooms.entitlements.approving import approve, at, contract_by_the_minute
from tests.rules.test_scenario import EXAMPLE, example
from tests.web.pages import whole_ticket

pytestmark = pytest.mark.django_db
WORK = {"concepto": "remote", "dia": "2026-02-10", "desde": "10:00", "hasta": "10:50"}


@pytest.fixture(autouse=True)
def firm(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    make_firm()
    make_work_type("remote")


@pytest.fixture
def supervisor(client: Browser) -> Browser:
    client.force_login(make_person("supervisor", language="en"))
    return client


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", html.unescape(response.content.decode()).replace("\xa0", " "))


def used_contract() -> Contract:
    """A pack of 45 + 2 h of which 46 h 30 were worked on 2 February."""
    contract = contract_by_the_minute()
    make_pack(contract, 45, starts_on=date(2026, 1, 1), now=at(1, 1), usable_from=at(1, 1))
    approve(contract, 2790, date(2026, 2, 2), at(2, 3))
    return contract


def test_work_may_be_supposed_at_a_site(supervisor: Browser) -> None:
    contract = used_contract()
    here, there = (make_site(contract.client, name) for name in ("Almacén", "Tienda"))
    Lot.objects.get(is_bonus=False).sites.add(here)
    Lot.objects.get(is_bonus=True).sites.add(here)
    page = supervisor.get("/simulador/", WORK | {"contrato": contract.number, "sede": there.pk})
    assert "is not covered, only at" in text_of(page)
    page = supervisor.get("/simulador/", WORK | {"contrato": contract.number, "sede": here.pk})
    assert "is not covered, only at" not in text_of(page)


def test_it_draws_from_the_real_lots_and_says_why(supervisor: Browser) -> None:
    contract = used_contract()
    page = supervisor.get("/simulador/", WORK | {"contrato": contract.number})
    text = text_of(page)
    assert page.status_code == 200
    pack = Lot.objects.get(is_bonus=False)
    assert f"{pack.code} 0 h 30" in text
    assert "10 Feb 2026, 10:00–10:50" in text
    assert f"Drawn from {pack.code}" in text
    assert "No pack covers it" in text


def test_what_would_be_invoiced_stands_line_by_line_with_its_tax(supervisor: Browser) -> None:
    contract = used_contract()
    given = WORK | {"contrato": contract.number, "hasta": "12:00"}
    text = text_of(supervisor.get("/simulador/", given))
    [foot] = re.findall(r"<tfoot>(.*?)</tfoot>", text)
    assert "What would be invoiced" in text
    assert re.findall(r"€[\d.]+", foot) == ["€45.00", "€10.35", "€55.35"]


def test_it_compares_with_the_lots_as_they_stood(supervisor: Browser) -> None:
    contract = used_contract()
    text = text_of(
        supervisor.get("/simulador/", WORK | {"contrato": contract.number, "estado": "2026-02-02"})
    )
    now, then = text.split("As the lots stood on 2 February 2026")
    bonus = Lot.objects.get(is_bonus=True)
    assert f"Drawn from {bonus.code}" not in now
    assert f"{bonus.code} 0 h 50" in then


def test_lots_stand_as_the_ledger_says_they_did() -> None:
    contract = used_contract()
    before, after = (lots_as_of(contract, at(2, day)) for day in (2, 4))
    assert sum(lot.balance for lot in before) == 47 * 6000
    assert sum(lot.balance for lot in after) == 30 * 100
    assert lots_as_of(contract, at(1, 1).replace(year=2025)) == ()
    Lot.objects.filter(contract=contract).update(usable_from=at(3, 1))
    assert [lot.usable for lot in lots_as_of(contract, at(2, 4))] == [False, False]


def test_nothing_is_stored_however_often_it_is_asked(supervisor: Browser) -> None:
    contract = used_contract()
    entries, left = TimeEntry.objects.count(), list(Lot.objects.values_list("left", flat=True))
    with CaptureQueriesContext(connection) as queries:
        supervisor.get("/simulador/", WORK | {"contrato": contract.number, "estado": "2026-02-02"})
    assert [each["sql"] for each in queries if each["sql"].startswith(("INSERT", "UPDATE", "DELETE"))] == []
    assert TimeEntry.objects.count() == entries
    assert list(Lot.objects.values_list("left", flat=True)) == left


def test_what_is_shown_as_json_gives_the_same_and_can_be_changed(supervisor: Browser) -> None:
    contract = used_contract()
    page = supervisor.get("/simulador/", WORK | {"contrato": contract.number})
    [scenario] = re.findall(r"<textarea[^>]*>(.*?)</textarea>", page.content.decode(), re.DOTALL)
    given = json.loads(html.unescape(scenario))
    again = supervisor.post("/simulador/", {"scenario": json.dumps(given)})
    [pack] = [lot["id"] for lot in given["before"]["lots"] if not lot["is_bonus"]]
    assert f"lot {pack} 0 h 30" in text_of(again)
    given["before"]["lots"] = []
    assert f"lot {pack}" not in text_of(supervisor.post("/simulador/", {"scenario": json.dumps(given)}))


def test_a_scenario_by_hand_is_rated_with_its_tax(supervisor: Browser) -> None:
    text = text_of(supervisor.post("/simulador/", {"scenario": EXAMPLE}))
    assert "€13.00" in text
    [foot] = re.findall(r"<tfoot>(.*?)</tfoot>", text)
    assert re.findall(r"€[\d.]+", foot) == ["€13.00", "€2.73", "€15.73"]
    assert "Tax, 21%" in foot
    two = example(
        entries=[{"id": n, "work_type": "a", "work_on": "2026-01-20", "elapsed_seconds": 60} for n in (7, 8)]
    )
    text = text_of(supervisor.post("/simulador/", {"scenario": json.dumps(two)}))
    assert "Why, entry 7?" in text
    assert "Why, entry 8?" in text


def test_a_wrong_scenario_is_said_where_and_keeps_what_was_typed(supervisor: Browser) -> None:
    typed = EXAMPLE.replace('"Europe/Madrid"', '"Madrid"', 1)
    page = supervisor.post("/simulador/", {"scenario": typed})
    assert page.status_code == 422
    assert "contract.zone: there is no such time zone" in text_of(page)
    assert '"zone": "Madrid"' in text_of(page)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"hasta": ""}, "Give both times"),
        ({"desde": "", "hasta": ""}, "Say from when to when, or how long."),
        ({"contrato": "C-9999"}, "Select a valid choice"),
        ({"duracion": "x", "desde": "", "hasta": ""}, "Write it as 1:30"),
    ],
)
def test_work_that_is_not_said_whole_is_asked_for(
    supervisor: Browser, changes: dict[str, str], said: str
) -> None:
    page = supervisor.get("/simulador/", WORK | {"contrato": used_contract().number} | changes)
    assert page.status_code == 422
    assert said in text_of(page)


def test_a_night_goes_on_after_midnight_and_a_duration_knows_no_clock(supervisor: Browser) -> None:
    contract = make_contract(version=make_version(PlanKind.ON_DEMAND))
    late = {"contrato": contract.number, "concepto": "remote", "dia": "2026-11-09"}
    text = text_of(supervisor.get("/simulador/", late | {"desde": "23:30", "hasta": "00:30"}))
    assert "9 Nov 2026, 23:30–00:00" in text
    assert "10 Nov 2026, 00:00–00:30" in text
    text = text_of(supervisor.get("/simulador/", late | {"duracion": "1:15"}))
    assert "1 h 15" in text
    assert "without clock times" in text


def test_earlier_work_on_the_ticket_counts_for_its_rounding(supervisor: Browser) -> None:
    office = make_office(PlanKind.ON_DEMAND)
    office.approved(20)
    more = {
        "contrato": office.contract.number,
        "concepto": "remote",
        "dia": "2026-11-09",
        "duracion": "5 min",
    }
    text = text_of(supervisor.get("/simulador/", more | {"ticket": str(office.ticket.number)}))
    assert "0 h 25 make 0 h 30, of which 0 h 30 were counted before" in text
    assert "counted before" not in text_of(supervisor.get("/simulador/", more))
    earlier = more | {"ticket": str(office.ticket.number), "estado": "2026-11-08"}
    _now, then = text_of(supervisor.get("/simulador/", earlier)).split("As the lots stood on 8 November 2026")
    assert "counted before" not in then


def test_pages_lead_to_it_with_their_contract_filled_in(supervisor: Browser) -> None:
    office = make_office()
    contract, ticket = office.contract, office.ticket
    assert f"/simulador/?contrato={contract.number}" in text_of(
        supervisor.get(f"/contratos/{contract.number}/")
    )
    assert f"contrato={contract.number}&ticket={ticket.number}" in html.unescape(
        whole_ticket(supervisor, ticket.number)
    )
    page = text_of(supervisor.get("/simulador/", {"contrato": contract.number}))
    assert f'<option value="{contract.number}" selected>' in page
    assert "Say what the work would be" in page
