"""Rounds: regular work on every row whose time has come. Each row fails alone, and somebody hears of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish

T = TypeVar("T")
R = TypeVar("R")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class RowsLeftDue:
    """A round could not do `count` rows, which stay due: the first of them, why, and the page where it is seen."""

    work: str
    count: int
    row: str
    fault: str
    url: str


def work_through(rows: Iterable[T], act: Callable[[T], R], *, work: str, page: Callable[[T], str]) -> list[R]:
    """What `act` gave for each row, in their order, without those that failed: these are logged and stay due.

    `act` is atomic by itself and known to be repeatable: the next round takes up what is still due. `work` names the
    round in English, marked for translation; administrators are told of it, with the `page` of the first that failed.
    """
    done: list[R] = []
    failed: list[tuple[T, Exception]] = []
    for row in rows:
        try:
            done.append(act(row))
        except Exception as fault:
            logger.exception("%s: %s failed; it stays due", work, row)
            failed.append((row, fault))
    if failed:
        first, why = failed[0]
        publish(RowsLeftDue(work, len(failed), str(first), _said(why), page(first)))
    return done


def _said(fault: Exception) -> str:
    return str(fault) if isinstance(fault, Refused) else f"{type(fault).__name__}: {fault}"
