"""A backup brings everything back, elsewhere, and says so when it cannot."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test import override_settings

from ecuanime.accounts.models import Role, User
from ecuanime.billing.models import ExchangeRate, SpainSettings
from ecuanime.channels.actions import read_arrival
from ecuanime.channels.email.arrivals import store_arrival
from ecuanime.channels.models import IncomingMail
from ecuanime.delivery.models import Mailbox
from ecuanime.foundation import audit, files
from ecuanime.foundation.secrets import seal, unseal
from ecuanime.records.archive import DamagedError
from ecuanime.records.backup import MissingFilesError, write_backup
from ecuanime.records.restore import CannotRestoreError, _migrate_to, _targets, check_archive, restore
from ecuanime.records.tables import tables
from ecuanime.records.verify import CHECKS
from ecuanime.staff.models import Firm
from ecuanime.tickets.models import Ticket
from tests.factories import NOW, make_contact, make_firm, make_mailbox, make_person
from tests.factories.fiscal import declare_program
from tests.rooms.channels.mails import raw_mail

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A backup of a small living firm."""
    make_firm(name="Nodo Alisio")
    mailbox = make_mailbox()
    mailbox.smtp_password_sealed = seal("secreto")
    mailbox.save()
    make_person(Role.ADMINISTRATOR)
    make_contact(email="elvira@tierraparda.example")
    arrival = store_arrival(raw=raw_mail(), origin=IncomingMail.Origin.PIPE, now=NOW)
    read_arrival(arrival_id=arrival.pk, now=NOW)
    path = tmp_path / "copia.zip"
    write_backup(path, now=NOW)
    return path


def counts() -> dict[str, int]:
    """Rows of every table that a backup carries."""
    with connection.cursor() as cursor:
        found = {}
        for table in tables():
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            found[table] = (cursor.fetchone() or (0,))[0]
    return found


def faults() -> list[str]:
    """What `ecuanime verify` finds."""
    return [fault for check in CHECKS for fault in check.faults()]


def test_all_comes_back_into_an_emptied_installation(archive: Path, tmp_path: Path) -> None:
    before, chain = counts(), list(audit.broken_links())
    number = Ticket.objects.get().number
    raw = IncomingMail.objects.get().raw_id
    empty()
    with override_settings(ECUANIME_FILES=tmp_path / "elsewhere"):
        restore(archive, now=NOW)
        assert counts() == before
        assert files.is_whole(raw)
        assert faults() == chain == []
    assert Ticket.objects.get().number == number
    assert unseal(Mailbox.objects.get().smtp_password_sealed) == "secreto"
    assert User.objects.get(roles__contains=[Role.ADMINISTRATOR]).check_password("una clave bastante larga")


def test_life_goes_on_after_a_restore(archive: Path) -> None:
    restore(archive, now=NOW, replace=True)
    arrival = store_arrival(raw=raw_mail(), origin=IncomingMail.Origin.PIPE, now=NOW)
    read_arrival(arrival_id=arrival.pk, now=NOW)
    assert sorted(Ticket.objects.values_list("number", flat=True)) == [1001, 1002]
    assert faults() == []


def test_a_firm_is_not_overwritten_unless_asked(archive: Path) -> None:
    make_firm(name="Otra")
    with pytest.raises(CannotRestoreError, match="--replace"):
        restore(archive, now=NOW)
    assert Firm.objects.get().name == "Otra"


def altered(archive: Path, target: Path, change: str) -> Path:
    """A copy of the archive with one member altered, missing or added, or with another form."""
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            content = source.read(name)
            if change == "altered" and name.endswith("tickets_ticket.copy"):
                content = content.replace(b"facturas", b"fakturas")
            if change == "form" and name == "manifest.json":
                content = json.dumps(json.loads(content) | {"format": 99}).encode()
            if not (change == "missing" and name.startswith("files/")):
                copy.writestr(name, content)
        if change == "added":
            copy.writestr("tables/evil.copy", b"")
    return target


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("altered", "was altered"),
        ("missing", "is missing"),
        ("added", "does not belong"),
        ("form", "form 99"),
    ],
)
def test_a_damaged_archive_is_named_and_changes_nothing(
    archive: Path, tmp_path: Path, change: str, words: str
) -> None:
    damaged = altered(archive, tmp_path / "mala.zip", change)
    before = counts()
    with pytest.raises(DamagedError, match=words):
        restore(damaged, now=NOW, replace=True)
    assert counts() == before


def test_a_cut_archive_is_no_backup(archive: Path, tmp_path: Path) -> None:
    cut = tmp_path / "corta.zip"
    cut.write_bytes(archive.read_bytes()[:2000])
    with pytest.raises(DamagedError, match="cut short"):
        check_archive(cut)


def test_a_backup_of_a_newer_version_is_refused_by_name(archive: Path, tmp_path: Path) -> None:
    newer = _at(archive, tmp_path, tickets="0999_future")
    with pytest.raises(CannotRestoreError, match=r"tickets\.0999_future"):
        restore(newer, now=NOW, replace=True)


def test_a_backup_from_before_the_migrations_were_folded_comes_back(archive: Path, tmp_path: Path) -> None:
    before = counts()
    loader = MigrationLoader(connection)
    last = {
        app: migration.replaces[-1][1]
        for (app, name), migration in loader.replacements.items()
        if (app, name) in loader.graph.leaf_nodes()
    }
    assert last
    restore(_at(archive, tmp_path, **last), now=NOW, replace=True)
    assert counts() == before


@pytest.fixture
def older(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A backup from before exchange rates had two currencies; here are two that its tables have no place for."""
    path = tmp_path_factory.getbasetemp() / "antigua.zip"
    if not path.exists():
        _write_older(path)
    for home in ("EUR", "MXN"):
        ExchangeRate.objects.create(currency="USD", home=home, on=NOW.date(), rate=2, noted_at=NOW)
    yield path
    call_command("migrate", verbosity=0)


def _write_older(path: Path) -> None:
    """Of a firm alone, once for all tests: going back and forth takes many seconds."""
    make_firm(name="Nodo Alisio")
    call_command("migrate", "billing", "0002_guards", verbosity=0)
    try:
        write_backup(path, now=NOW)
    finally:
        call_command("migrate", verbosity=0)
    empty()


def test_an_older_backup_replaces_rows_that_its_tables_have_no_place_for(older: Path) -> None:
    make_person(Role.ADMINISTRATOR)
    restore(older, now=NOW, replace=True)
    assert (Firm.objects.get().name, User.objects.count(), ExchangeRate.objects.count()) == (
        "Nodo Alisio",
        0,
        0,
    )
    assert faults() == []


def test_an_older_backup_that_fails_half_way_has_changed_nothing(older: Path, tmp_path: Path) -> None:
    before, migrations = counts(), MigrationLoader(connection).applied_migrations
    with pytest.raises(DamagedError, match="staff_firm holds 1 rows instead of 2"):
        restore(_altered(older, tmp_path, "rows", staff_firm=2), now=NOW, replace=True)
    assert counts() == before
    assert set(MigrationLoader(connection).applied_migrations) == set(migrations)
    assert set(ExchangeRate.objects.values_list("home", flat=True)) == {"EUR", "MXN"}


def test_what_was_folded_is_known_though_newer_steps_came_after_it(archive: Path, tmp_path: Path) -> None:
    last = MigrationLoader(connection).graph.nodes["billing", "0002_guards"].replaces[-1][1]
    targets = _targets(check_archive(_at(archive, tmp_path, accounts="0003_identities", billing=last)))
    assert (targets["accounts"], targets["billing"]) == ("0001_squashed_0003_identities", "0002_guards")


def test_only_apps_that_stand_elsewhere_are_migrated(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str]] = []
    monkeypatch.setattr(
        "ecuanime.records.restore.call_command", lambda _name, *target, **_more: asked.append(target)
    )
    here = dict(MigrationLoader(connection).graph.leaf_nodes())
    _migrate_to(here)
    assert asked == []
    _migrate_to(here | {"billing": "0002_guards"})
    assert asked == [("billing", "0002_guards")]


def test_every_later_step_can_be_taken_back_to_the_tables_of_an_older_backup() -> None:
    later = [
        migration
        for (_app, name), migration in MigrationLoader(connection).disk_migrations.items()
        if type(migration).__module__.startswith("ecuanime.")
        and not name.startswith(("0001_", "0002_guards"))
    ]
    assert {"accounts", "billing"} <= {migration.app_label for migration in later}
    final = [each for each in later if not all(operation.reversible for operation in each.operations)]
    assert final == []


def _at(archive: Path, folder: Path, **migrations: str) -> Path:
    """The archive as if its apps had stood at other migrations."""
    return _altered(archive, folder, "migrations", **migrations)


def _altered(archive: Path, folder: Path, part: str, **changes: object) -> Path:
    """The archive with another manifest."""
    changed = folder / "otra.zip"
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(changed, "w") as copy:
        for name in source.namelist():
            content = source.read(name)
            if name == "manifest.json":
                manifest = json.loads(content)
                manifest[part] |= changes
                content = json.dumps(manifest).encode()
            copy.writestr(name, content)
    return changed


def test_no_backup_is_written_while_files_are_missing(archive: Path, tmp_path: Path) -> None:
    files.path_of(IncomingMail.objects.get().raw_id).unlink()
    with pytest.raises(MissingFilesError):
        write_backup(tmp_path / "otra.zip", now=NOW)
    assert not list(tmp_path.glob("*otra.zip*"))


def test_only_its_owner_can_read_a_backup(archive: Path) -> None:
    assert archive.stat().st_mode & 0o077 == 0


def empty() -> None:
    """An installation as new: migrated, without rows."""
    with connection.cursor() as cursor:
        listed = ", ".join(f'"{table}"' for table in tables())
        cursor.execute(f"TRUNCATE {listed} RESTART IDENTITY CASCADE")


def test_the_guards_stand_again_after_a_restore(archive: Path) -> None:
    restore(archive, now=NOW, replace=True)
    with pytest.raises(Exception, match="append-only"), connection.cursor() as cursor:
        cursor.execute("UPDATE foundation_auditentry SET body = 'x'")


def test_nobody_stays_signed_in_over_a_restore(archive: Path) -> None:
    session = SessionStore()
    session["who"] = "somebody"
    session.create()
    restore(archive, now=NOW, replace=True)
    assert not Session.objects.exists()


def test_no_backup_is_written_of_an_altered_file(archive: Path, tmp_path: Path) -> None:
    digest = IncomingMail.objects.get().raw_id
    files.path_of(digest).write_bytes(b"otra cosa")
    with pytest.raises(MissingFilesError, match=digest):
        write_backup(tmp_path / "otra.zip", now=NOW)
    assert not list(tmp_path.glob("*otra.zip*"))


def test_invoice_records_begin_a_new_chain_after_a_restore(tmp_path: Path) -> None:
    make_firm(name="Nodo Alisio")
    declare_program()
    path = tmp_path / "copia.zip"
    write_backup(path, now=NOW)

    restore(path, now=NOW, replace=True, is_same_installation=True)
    assert SpainSettings.objects.get().installation == "INSTALACION-1"
    restore(path, now=NOW, replace=True)

    renewed = SpainSettings.objects.get().installation
    assert (len(renewed), renewed != "INSTALACION-1") == (32, True)
    assert faults() == []
