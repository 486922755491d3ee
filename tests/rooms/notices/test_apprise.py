"""The guarded process: a real Apprise, which reaches nothing of our own network."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

pytest.importorskip("apprise")
SOURCE = str(Path(__file__).parents[3] / "src")
CHILD = "ecuanime.notices.notifiers.apprise.child"


@pytest.fixture
def inside() -> Iterator[tuple[int, list[str]]]:
    """A service on this machine: its port, and what reached it."""
    reached: list[str] = []

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            reached.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, reached
    server.shutdown()
    server.server_close()


def handed_over(url: str, *, before: str = "") -> str:
    """What the process answers; `before` runs in it first."""
    code = f"import {CHILD} as child\n{before}\nprint(child.main())"
    environment = {"PYTHONPATH": SOURCE, "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps({"url": url, "title": "Hola", "text": "Qué tal"}),
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        timeout=60,
    )
    return done.stdout.strip().rpartition("\n")[2]


def test_nothing_of_our_own_network_is_reached(inside: tuple[int, list[str]]) -> None:
    port, reached = inside
    for host in ("127.0.0.1", "localhost", "0.0.0.0"):  # an address to refuse, nothing is bound
        assert handed_over(f"json://{host}:{port}/") == "refused"
    assert reached == []
    control = handed_over(f"json://127.0.0.1:{port}/", before="child.is_public = lambda address: True")
    assert control == "sent", "without the guard it arrives: the guard is what stops it"
    assert json.loads(reached[0])["message"] == "Qué tal"


def test_an_address_that_is_none_is_said_so() -> None:
    assert handed_over("tgram://nada") == "unusable"
