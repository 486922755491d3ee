"""`ecuanime run` as a person meets it: starts, tells the address, survives kill -9, ends cleanly."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from ecuanime.foundation import embedded

pytestmark = pytest.mark.crash

SETUP_LINK = re.compile(r"http://localhost:\d+(/\S+)")


@pytest.fixture(scope="module")
def installation() -> Iterator[Path]:
    """Whoever comes first starts from nothing, which takes as long as all migrations; the next finds it there."""
    place = Path(tempfile.mkdtemp(prefix="ec-"))
    yield place
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def folder(installation: Path) -> Iterator[Path]:
    yield installation
    for pid in processes_of(installation):
        os.kill(pid, signal.SIGKILL)


def processes_of(folder: Path) -> list[int]:
    """Every process that has a path in this folder in its environment or its command line."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            command = (entry / "cmdline").read_bytes()
            told = command + (entry / "environ").read_bytes()
        except OSError:
            continue
        if command and os.fsencode(folder) in told:
            found.append(int(entry.name))
    return found


class Product:
    """One `ecuanime run` on a port and a data folder of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.data = folder / "data"
        self.log = folder / "log"
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("ECUANIME_", "DATABASE_"))
        }
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "ecuanime.cli", "run"],
                cwd=folder,
                stdout=log,
                stderr=log,
                env={**environment, "ECUANIME_PORT": str(port), "ECUANIME_DATA": str(self.data)},
            )

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_until_it_runs(self) -> str:
        deadline = time.monotonic() + 120
        while "Ctrl-C stops it" not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.1)
        found = SETUP_LINK.findall(self.said())
        return str(found[-1])

    def get(self, path: str) -> int:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers={"Host": "localhost"})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def test_starts_survives_kill_of_everything_and_ends_cleanly(folder: Path) -> None:
    port = free_port()
    first = Product(folder, port)
    link = first.wait_until_it_runs()
    assert len(link) > 20
    assert first.get(link) == 200
    with psycopg.connect(embedded.url(first.data)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS number")
    for pid in processes_of(folder):
        os.kill(pid, signal.SIGKILL)
    first.process.wait()

    second = Product(folder, port)
    second.wait_until_it_runs()
    with psycopg.connect(embedded.url(second.data)) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (42,)
    second.process.send_signal(signal.SIGINT)
    assert second.process.wait(timeout=40) == 0
    assert processes_of(folder) == []
    assert "stopped" in second.said()


def test_nothing_is_left_when_only_the_supervisor_is_killed(folder: Path) -> None:
    product = Product(folder, free_port())
    product.wait_until_it_runs()
    product.process.kill()
    product.process.wait()
    deadline = time.monotonic() + 30
    while processes_of(folder) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert processes_of(folder) == []
