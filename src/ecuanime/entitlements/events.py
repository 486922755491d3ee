"""What has happened to prepaid hours."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PackGranted:
    """A pack was put into the ledger."""

    lot_id: int


@dataclass(frozen=True)
class PeriodOpened:
    """A period of a contract has begun: its fee is due, and its allowance is granted."""

    period_id: int


@dataclass(frozen=True)
class HoursDrawn:
    """Hours were taken for a piece of work."""

    contract_id: int
    movement_id: int


@dataclass(frozen=True)
class LotNoticed:
    """The client was told that a lot runs low or expires; `threshold` is one of `rules.packs.Notice`."""

    lot_id: int
    threshold: str


@dataclass(frozen=True)
class HoursExpired:
    """The unused rest of a lot has expired."""

    lot_id: int
    hundredths: int


@dataclass(frozen=True)
class PackVoided:
    """The unused rest of a pack was cancelled."""

    lot_id: int
