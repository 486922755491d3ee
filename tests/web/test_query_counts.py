"""How many queries the pages that are opened most cost: what a page takes is mostly how often it asks.

The numbers are those of a firm at work, where nothing can be left out: a contract with lots, time in every state, a
timer that runs. That one more row costs nothing more is proved where each list is tested. A test's transaction keeps no
answers (`Versions`), so that a person's own tickets are counted here, beside the version by which they would be known.
"""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ecuanime.worklog.actions import start_timer
from tests.factories import NOW, make_work_type
from tests.factories.world import World, make_world

pytestmark = pytest.mark.django_db

MOST = {
    "technician": {
        "/tickets/{ticket}/": 27,
        "/tickets/{ticket}/paneles/resto/": 34,
        "/bandeja/abiertos/": 16,
        "/tickets/{ticket}/vistazo/": 23,
    },
    "supervisor": {"/horas/2026-11-10/": 32, "/clientes/": 9, "/clientes/{client}/": 36},
    "billing": {"/facturas/": 12},
    "lead": {
        "/portal/": 25,
        "/portal/peticiones/": 6,
        "/portal/peticiones/{ticket}/": 12,
        "/portal/horas/": 29,
        "/portal/horas/trabajos/": 21,
    },
}


@pytest.fixture
def world() -> World:
    world = make_world()
    start_timer(
        user=world.office.technician, ticket=world.ticket, work_type=make_work_type("remote"), now=NOW
    )
    return world


@pytest.mark.parametrize("person", MOST)
def test_the_pages_opened_most_ask_no_more_than_they_need(world: World, client: Client, person: str) -> None:
    client.force_login(world.people[person])
    for address, most in MOST[person].items():
        path = address.format(ticket=world.ticket.number, client=world.client.code)
        as_part = {"HX-Request": "true"} if "vistazo" in path else {}
        assert client.get(path, headers=as_part).status_code == 200
        with CaptureQueriesContext(connection) as queries:
            client.get(path, headers=as_part)
        assert len(queries) <= most, f"{path}: {len(queries)}\n" + "\n".join(
            query["sql"][:200] for query in queries.captured_queries
        )
