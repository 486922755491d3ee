"""Bringing data in, on the screen: give a file, look at it, choose columns, confirm, take the report."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ecuanime.accounts.models import Role, User
from ecuanime.clients.models import Client as Customer
from ecuanime.imports.actions import bring_file, read_file
from ecuanime.imports.models import Import
from tests.factories import NOW, make_firm, make_person
from tests.rooms.imports.files import csv_of, given

pytestmark = pytest.mark.django_db
CLIENTS = csv_of(("Nombre", "Quién"), ("Óptica Lunares", "A"), ("Ibaizabal", "B"))


@pytest.fixture
def administrator(client: Client) -> User:
    """An administrator, signed in."""
    make_firm(country="ES")
    person = make_person(Role.ADMINISTRATOR, name="Ana")
    client.force_login(person)
    return person


def offered(client: Client, content: bytes) -> str:
    """Give a file; where that leads."""
    file = SimpleUploadedFile("clientes.csv", content)
    answer = client.post("/ajustes/datos/", {"kind": "clients", "file": file})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_from_the_file_to_the_clients(client: Client, administrator: User) -> None:
    assert "Begin with the clients" in client.get("/ajustes/datos/").content.decode()
    address = offered(client, CLIENTS)
    assert "The file is being read" in client.get(address).content.decode()
    file = read_file(file=Import.objects.get(), now=NOW)
    assert client.get(f"{address}avance/")["HX-Refresh"] == "true"
    page = client.get(address).content.decode()
    assert "Bring 2 new rows in" in page
    assert "C-0002 · Ibaizabal" in page
    assert not Customer.objects.exists()
    assert client.post(f"{address}confirmar/")["Location"] == address
    bring_file(file=file, now=NOW)
    assert Customer.objects.count() == 2
    page = client.get(address).content.decode()
    assert "What was done, row by row" in page
    assert "Bring 2 new rows in" not in page
    report = client.get(f"{address}informe/")
    assert report["Content-Disposition"].endswith('.csv"')
    assert "2;new;C-0001" in report.content.decode()


def test_columns_chosen_by_hand_are_kept_when_they_do_not_fit(client: Client, administrator: User) -> None:
    file = given("clients", CLIENTS, by=administrator)
    address = f"/ajustes/datos/{file.pk}/"
    wrong = client.post(f"{address}columnas/", {"name": "0", "code": "0"})
    assert (wrong.status_code, "One column cannot hold two things" in wrong.content.decode()) == (422, True)
    assert client.post(f"{address}columnas/", {"name": "0", "code": "1"}).status_code == 302
    kept = read_file(file=file, now=NOW)
    assert (kept.columns, kept.new) == ({"name": 0, "code": 1}, 2)


def test_a_wrong_row_is_shown_with_its_reason_and_nothing_can_be_confirmed(
    client: Client, administrator: User
) -> None:
    file = given("clients", csv_of(("Nombre", "NIF"), ("Mala", "B12345675"), ("Buena", "")), by=administrator)
    address = f"/ajustes/datos/{file.pk}/"
    page = client.get(f"{address}?ver=wrong").content.decode()
    assert "1 row is wrong" in page
    assert "is not a valid NIF" in page
    assert "Buena" not in page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert "new row in" not in page
    client.post(f"{address}confirmar/")
    assert "Some rows are wrong" in client.get(address).content.decode()
    assert not Customer.objects.exists()
    assert client.post(f"{address}olvidar/")["Location"] == "/ajustes/datos/"
    assert not Import.objects.exists()


def test_the_lists_cost_the_same_however_long_they_are(client: Client, administrator: User) -> None:
    few, many = (
        given("clients", csv_of(("Nombre",), *((f"C{row}",) for row in range(rows))), by=administrator)
        for rows in (1, 3)
    )
    client.get("/ajustes/datos/")
    costs = []
    for address in (f"/ajustes/datos/{few.pk}/", f"/ajustes/datos/{many.pk}/", "/ajustes/datos/"):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        costs.append(len(queries))
    assert costs[0] == costs[1]
    given("clients", CLIENTS, by=administrator)
    with CaptureQueriesContext(connection) as queries:
        client.get("/ajustes/datos/")
    assert len(queries) == costs[2]


def test_every_kind_has_an_example(client: Client, administrator: User) -> None:
    example = client.get("/ajustes/datos/ejemplo/contacts/")
    assert "Lucía Prado" in example.content.decode()
    assert client.get("/ajustes/datos/ejemplo/sheep/").status_code == 404
