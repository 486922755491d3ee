"""All rows of a file, one after the other: rehearsed and taken back, or written for good.

A rehearsal does what bringing does, in a transaction that is rolled back: so it foresees exactly what would happen,
rows that depend on earlier rows included.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ecuanime.accounts.models import User
from ecuanime.foundation.errors import Refused
from ecuanime.imports.columns import values_of
from ecuanime.imports.kinds import KINDS, Given, Made
from ecuanime.imports.models import Import, ImportRow
from ecuanime.imports.origins import hold_clients
from ecuanime.imports.reading.sheet import Row

Outcome = ImportRow.Outcome
LONGEST_WORDS = 600


@dataclass(frozen=True)
class Result:
    """What came of a row."""

    row: Row
    outcome: Outcome
    words: str
    code: str = ""


class Spoilt(Exception):
    """Some rows could not be written, so none was; `results` says what came of each."""

    def __init__(self, results: list[Result]) -> None:
        super().__init__()
        self.results = results


@transaction.atomic
def rehearse(file: Import, rows: Sequence[Row], *, now: datetime) -> list[Result]:
    """What each row would do; nothing of it is kept."""
    results = _all(file, rows, now)
    transaction.set_rollback(True)
    return results


@transaction.atomic
def write_all(file: Import, rows: Sequence[Row], *, now: datetime) -> list[Result]:
    """Write every row, or raise `Spoilt` and have written none."""
    results = _all(file, rows, now)
    if any(result.outcome == Outcome.WRONG for result in results):
        raise Spoilt(results)
    return results


def _all(file: Import, rows: Sequence[Row], now: datetime) -> list[Result]:
    if KINDS[file.kind].holds_clients:
        place = file.columns["client"]
        hold_clients(row.cells[place] for row in rows)
    seen: Counter[str] = Counter()
    return [_one(file, row, _mark(row, seen), file.stored_by, now) for row in rows]


def _one(file: Import, row: Row, mark: str, by: User, now: datetime) -> Result:
    kind = KINDS[file.kind]
    try:
        with transaction.atomic():
            said = values_of(kind.fields, file.columns, row.cells)
            made: Made = kind.bring(Given(said, mark=mark, by=by, now=now))
    except Refused as refusal:
        return Result(row, Outcome.WRONG, str(refusal)[:LONGEST_WORDS], refusal.code[:40])
    return Result(row, Outcome.NEW if made.is_new else Outcome.KNOWN, made.words[:LONGEST_WORDS])


def _mark(row: Row, seen: Counter[str]) -> str:
    """A hash of what the row says, and the how-many-eth of those that say the same it is."""
    said = hashlib.sha256(json.dumps(row.cells).encode()).hexdigest()[:32]
    seen[said] += 1
    return f"{said}:{seen[said]}"
