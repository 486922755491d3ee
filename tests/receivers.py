"""Services that take pushes on this machine: one that does, and those that do not."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from ecuanime.accounts.models import User
from ecuanime.notices.actions import add_target
from ecuanime.notices.notifiers.apprise import sending
from tests.factories import NOW
from tests.serving import Reply, served

UNGUARDED = "tests.rooms.notices.unguarded"
HANGS_SECONDS = 3


@dataclass
class Receiver:
    """Where it listens, and what was handed over to it."""

    url: str
    got: list[str] = field(default_factory=list)

    def reaches(self, person: User) -> None:
        """Let somebody be told there."""
        add_target(user=person, name="Móvil", url=self.url, now=NOW)


@contextmanager
def receiver(kind: str) -> Iterator[Receiver]:
    """A service that takes what comes (`well`), says 500 (`broken`), never answers (`hanging`), or is `dead`."""
    got: list[str] = []
    over = threading.Event()

    def answering(_request: object, said: bytes) -> Reply | None:
        if kind == "hanging":
            over.wait(HANGS_SECONDS)
            return None
        if kind == "well":
            got.append(json.loads(said)["message"])
        return Reply(200 if kind == "well" else 500)

    with served(answering) as port:
        # Apprise gives a service so many seconds to be reached and to answer.
        known = Receiver(f"json://127.0.0.1:{port}/?cto=1&rto=1", got)
        if kind != "dead":
            yield known
            over.set()
    if kind == "dead":
        yield known


def without_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pushes of this test reach this machine."""
    monkeypatch.setattr(sending, "_CHILD", UNGUARDED)
