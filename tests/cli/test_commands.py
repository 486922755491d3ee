"""The `ecuanime` command: what it says, what it returns, and how it refuses."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from importlib import import_module
from pathlib import Path

import pytest

from ecuanime import __version__
from ecuanime.cli import COMMANDS, MODULES, WRONG_CONFIGURATION, database, main, web
from ecuanime.foundation import environment
from ecuanime.foundation.environment import ConfigurationError


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_a_module_with_its_two_functions(name: str) -> None:
    module = import_module(f"ecuanime.cli.{MODULES.get(name, name)}")
    assert module.__doc__
    assert callable(module.add_arguments)
    assert callable(module.run)


def test_without_a_command_it_lists_them_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    said = capsys.readouterr().out
    assert all(name in said and says in said for name, says in COMMANDS.items())


def test_an_unknown_command_is_refused() -> None:
    with pytest.raises(SystemExit) as refused:
        main(["nonsense"])
    assert refused.value.code == 2


def test_version_needs_no_database(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["version"]) == 0
    assert __version__ in capsys.readouterr().out


def test_the_command_starts_without_django() -> None:
    program = "import sys, ecuanime.cli.run; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_taken_port_is_one_line_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setenv("ECUANIME_PORT", str(port))
        monkeypatch.setenv("ECUANIME_DATA", str(tmp_path / "data"))
        monkeypatch.setattr(web, "RELEASE_SECONDS", 0)
        assert main(["run"]) == WRONG_CONFIGURATION
    said = capsys.readouterr().err
    assert said.startswith(f"ecuanime: Port {port} is taken by another program")
    assert said.count("\n") == 1
    assert not (tmp_path / "data").exists()


def test_a_port_that_is_let_go_in_a_moment_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    other = socket.create_server(("127.0.0.1", 0))
    monkeypatch.setenv("ECUANIME_PORT", str(other.getsockname()[1]))
    monkeypatch.setattr(web, "RELEASE_SECONDS", 30)
    letting_go = threading.Timer(0.3, other.close)
    letting_go.start()
    with web.listening_socket() as bound:
        assert bound.getsockname() == ("127.0.0.1", environment.port())
    letting_go.join()


def test_a_database_that_does_not_answer_is_said_without_its_password() -> None:
    with pytest.raises(ConfigurationError) as refused:
        database.check_server("postgresql://ana:s3creto@127.0.0.1:1/firma")
    said = str(refused.value)
    assert said.startswith("Cannot connect to the database at 127.0.0.1:1/firma:")
    assert "s3creto" not in said


class Answer:
    """What psycopg tells about a server, as far as the check asks."""

    def __init__(self, version: int, encoding: str) -> None:
        self.server_version = version
        self.info = self
        self.encoding = encoding

    def parameter_status(self, name: str) -> str:
        return {"server_encoding": self.encoding}[name]

    def __enter__(self) -> Answer:
        return self

    def __exit__(self, *error: object) -> None:
        pass


@pytest.mark.parametrize(
    ("version", "encoding", "says"),
    [(140012, "UTF8", "is PostgreSQL 14: 15 or newer"), (150000, "SQL_ASCII", "encoded in SQL_ASCII")],
)
def test_a_server_too_old_or_without_utf8_is_refused(
    version: int, encoding: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("psycopg.connect", lambda *_, **__: Answer(version, encoding))
    with pytest.raises(ConfigurationError, match=says):
        database.check_server("postgresql://db.example/firma")


def test_a_server_that_fits_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("psycopg.connect", lambda *_, **__: Answer(150004, "UTF8"))
    database.check_server("postgresql://db.example/firma")
