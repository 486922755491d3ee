"""Shared reads about lots, balances and the ledger. Quantities are hundredths of a minute."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from ecuanime.contracts.models import Contract
from ecuanime.entitlements.models import Lot, Movement
from ecuanime.rules import packs


class Standing(StrEnum):
    """How a lot stands on a day."""

    IN_USE = "in_use"
    WAITING = "waiting"  # neither paid nor issued yet
    FUTURE = "future"
    USED_UP = "used_up"
    EXPIRED = "expired"
    VOID = "void"


@dataclass(frozen=True)
class LotBalance:
    """A lot as a screen shows it; `expired` is what its expiry took and stays visible."""

    lot: Lot
    standing: Standing
    expired: int


@dataclass(frozen=True)
class Balance:
    """What a contract has: its lots in the order they will be drawn, and the sums over those in use.

    `next_expiry_on` and `expiring` say which day the next lot in use expires and what would be lost by then.
    """

    lots: tuple[LotBalance, ...]
    left: int
    granted: int
    next_expiry_on: date | None
    expiring: int

    @property
    def has_lots(self) -> bool:
        """Whether hours were ever granted."""
        return bool(self.lots)

    def less(self, pending: int) -> int:
        """What would be left if everything pending were approved; never below zero."""
        return max(0, self.left - pending)


@dataclass(frozen=True)
class StatementLine:
    """A movement with what it changed in each lot and the contract's balance after it."""

    movement: Movement
    changes: tuple[tuple[Lot, int], ...]
    change: int
    balance: int


@dataclass(frozen=True)
class Statement:
    """A page of the hours ledger, newest first; `older` is the cursor of the next page."""

    lines: tuple[StatementLine, ...]
    older: str | None


def lots_for_rating(lots: Sequence[Lot]) -> list[packs.Lot]:
    """Lots as rating takes them, with scopes by code and what an expiry may give back, in a constant number of queries."""
    raise NotImplementedError


def balance_of(contract: Contract, *, now: datetime) -> Balance:
    """What one contract has at an instant, counted on its own calendar day."""
    return balances_for([contract], now=now)[contract.pk]


def balances_for(contracts: Sequence[Contract], *, now: datetime) -> dict[int, Balance]:
    """What several contracts have, by their id, in a constant number of queries."""
    raise NotImplementedError


def statement(contract: Contract, *, before: str | None = None, limit: int = 50) -> Statement:
    """A page of the contract's ledger, newest first, `before` a cursor that an earlier page gave."""
    raise NotImplementedError


def due_lots(now: datetime, *, limit: int = 100) -> list[Lot]:
    """Lots whose last day is over and whose expiry is to be booked (or looked at again), the longest due first."""
    raise NotImplementedError


def lots_by_code(codes: Iterable[str]) -> dict[str, Lot]:
    """Lots by what people call them."""
    return {lot.code: lot for lot in Lot.objects.filter(code__in=set(codes))}


def verify_ledger() -> Iterator[str]:
    """Walk the whole ledger, one contract at a time, and say what is wrong with it; nothing when it is sound.

    Every movement sums to zero in every lot, no lot goes below zero at any time, no reversal takes back more than was
    moved, each lot's identity holds and each lot keeps the sum of its postings.
    """
    raise NotImplementedError
