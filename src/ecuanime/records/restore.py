"""Restore: everything of an archive, checked before anything is touched, into an empty or a replaced database."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from ecuanime.billing.actions import renew_installation
from ecuanime.foundation import environment, files
from ecuanime.foundation.witness import forget_sightings
from ecuanime.records.archive import DamagedError, Manifest, faults, opened, read_manifest, secret_member
from ecuanime.records.tables import advance_sequences, copy_in, set_triggers, tables
from ecuanime.staff.queries import current_firm


class CannotRestoreError(Exception):
    """Why this archive may not be restored here; the message says what to do. Nothing was changed."""


def check_archive(path: Path) -> Manifest:
    """The archive's manifest, once every member has the hash it should have.

    Raises `DamagedError` naming the first faults, and `OSError` when the file cannot be opened.
    """
    with opened(path) as archive:
        manifest = read_manifest(archive)
        found = list(faults(archive, manifest))
    if found:
        more = f", and {len(found) - 3} more" if len(found) > 3 else ""
        raise DamagedError("; ".join(found[:3]) + more)
    return manifest


def restore(
    path: Path, *, now: datetime, replace: bool = False, is_same_installation: bool = False
) -> Manifest:
    """Bring the archive back: files first, then tables, rows and secrets in one transaction.

    Needs a database without a firm, or `replace`. The tables are emptied, taken to where the archive's were and loaded;
    then they are migrated on to this version, which the next start goes on with should it fail. Spain's invoice
    records begin a new chain afterwards, unless nothing was issued since the backup and the installation stays the
    same one.
    Raises `CannotRestoreError` and `DamagedError`, having changed nothing.
    """
    manifest = check_archive(path)
    _refuse(manifest, replace=replace)
    with opened(path) as archive:
        for name in manifest.hashes:
            if name.startswith("files/"):
                files.keep(archive.read(name))
        if not tables():
            _migrate_to(_targets(manifest))
        with transaction.atomic():
            # Newer rows may not fit the older tables, and are to go anyway.
            _empty(tables())
            _migrate_to(_targets(manifest))
            _load(archive, manifest)
            _write_secrets(archive, now)
        forget_sightings()
        call_command("migrate", interactive=False, verbosity=0)
    if not is_same_installation:
        renew_installation(now=now)
    return manifest


def _refuse(manifest: Manifest, *, replace: bool) -> None:
    firm = current_firm() if "staff_firm" in connection.introspection.table_names() else None
    if firm is not None and not replace:
        raise CannotRestoreError(
            f"The database already holds {firm.name}. Restore into an empty data folder, or add --replace to "
            "overwrite it."
        )
    _targets(manifest)
    if others := _other_connections():
        raise CannotRestoreError(f"{others} other connections use the database: stop `ecuanime run` first.")


def _other_connections() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend' AND application_name <> %s",
            [connection.settings_dict["OPTIONS"]["application_name"]],
        )
        (count,) = cursor.fetchone() or (0,)
    return int(count)


def _targets(manifest: Manifest) -> dict[str, str]:
    """Apps of the archive in an order in which each can be migrated to where it was.

    Where several of its migrations were folded into one since, that one stands for the last of them.
    """
    graph = MigrationLoader(connection).graph
    folded = {old: name for (_app, name), each in graph.nodes.items() for old in each.replaces[-1:]}
    targets = {}
    for app, name in sorted(manifest.migrations.items()):
        target = name if (app, name) in graph.nodes else folded.get((app, name))
        if target is None:
            raise CannotRestoreError(
                f"The backup was made by version {manifest.product} and knows {app}.{name}, which this version does "
                "not: install that version or a newer one."
            )
        targets[app] = target
    return targets


def _migrate_to(targets: Mapping[str, str]) -> None:
    """Bring the tables to where the archive's were; each app that stands there already is passed over."""
    executor = MigrationExecutor(connection)
    for target in targets.items():
        if executor.migration_plan([target]):
            call_command("migrate", *target, interactive=False, verbosity=0)
            executor = MigrationExecutor(connection)


def _empty(names: list[str]) -> None:
    """Delete every row. Foreign keys are asked at once from here on: a table of open questions cannot be changed."""
    set_triggers(names, enabled=False)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        listed = sql.SQL(", ").join(sql.Identifier(table) for table in names)
        cursor.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(listed))
    set_triggers(names, enabled=True)


def _load(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    here = set(tables())
    names = [table for table in manifest.rows if table in here]
    gone = [table for table in manifest.rows if table not in here and manifest.rows[table]]
    if gone:
        raise CannotRestoreError(f"This version has no place for the table {gone[0]}.")
    _empty(sorted(here))
    set_triggers(here, enabled=False)
    with connection.cursor() as cursor:
        # Tables are loaded in the order of their names, not of what points where.
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    for table in names:
        loaded = copy_in(table, manifest.columns[table], archive)
        if loaded != manifest.rows[table]:
            raise DamagedError(f"{table} holds {loaded} rows instead of {manifest.rows[table]}")
    with connection.cursor() as cursor:
        # What a worker was at when the picture was taken is done again here.
        cursor.execute("UPDATE procrastinate_jobs SET status = 'todo' WHERE status = 'doing'")
        # Nobody stays signed in over a restore, and nothing kept for speed speaks of what was here before.
        cursor.execute("DELETE FROM django_session")
        cursor.execute("DELETE FROM foundation_cache")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    set_triggers(here, enabled=True)
    advance_sequences(names)


def _write_secrets(archive: zipfile.ZipFile, now: datetime) -> None:
    """Put the archive's secrets in place; the ones that were here stay beside them under the day's name."""
    folder = environment.make_private_folder(environment.data_folder() / "secrets")
    for name in environment.SECRET_NAMES:
        secret = archive.read(secret_member(name)).decode()
        place = folder / name
        if environment.secret(name) == secret:
            continue
        if place.exists():
            place.rename(folder / f"{name}.before-{now:%Y%m%dT%H%M%S}")
        descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secret + "\n")
            stream.flush()
            os.fsync(stream.fileno())
