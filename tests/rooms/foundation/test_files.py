"""Files are kept once, under their hash, in folders that the disk knows of before the row is committed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.test import override_settings

from ecuanime.foundation import files


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path) -> object:
    with override_settings(ECUANIME_FILES=tmp_path / "files"):
        yield


def test_each_new_folder_is_synced_where_it_hangs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(files, "_sync_folder", synced.append)
    digest = files.keep(b"hola")
    place = files.path_of(digest)
    assert synced == [tmp_path, tmp_path / "files", place.parent.parent, place.parent]
    files.keep(b"hola")
    assert len(synced) == 4, "what is there is left alone"


def test_half_a_file_is_written_again() -> None:
    digest = files.keep(b"hola")
    files.path_of(digest).write_bytes(b"ho")
    assert not files.is_whole(digest)
    assert files.keep(b"hola") == digest
    assert files.read(digest) == b"hola"


def test_a_disk_that_refuses_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def full(_handle: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", full)
    (tmp_path / "files").mkdir()
    with pytest.raises(OSError, match="no space"):
        files.keep(b"hola")
    assert not [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
