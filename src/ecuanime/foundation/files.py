"""Files kept once under their SHA-256: raw mail, attachments, PDFs.

A file is written under a temporary name, synced to the disk, and only then linked under its hash, before its row
is committed: a crash leaves at worst an unreferenced file, never a row without its bytes. A file that is forgotten
loses its row first, and its bytes afterwards, while nobody stores or backs up.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.models import ProtectedError

from ecuanime.foundation.models import StoredFile

_HOLD = 4_150_877_312
"""The advisory lock of the data folder: shared by whoever needs its files to stay, alone for whoever removes one."""

WRITERS = 8


def store(content: bytes) -> StoredFile:
    """Keep `content` and return its row; the same bytes are kept once however often they come.

    Raises `OSError` when the disk refuses: nothing is recorded then.
    """
    with transaction.atomic():
        _asked("pg_advisory_xact_lock_shared")
        digest = keep(content)
        row, _ = StoredFile.objects.get_or_create(sha256=digest, defaults={"size": len(content)})
    return row


def store_all(contents: Sequence[bytes]) -> list[StoredFile]:
    """Keep many contents as `store` does and return their rows in the same order; the disk syncs several at a time."""
    if len(contents) == 1:
        return [store(contents[0])]
    with transaction.atomic(), ThreadPoolExecutor(WRITERS) as writers:
        _asked("pg_advisory_xact_lock_shared")
        digests = list(writers.map(keep, contents))
        rows = [StoredFile(sha256=each, size=len(one)) for each, one in zip(digests, contents, strict=True)]
        StoredFile.objects.bulk_create(rows, ignore_conflicts=True)
    return rows


@transaction.atomic
def forget(row: StoredFile) -> None:
    """Give a file up, unless something else still refers to it; a job removes its bytes after the commit."""
    try:
        with transaction.atomic():
            row.delete()
    except ProtectedError:
        return
    # Imported here because the jobs, a door to the floor, stand above what they call.
    from ecuanime.foundation.jobs import remove_file

    remove_file.defer(digest=row.sha256)


@transaction.atomic
def remove(digest: str) -> bool:
    """Remove the bytes of a forgotten file, unless they were stored again; False while all files have to stay."""
    if not _asked("pg_try_advisory_xact_lock"):
        return False
    if not StoredFile.objects.filter(sha256=digest).exists():
        path_of(digest).unlink(missing_ok=True)
    return True


@contextmanager
def standing_still() -> Iterator[None]:
    """No file is removed inside the block: what a snapshot of the database names can all be read."""
    _asked("pg_advisory_lock_shared")
    try:
        yield
    finally:
        _asked("pg_advisory_unlock_shared")


def keep(content: bytes) -> str:
    """Put `content` into the data folder alone, without a row, and return its hash: `store` and a restore use it."""
    digest = hashlib.sha256(content).hexdigest()
    place = path_of(digest)
    if not place.exists() or place.stat().st_size != len(content):
        _write(place, content)
    return digest


def read(digest: str) -> bytes:
    """The bytes kept under `digest`. Raises `FileNotFoundError` when they are gone."""
    return path_of(digest).read_bytes()


def path_of(digest: str) -> Path:
    """Where the bytes of `digest` lie: two levels of folders keep directories small."""
    return Path(settings.ECUANIME_FILES) / digest[:2] / digest[2:4] / digest


def is_whole(digest: str) -> bool:
    """Whether the bytes on disk still have the hash they are kept under."""
    try:
        with path_of(digest).open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == digest
    except FileNotFoundError:
        return False


def _asked(function: str) -> bool:
    """Call one of the database's functions on the folder's lock; those that only wait answer nothing."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [_HOLD])
        answer: bool = cursor.fetchone()[0]
    return answer


def _write(place: Path, content: bytes) -> None:
    _make_folder(place.parent)
    handle, temporary = tempfile.mkstemp(dir=place.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(place)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(place.parent)


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, each known to the disk before anything lies in it."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
