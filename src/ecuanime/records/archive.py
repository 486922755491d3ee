"""The form of a backup: a ZIP with every table, every file, the secrets, and a manifest with a hash of each.

Nothing in it depends on the version of PostgreSQL: tables are text as COPY writes it, and the manifest names the
migrations they were made with.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

MANIFEST = "manifest.json"
FORMAT = 1
CHUNK = 1024 * 1024


class DamagedError(Exception):
    """The archive is not whole; the message names what is missing or altered."""


@dataclass
class Manifest:
    """What the archive holds: who made it, the migrations its tables are at, row counts, and a SHA-256 by member."""

    product: str
    made_at: str
    firm: str
    migrations: dict[str, str]
    rows: dict[str, int] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    def written(self) -> str:
        """The manifest as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)


def table_member(table: str) -> str:
    """Where a table lies in the archive."""
    return f"tables/{table}.copy"


def file_member(digest: str) -> str:
    """Where a stored file lies in the archive."""
    return f"files/{digest}"


def secret_member(name: str) -> str:
    """Where a secret lies in the archive."""
    return f"secrets/{name}"


class HashingMember:
    """A member of the archive being written, hashed on the way."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.sum = hashlib.sha256()

    def write(self, data: bytes | memoryview) -> None:
        """Append to the member."""
        self.stream.write(data)
        self.sum.update(data)


def read_manifest(archive: zipfile.ZipFile) -> Manifest:
    """The manifest of an archive. Raises `DamagedError` when there is none that this version understands."""
    try:
        values: dict[str, Any] = json.loads(archive.read(MANIFEST))
        manifest = Manifest(**values)
    except (KeyError, ValueError, TypeError) as error:
        raise DamagedError(
            "it has no readable manifest: it is no backup of Ecuánime, or it was cut short"
        ) from error
    if manifest.format != FORMAT:
        raise DamagedError(
            f"it has form {manifest.format}, which this version does not know: use a newer version"
        )
    return manifest


def faults(archive: zipfile.ZipFile, manifest: Manifest) -> Iterator[str]:
    """What is missing or altered in an archive, member by member; nothing when it is whole."""
    present = set(archive.namelist()) - {MANIFEST}
    for name in sorted(manifest.hashes.keys() - present):
        yield f"{name} is missing"
    for name in sorted(present - manifest.hashes.keys()):
        yield f"{name} does not belong to it"
    for name in sorted(present & manifest.hashes.keys()):
        try:
            if _hash_of(archive, name) != manifest.hashes[name]:
                yield f"{name} was altered"
        except (zipfile.BadZipFile, EOFError, OSError) as error:
            yield f"{name} cannot be read ({error})"


def opened(path: Path) -> zipfile.ZipFile:
    """The archive at `path`. Raises `DamagedError` when it is no ZIP; `OSError` when it cannot be opened."""
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise DamagedError("it is no archive, or it was cut short") from error


def _hash_of(archive: zipfile.ZipFile, name: str) -> str:
    total = hashlib.sha256()
    with archive.open(name) as stream:
        while chunk := stream.read(CHUNK):
            total.update(chunk)
    return total.hexdigest()
