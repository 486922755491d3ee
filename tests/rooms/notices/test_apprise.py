"""The guarded process: a real Apprise, which reaches nothing of our own network."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving import Reply, served

pytest.importorskip("apprise")
SOURCE = str(Path(__file__).parents[3] / "src")
CHILD = "ecuanime.notices.notifiers.apprise.child"


@pytest.fixture
def inside() -> Iterator[tuple[int, list[str]]]:
    """A service on this machine: its port, and what reached it."""
    reached: list[str] = []

    def answering(_request: object, content: bytes) -> Reply:
        reached.append(content.decode())
        return Reply(200)

    with served(answering) as port:
        yield port, reached


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
