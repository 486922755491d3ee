"""Files kept once under their SHA-256: raw mail, attachments, PDFs.

A file is written under a temporary name, synced to the disk, and only then linked under its hash, before its row
is committed: a crash leaves at worst an unreferenced file, never a row without its bytes.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings

from ecuanime.foundation.models import StoredFile


def store(content: bytes) -> StoredFile:
    """Keep `content` and return its row; the same bytes are kept once however often they come.

    Raises `OSError` when the disk refuses: nothing is recorded then.
    """
    digest = keep(content)
    row, _ = StoredFile.objects.get_or_create(sha256=digest, defaults={"size": len(content)})
    return row


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
