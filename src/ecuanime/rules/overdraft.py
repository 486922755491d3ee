"""Overdraft: who pays back what, when overdrawn work is taken back and when it is overdrawn again.

Quantities are hundredths of a minute. See docs/rules/overdraft.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settled:
    """What one settlement of a lot has paid of an overdraft, or gives back of it; `id` is the settlement's."""

    id: int
    lot_id: int
    hundredths: int


@dataclass(frozen=True, slots=True)
class Account:
    """What a contract owes to its next lot, and what lots have settled so far, the last settlement first."""

    owed: int = 0
    settled: tuple[Settled, ...] = ()


def take_back(account: Account, hundredths: int) -> tuple[tuple[Settled, ...], Account]:
    """Take overdrawn work back: off what is owed, then what was settled returns to its lots, the last settled first.

    Gives what returns, in that order, and the account without it. Raises ValueError for more than was overdrawn.
    """
    rest = max(0, hundredths - account.owed)
    returned, kept = [], []
    for each in account.settled:
        part = min(rest, each.hundredths)
        rest -= part
        if part:
            returned.append(Settled(each.id, each.lot_id, part))
        if part < each.hundredths:
            kept.append(Settled(each.id, each.lot_id, each.hundredths - part))
    if rest:
        raise ValueError("no more is taken back than was overdrawn")
    return tuple(returned), Account(max(0, account.owed - hundredths), tuple(kept))


def settle_again(
    returned: Sequence[Settled], hundredths: int, available: Mapping[int, int]
) -> tuple[Settled, ...]:
    """What lots settle of work that is overdrawn again: as much as each got back when it was taken back and still has.

    `returned` is what `take_back` gave; the lot that had settled first settles first again.
    """
    parts, left = [], dict(available)
    for each in reversed(returned):
        part = min(hundredths, each.hundredths, left.get(each.lot_id, 0))
        if part > 0:
            parts.append(Settled(each.id, each.lot_id, part))
            left[each.lot_id] -= part
            hundredths -= part
    return tuple(parts)
