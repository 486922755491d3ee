"""Settings from the environment and the `.env` file."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from ecuanime.foundation import environment
from ecuanime.foundation.environment import ConfigurationError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ECUANIME_DATA", str(tmp_path / "data"))
    for name in environment.SECRET_NAMES:
        monkeypatch.delenv(f"ECUANIME_{name.upper()}", raising=False)
    return tmp_path / "data"


def test_env_file_reads_names_quotes_comments_and_export(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("# a comment\n\nA=1\nexport B = 'two words' \nC=\"#3\"\nD=4 # four\nE=a=b\nF=\n")
    found = environment.read_env_file(path)
    assert found == {"A": "1", "B": "two words", "C": "#3", "D": "4", "E": "a=b", "F": ""}


def test_env_file_that_does_not_exist_is_empty(tmp_path: Path) -> None:
    assert environment.read_env_file(tmp_path / ".env") == {}


def test_env_file_with_a_line_that_is_no_setting_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("A=1\nnonsense\n")
    with pytest.raises(ConfigurationError, match="line 2"):
        environment.read_env_file(path)


def test_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "settings"
    path.write_text("ECUANIME_PORT=1234\nECUANIME_WEB_WORKERS=3\n")
    monkeypatch.setenv(environment.ENV_FILE_VARIABLE, str(path))
    monkeypatch.setenv("ECUANIME_PORT", "4321")
    assert (environment.port(), environment.web_workers(), environment.worker_processes()) == (4321, 3, 1)


@pytest.mark.parametrize("value", ["0", "65536", "http", "-1", "8000.5"])
def test_port_out_of_bounds_says_what_to_write(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECUANIME_PORT", value)
    with pytest.raises(ConfigurationError, match="whole number from 1 to 65535"):
        environment.port()


def test_flags_are_words_and_anything_else_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for value, meaning in {"1": True, "Yes": True, "off": False, "": False}.items():
        monkeypatch.setenv("ECUANIME_DEBUG", value)
        assert environment.debug() is meaning
    monkeypatch.setenv("ECUANIME_DEBUG", "maybe")
    with pytest.raises(ConfigurationError, match="ECUANIME_DEBUG"):
        environment.debug()


def test_public_address_decides_about_https_and_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECUANIME_URL", "https://soporte.example.com/")
    assert environment.public_url() == "https://soporte.example.com"
    assert environment.served_over_https()
    assert "soporte.example.com" in environment.allowed_hosts()


@pytest.mark.parametrize("value", ["soporte.example.com", "ftp://x", "https://x/path"])
def test_public_address_that_is_none_is_refused(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECUANIME_URL", value)
    with pytest.raises(ConfigurationError, match="ECUANIME_URL"):
        environment.public_url()


def test_database_url_becomes_django_s_entry() -> None:
    entry = environment.django_database("postgresql://ana:s%40creto@db.example:5433/firma?sslmode=require")
    assert (entry["USER"], entry["PASSWORD"], entry["HOST"], entry["PORT"], entry["NAME"]) == (
        "ana", "s@creto", "db.example", "5433", "firma",
    )  # fmt: skip
    assert entry["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize("url", ["mysql://x/y", "postgresql://host", "postgresql://h/n?nosuchoption=1"])
def test_database_url_that_cannot_be_used_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="DATABASE_URL"):
        environment.django_database(url)


def test_secrets_are_made_once_private_and_different(folder: Path) -> None:
    made = {name: environment.secret(name) for name in environment.SECRET_NAMES}
    assert made == {name: environment.secret(name) for name in environment.SECRET_NAMES}
    assert len(set(made.values())) == 3
    for name in environment.SECRET_NAMES:
        assert stat.S_IMODE((folder / "secrets" / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert sorted(path.name for path in (folder / "secrets").iterdir()) == sorted(environment.SECRET_NAMES)


def test_a_lost_secret_is_not_replaced_once_there_is_a_database(folder: Path) -> None:
    environment.secret("encryption_key")
    (folder / "postgres").mkdir()
    (folder / "secrets" / "encryption_key").unlink()
    with pytest.raises(ConfigurationError, match="encryption_key is gone: put it back"):
        environment.secret("encryption_key")
    assert not (folder / "secrets" / "encryption_key").exists()


def test_a_data_folder_that_cannot_be_made_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ECUANIME_DATA", str(tmp_path / "file" / "data"))
    with pytest.raises(ConfigurationError, match="set ECUANIME_DATA to a folder this user may write"):
        environment.make_private_folder(environment.data_folder())
