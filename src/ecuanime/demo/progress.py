"""How far the demo is, for the page that waits for it: a note in the cache, which web and worker share."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from enum import StrEnum

from django.core.cache import cache
from django.db import connection

KEY = "demo.progress"
FORGOTTEN_AFTER = 3600


class Stage(StrEnum):
    """Where it stands."""

    ASKED = "asked"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class Progress:
    """The stage, how many of a hundred parts are done, and the code of the refusal if it failed."""

    stage: Stage
    percent: int = 0
    code: str = ""

    @property
    def goes_on(self) -> bool:
        """Whether somebody is at it, or will be."""
        return self.stage in (Stage.ASKED, Stage.RUNNING)


def progress() -> Progress | None:
    """How far it is, or None when nobody has asked for a demo lately."""
    noted = cache.get(KEY)
    return Progress(Stage(noted["stage"]), noted["percent"], noted["code"]) if noted else None


def note_progress(stage: Stage, percent: int = 0, code: str = "") -> None:
    """Write down how far it is."""
    cache.set(KEY, asdict(Progress(stage, percent, code)), FORGOTTEN_AFTER)


class Reporter:
    """Notes progress on a connection of its own: the demo is written in one transaction, which nobody else can see."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool, self._told = pool, -1

    def __call__(self, percent: int) -> None:
        """Note so many of a hundred parts, if they are more than those noted before."""
        if percent > self._told:
            self._told = percent
            self._pool.submit(_note_elsewhere, percent)


@contextmanager
def reporter() -> Iterator[Reporter]:
    """A reporter, for as long as the block lasts."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        yield Reporter(pool)
        pool.submit(connection.close)


def _note_elsewhere(percent: int) -> None:
    note_progress(Stage.RUNNING, percent)
