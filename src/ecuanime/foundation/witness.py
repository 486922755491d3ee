"""The audit trail's witness: its newest entry as the worker saw it, written down in the data folder.

The chain proves that nothing before its end was changed, not that its end is still there. Whoever cuts entries off in
the database contradicts this file; it follows the chain forward and never back.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from ecuanime.foundation.models import AuditEntry

NAME = "audit-witness.json"


@dataclass(frozen=True)
class Sighting:
    """An entry of the chain: its number, from 1, and its hash."""

    sequence: int
    hash: str


def last_sighting() -> Sighting | None:
    """What was written down last; None when nothing was yet."""
    try:
        return Sighting(**json.loads(_place().read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def note_end_of_trail() -> None:
    """Write down the newest entry, unless the chain no longer holds the one noted before: then that stays as proof."""
    newest = AuditEntry.objects.filter(sequence__isnull=False).order_by("-sequence").first()
    if newest is None or list(cut_off()):
        return
    draft = _place().with_suffix(".new")
    with draft.open("w", encoding="utf-8") as stream:
        json.dump(asdict(Sighting(newest.sequence or 0, newest.hash)), stream)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(_place())


def cut_off() -> Iterator[str]:
    """What the chain has lost since the last sighting, in words; nothing when it still holds that entry."""
    seen = last_sighting()
    if seen and not AuditEntry.objects.filter(sequence=seen.sequence, hash=seen.hash).exists():
        yield f"audit entry {seen.sequence}, noted in {_place().name}, is no longer in the trail"


def forget_sightings() -> None:
    """Begin anew: the database was replaced on purpose."""
    _place().unlink(missing_ok=True)


def _place() -> Path:
    return Path(settings.ECUANIME_DATA) / NAME
