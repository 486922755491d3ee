"""Several acts at the same moment, each on a connection of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from time import monotonic, sleep
from typing import TypeVar

from django.db import IntegrityError, OperationalError, connections

from ecuanime.foundation.errors import Refused

SECONDS = 90  # how long anyone waits for the others, or for room on a server that is busy with other tests

T = TypeVar("T")


def at_once(
    acts: Sequence[Callable[[], T]], *, failures: tuple[type[Exception], ...] = (Refused, IntegrityError)
) -> list[T | Exception]:
    """Do all of it at the same moment; what each gave, or the one of `failures` for which it could not."""
    start = Barrier(len(acts), timeout=SECONDS)

    def run(act: Callable[[], T]) -> T | Exception:
        with own_connection():
            start.wait()
            try:
                return act()
            except failures as failure:
                return failure

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@contextmanager
def own_connection() -> Iterator[None]:
    """A connection outside the pool, which has fewer than a race needs; closed at the end."""
    own = connections["default"]
    own.settings_dict = {**own.settings_dict, "OPTIONS": {**own.settings_dict["OPTIONS"], "pool": False}}
    until = monotonic() + SECONDS
    while True:
        try:
            own.ensure_connection()
            break
        except OperationalError as error:
            if "too many clients" not in str(error) or monotonic() > until:
                raise
            sleep(0.2)
    try:
        yield
    finally:
        own.close()
