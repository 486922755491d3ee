"""Backup: one consistent picture of the database, every file it names, and the secrets, in one archive."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from ecuanime import __version__
from ecuanime.foundation import environment, files
from ecuanime.foundation.models import StoredFile
from ecuanime.records.archive import (
    CHUNK,
    MANIFEST,
    HashingMember,
    Manifest,
    file_member,
    secret_member,
    table_member,
)
from ecuanime.records.tables import columns, copy_out, tables
from ecuanime.staff.queries import current_firm

Progress = Callable[[str, int, int], None]


class MissingFilesError(Exception):
    """Files that the database names are not in the data folder, or altered there; the message says which."""


def write_backup(
    path: Path, *, now: datetime, progress: Progress = lambda what, done, total: None
) -> Manifest:
    """Write an archive at `path`, readable by its owner alone, while the product goes on working.

    Files never change once stored, and none is removed meanwhile, so those that the snapshot names are all there. The
    archive appears under its name only when it is whole and on the disk. Raises `MissingFilesError`, and `OSError`
    when it cannot be written.
    """
    with files.standing_still():
        return _write_snapshot(path, now, progress)


@transaction.atomic
def _write_snapshot(path: Path, now: datetime, progress: Progress) -> Manifest:
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    firm = current_firm()
    manifest = Manifest(__version__, now.isoformat(), firm.name if firm else "", _migrations())
    digests = list(StoredFile.objects.order_by("sha256").values_list("sha256", flat=True))
    _refuse_missing(digests)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with (
            os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream,
            zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive,
        ):
            _write_tables(archive, manifest, progress)
            _write_files(archive, manifest, digests, progress)
            for name in environment.SECRET_NAMES:
                _write(archive, manifest, secret_member(name), environment.secret(name).encode())
            archive.writestr(MANIFEST, manifest.written())
            archive.close()
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _write_tables(archive: zipfile.ZipFile, manifest: Manifest, progress: Progress) -> None:
    names = tables()
    for number, table in enumerate(names, start=1):
        manifest.columns[table] = columns(table)
        with archive.open(table_member(table), "w", force_zip64=True) as stream:
            member = HashingMember(stream)
            manifest.rows[table] = copy_out(table, manifest.columns[table], member)
        manifest.hashes[table_member(table)] = member.sum.hexdigest()
        progress("tables", number, len(names))


def _write_files(
    archive: zipfile.ZipFile, manifest: Manifest, digests: list[str], progress: Progress
) -> None:
    for number, digest in enumerate(digests, start=1):
        with (
            archive.open(file_member(digest), "w", force_zip64=True) as stream,
            files.path_of(digest).open("rb") as source,
        ):
            member = HashingMember(stream)
            while block := source.read(CHUNK):
                member.write(block)
        if member.sum.hexdigest() != digest:
            raise MissingFilesError(f"the stored file {digest} was altered")
        manifest.hashes[file_member(digest)] = digest
        progress("files", number, len(digests))


def _write(archive: zipfile.ZipFile, manifest: Manifest, name: str, content: bytes) -> None:
    with archive.open(name, "w") as stream:
        member = HashingMember(stream)
        member.write(content)
    manifest.hashes[name] = member.sum.hexdigest()


def _migrations() -> dict[str, str]:
    """The last migration applied of each app, of those that this version has: others were folded into them."""
    loader = MigrationLoader(connection)
    applied = sorted(loader.applied_migrations.keys() & loader.disk_migrations.keys())
    return dict(applied)


def _refuse_missing(digests: list[str]) -> None:
    missing = [digest for digest in digests if not files.path_of(digest).exists()]
    if missing:
        raise MissingFilesError(f"{len(missing)} stored files are missing, the first is {missing[0]}")
