"""Two people edit the sections of one report: each changes other sections, or the second one is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Merged:
    """The sections after a change, and those that both have changed since `seen`, which are left as the other says."""

    texts: Mapping[str, str]
    conflicts: tuple[str, ...]


def merge(seen: Mapping[str, str], now: Mapping[str, str], mine: Mapping[str, str]) -> Merged:
    """Take what `mine` changes of what was `seen` into what stands `now`.

    A section left out of `mine` is not changed; one that both changed to the same words is no conflict.
    """
    changed = {name: text for name, text in mine.items() if text != seen.get(name, "")}
    conflicts = tuple(
        name
        for name, text in changed.items()
        if now.get(name, "") != seen.get(name, "") and now.get(name, "") != text
    )
    return Merged(
        dict(now) | {name: text for name, text in changed.items() if name not in conflicts}, conflicts
    )
