"""How much is given back for promises that were not kept: so much for each, up to what the terms give in a month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Breach:
    """A broken promise: by which terms, and the minutes these give for it and at most in a month (0: no limit)."""

    terms: int
    minutes: int
    most_minutes: int


def credit_shares(breaches: Iterable[Breach]) -> list[int]:
    """The minutes for each broken promise of a month, in their order; what goes beyond the most is not given."""
    used: dict[int, int] = {}
    shares = []
    for breach in breaches:
        before = used.get(breach.terms, 0)
        left = breach.most_minutes - before if breach.most_minutes else breach.minutes
        share = max(0, min(breach.minutes, left))
        used[breach.terms] = before + share
        shares.append(share)
    return shares
