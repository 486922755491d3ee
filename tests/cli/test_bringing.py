"""`ecuanime import`: what it says and what it leaves behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ecuanime.cli import bringing, main
from ecuanime.clients.models import Client
from ecuanime.imports.kinds import KINDS
from tests.factories import make_firm
from tests.rooms.imports.files import csv_of, make_administrator

pytestmark = pytest.mark.django_db


@contextmanager
def at_hand() -> Iterator[None]:
    """The database of the tests, in place of the command's own."""
    yield


@pytest.fixture(autouse=True)
def own_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bringing, "database", at_hand)
    make_firm(country="ES")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Two clients, one of them with a wrong tax id."""
    place = tmp_path / "clientes.csv"
    place.write_bytes(csv_of(("Nombre", "NIF"), ("Óptica", "B12345674"), ("Ibai", "B12345675")))
    return place


def test_a_file_is_tried_corrected_and_brought(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_administrator()
    assert main(["import", "clients", str(file)]) == 1
    said = capsys.readouterr().out
    assert "row 3: " in said
    assert "1 new, 0 already here, 1 wrong" in said
    assert not Client.objects.exists()
    file.write_bytes(file.read_bytes().replace(b"B12345675", b""))
    assert main(["import", "clients", str(file), "--dry-run"]) == 0
    assert not Client.objects.exists()
    assert main(["import", "clients", str(file)]) == 0
    assert Client.objects.count() == 2
    assert main(["import", "clients", str(file)]) == 0
    assert Client.objects.count() == 2


def test_it_wants_to_know_who_brings_it(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "clients", str(file)]) == 78
    first, _second = make_administrator(), make_administrator()
    assert main(["import", "clients", str(file)]) == 78
    assert "--as ADDRESS" in capsys.readouterr().err
    assert main(["import", "clients", str(file), "--as", first.email, "--dry-run"]) == 1
    assert main(["import", "clients", str(file.with_name("no.csv"))]) == 78


def test_it_knows_every_kind() -> None:
    assert tuple(KINDS) == bringing.KINDS
