"""A file that writes for many clients and somebody who sells to one of them take turns."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep

import pytest
from django.db import connection, connections, transaction

from ecuanime.clients.models import Client
from ecuanime.contracts.models import Contract
from ecuanime.contracts.numbering import next_number
from ecuanime.imports.actions import bring_file, confirm_import
from ecuanime.imports.models import Import
from tests.factories import NOW, make_client, make_firm, make_version
from tests.rooms.imports.files import csv_of, given

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"


def somebody_waits() -> bool:
    """Whether another connection waits for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_contracts_are_brought_while_somebody_sells_to_one_of_their_clients() -> None:
    make_firm(country="ES")
    plan = make_version().plan.code
    rows = [(make_client(name=name).code, plan, "01/03/2026") for name in ("Óptica", "Clínica")]
    file = confirm_import(file=given("contracts", csv_of(("Cliente", "Plan", "Inicio"), *rows)), now=NOW)

    def bring() -> str:
        try:
            return bring_file(file=file, now=NOW).state
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Client.objects.select_for_update(no_key=True).get(code=rows[1][0])
            brought = pool.submit(bring)
            until = monotonic() + 20
            while not somebody_waits() and monotonic() < until:
                sleep(0.02)
            assert next_number(Contract, "number", "CT-") == "CT-0001"
        assert brought.result(timeout=20) == Import.State.BROUGHT
