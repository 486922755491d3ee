"""The trace in words: each code and its figures as a step that a person can follow, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Told:
    """One step of the why: what the tape shows. `text`, `value` and `note` are finished words."""

    text: str
    value: str
    note: str = ""
    is_sum: bool = False


@dataclass(frozen=True)
class Names:
    """What ids and codes in traces are called: lots by id, work types by code; and the zone that times are told in."""

    lots: Mapping[int, str]
    work_types: Mapping[str, str]
    zone: str = "UTC"


def names_for(traces: Iterable[Sequence[Mapping[str, Any]]], *, zone: str) -> Names:
    """The names that these traces need, in a constant number of queries."""
    raise NotImplementedError


def tell(trace: Sequence[Mapping[str, Any]], names: Names, *, entry_id: int | None = None) -> list[Told]:
    """The steps of one entry's trace; of a trace of several entries, those of `entry_id` and of its rounding group."""
    raise NotImplementedError
