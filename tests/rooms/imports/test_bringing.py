"""A file is foreseen without a trace, then brought in whole or not at all, and again it changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import override

from ecuanime.clients.actions import create_client
from ecuanime.clients.models import Client, Contact
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.files import is_whole
from ecuanime.foundation.jobs import remove_file
from ecuanime.foundation.models import AuditEntry, StoredFile
from ecuanime.imports.actions import (
    assign_columns,
    bring_file,
    bring_now,
    confirm_import,
    drop_import,
    read_file,
    store_file,
)
from ecuanime.imports.columns import recognised
from ecuanime.imports.jobs import bring, read
from ecuanime.imports.kinds import KINDS
from ecuanime.imports.models import Import, Origin
from ecuanime.imports.reading import read_sheet
from ecuanime.imports.report import example_csv, report_csv
from tests.factories import NOW, make_firm, make_person
from tests.rooms.imports.files import brought, csv_of, given, make_administrator, outcomes

pytestmark = pytest.mark.django_db
CLIENTS = csv_of(
    ("Nombre", "Código", "NIF", "Población"),
    ("Óptica Lunares", "430012", "B12345674", "Madrid"),
    ("Ibaizabal", "430013", "", "Durango"),
)
State = Import.State


@pytest.fixture(autouse=True)
def firm() -> None:
    make_firm(country="ES")


def refused(code: str) -> Any:
    """Expect a refusal with this code."""
    return pytest.raises(Refused, check=lambda refusal: refusal.code == code)


def written() -> tuple[int, ...]:
    """How much there is of what an import could write."""
    return tuple(model.objects.count() for model in (Client, Contact, Origin))


def test_a_file_is_foreseen_and_nothing_of_it_is_written() -> None:
    file = given("clients", CLIENTS)
    assert (file.state, file.new, file.known, file.wrong) == (State.READ, 2, 0, 0)
    assert outcomes(file) == [(2, "new", ""), (3, "new", "")]
    assert file.columns == {"name": 0, "code": 1, "tax_id": 2, "city": 3}
    assert written() == (0, 0, 0)
    assert set(AuditEntry.objects.values_list("verb", flat=True)) == {"import_stored"}


def test_a_confirmed_file_is_written_and_again_it_changes_nothing() -> None:
    person = make_administrator()
    file = brought("clients", CLIENTS, by=person)
    assert (file.state, file.new, file.brought_at) == (State.BROUGHT, 2, NOW)
    optica = Client.objects.get(tax_id="B12345674")
    assert (optica.code, optica.city, optica.country) == ("C-0001", "Madrid", "ES")
    assert AuditEntry.objects.get(verb="client_created", object_id=str(optica.pk)).actor_id == person.pk
    again = given("clients", CLIENTS)
    assert (again.new, again.known, again.wrong) == (0, 2, 0)
    before = written()
    with refused("nothing_new"):
        confirm_import(file=again, now=NOW)
    assert bring_file(file=file, now=NOW).state == State.BROUGHT
    assert written() == before


def test_one_wrong_row_keeps_all_out() -> None:
    content = csv_of(("Nombre", "NIF"), ("Óptica", "B12345674"), ("Mala", "B12345675"), ("", "A28015865"))
    file = given("clients", content)
    assert outcomes(file) == [(2, "new", ""), (3, "wrong", "tax_id"), (4, "wrong", "empty_cell")]
    with refused("has_faults"):
        confirm_import(file=file, now=NOW)
    assert written() == (0, 0, 0)


def test_what_became_wrong_after_the_preview_keeps_all_out_and_is_said() -> None:
    file = given("clients", CLIENTS)
    create_client(name="óptica lunares", tax_id="A28015865", now=NOW)
    kept = bring_file(file=confirm_import(file=file, now=NOW), now=NOW)
    assert (kept.state, kept.wrong) == (State.READ, 1)
    assert outcomes(kept) == [(2, "wrong", "same_name"), (3, "new", "")]
    assert written() == (1, 0, 0)


def test_rows_see_the_rows_before_them_and_contacts_find_their_clients_by_any_name() -> None:
    twice = csv_of(("Nombre", "NIF"), ("Óptica", "B12345674"), ("Otra", "B-12345674"))
    assert outcomes(brought("clients", twice)) == [(2, "new", ""), (3, "known", "")]
    brought("clients", CLIENTS.replace(b"B12345674", b""))
    people = csv_of(
        ("Cliente", "Nombre", "Correo", "Aprueba horas"),
        ("430013", "Aitor", "aitor@ibai.example", "sí"),
        ("b12345674", "Lucía", "", ""),
        ("IBAIZABAL", "Aitor", "AITOR@ibai.example", "no"),
        ("Nadie", "X", "", ""),
    )
    file = given("contacts", people)
    assert outcomes(file) == [
        (2, "new", ""),
        (3, "new", ""),
        (4, "known", ""),
        (5, "wrong", "unknown_client"),
    ]
    brought("contacts", people.rpartition(b"\r\n")[0])
    assert Contact.objects.get(name="Aitor").is_project_lead
    assert Contact.objects.filter(user=None).count() == Contact.objects.count() == 2
    assert given("contacts", people).known == 3


def test_refusals_of_the_rooms_stand_in_the_language_of_whoever_brought_it() -> None:
    person = make_administrator()
    person.language = "es"
    person.save()
    row = given("clients", csv_of(("Nombre", "NIF"), ("X", "B12345675")), by=person).rows.get()
    assert (row.code, "dígito de control" in row.words or "carácter de control" in row.words) == (
        "tax_id",
        True,
    )


def test_columns_can_be_assigned_by_hand() -> None:
    file = given("clients", csv_of(("Quién", "Dónde"), ("Óptica", "Madrid")))
    assert outcomes(file) == [(2, "wrong", "no_column")]
    for columns, code in (
        ({"name": 2}, "unknown_column"),
        ({"x": 0}, "unknown_column"),
        ({"name": 0, "city": 0}, "column_twice"),
    ):
        with refused(code):
            assign_columns(file=file, columns=columns, now=NOW)
    assert Import.objects.get().state == State.READ
    kept = read_file(file=assign_columns(file=file, columns={"name": 0, "city": 1}, now=NOW), now=NOW)
    assert outcomes(kept) == [(2, "new", "")]
    with refused("at_work"):
        assign_columns(file=confirm_import(file=kept, now=NOW), columns={"name": 0}, now=NOW)


def test_an_unreadable_file_is_said_and_can_be_forgotten() -> None:
    file = given("clients", b"PK\x03\x04")
    assert (file.state, bool(file.fault)) == (State.UNREADABLE, True)
    with refused("not_readable"):
        confirm_import(file=file, now=NOW)
    drop_import(file=file, now=NOW)
    assert not Import.objects.exists()
    with refused("already_brought"):
        drop_import(file=brought("clients", CLIENTS), now=NOW)
    assert Import.objects.get().rows.count() == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "sheep"}, "unknown_kind"),
        ({"content": b""}, "empty_file"),
        ({"content": b"x" * (10 * 1024 * 1024 + 1)}, "too_large"),
    ],
)
def test_what_is_no_file_of_ours_is_not_kept(change: dict[str, Any], code: str) -> None:
    arguments: dict[str, Any] = {"kind": "clients", "content": CLIENTS, "name": "x", "now": NOW}
    with refused(code):
        store_file(**arguments | change, by=make_administrator())
    with refused("not_allowed"):
        store_file(**arguments, by=make_person("supervisor"))
    assert not Import.objects.exists()


def test_the_jobs_do_it_once_and_a_fault_of_ours_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    file = store_file(kind="clients", content=CLIENTS, name="x", by=make_administrator(), now=NOW)
    for _ in range(2):
        read(import_id=file.pk)
    confirm_import(file=file, now=NOW)
    for _ in range(2):
        bring(import_id=file.pk)
    assert (Import.objects.get().state, Client.objects.count()) == (State.BROUGHT, 2)

    def breaks(*_arguments: Any, **_more: Any) -> None:
        raise RuntimeError

    other = store_file(kind="clients", content=CLIENTS, name="x", by=make_administrator(), now=NOW)
    monkeypatch.setattr("ecuanime.imports.actions.rehearse", breaks)
    read(import_id=other.pk)
    assert Import.objects.get(pk=other.pk).state == State.UNREADABLE


def test_at_once_on_the_command_line() -> None:
    arguments: dict[str, Any] = {"kind": "clients", "content": CLIENTS, "name": "x", "now": NOW}
    person = make_administrator()
    assert bring_now(**arguments, by=person, is_rehearsal=True).new == 2
    assert written() == (0, 0, 0)
    assert bring_now(**arguments, by=person).state == State.BROUGHT
    assert bring_now(**arguments, by=person).known == 2


def test_what_is_broken_off_on_the_command_line_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken_off(*_arguments: Any, **_more: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ecuanime.imports.actions.write_all", broken_off)
    with pytest.raises(KeyboardInterrupt):
        bring_now(kind="clients", content=CLIENTS, name="x", by=make_administrator(), now=NOW)
    assert not Import.objects.exists()


def test_a_forgotten_file_loses_its_bytes_unless_something_else_holds_them() -> None:
    first, second = given("clients", CLIENTS), given("clients", CLIENTS)
    drop_import(file=first, now=NOW)
    remove_file(digest=first.file_id)
    assert is_whole(second.file_id)
    drop_import(file=second, now=NOW)
    remove_file(digest=second.file_id)
    assert not StoredFile.objects.exists()
    assert not is_whole(second.file_id)


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_every_kind_is_recognised_whole(kind: str) -> None:
    for language in ("es", "en"):
        with override(language):
            sheet = read_sheet(example_csv(KINDS[kind]).encode())
        names = [field.name for field in KINDS[kind].fields]
        assert recognised(KINDS[kind].fields, sheet.headers) == {
            name: place for place, name in enumerate(names)
        }


def test_the_report_says_every_row_and_runs_no_formula() -> None:
    file = given("clients", csv_of(("Nombre", "NIF"), ("=1+1", "B12345675"), ("Óptica", "")))
    lines = "".join(report_csv(file)).splitlines()
    assert lines[1].startswith("2;wrong;")
    assert ";'=1+1;" in lines[1]
    assert lines[2] == "3;new;C-0001 · Óptica;Óptica;"
