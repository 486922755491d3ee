"""Ledger: prepaid quantities in append-only double entry.

A movement is a set of postings, in hundredths of a minute, that sums to zero within every lot. A lot's balance is the
sum of its postings to the account `lot`; the other accounts say where the rest went. Nothing is edited: a correction
is a reversal that names the movement it corrects. See docs/rules/ledger.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Account(StrEnum):
    """Where a quantity stands. What a lot was granted or received from elsewhere stands negative."""

    LOT = "lot"
    GRANTED = "granted"
    USED = "used"
    EXPIRED = "expired"
    VOID = "void"
    REFUNDED = "refunded"
    REVALUED = "revalued"
    TRANSFERRED_IN = "transferred_in"
    TRANSFERRED_OUT = "transferred_out"


class Kind(StrEnum):
    """What happened to a lot."""

    GRANT = "grant"
    BONUS = "bonus"
    DRAWDOWN = "drawdown"
    REVERSAL = "reversal"
    EXPIRY = "expiry"
    VOID = "void"
    REFUND = "refund"
    REVALUATION = "revaluation"
    TRANSFER = "transfer"


@dataclass(frozen=True, slots=True)
class Posting:
    """One side of a movement: so many hundredths of a minute into an account of a lot (negative: out of it)."""

    account: Account
    lot_id: int
    hundredths: int


@dataclass(frozen=True, slots=True)
class Movement:
    """One business fact. `key` is its idempotency key; `reverses` is the key of the movement it takes back."""

    key: str
    kind: Kind
    postings: tuple[Posting, ...]
    reverses: str | None = None
