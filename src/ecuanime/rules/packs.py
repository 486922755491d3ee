"""Packs: prepaid hours, what a purchase grants, which lot is drawn first and what becomes of the rest.

Quantities are hundredths of a minute; prices are Decimal per hour; amounts are integer minor units.
See docs/rules/packs.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Lot:
    """A granted quantity as it stands before a drawing; quantities in hundredths of a minute.

    `usable` says that it is paid or issued, as the contract asks, and not void. `valid_from` and `expires_on`
    are local dates of the contract, both inclusive. Empty scopes mean any area, any work type. `expired` is
    what an expiry movement took and may still be given back for work done in validity (0 once revalued or
    refunded). A lower `priority` is drawn first.
    """

    id: int
    balance: int
    valid_from: date
    expires_on: date | None = None
    priority: int = 0
    is_allowance: bool = False
    areas: frozenset[str] = frozenset()
    work_types: frozenset[str] = frozenset()
    is_bonus: bool = False
    bought_at: datetime | None = None
    usable: bool = True
    expired: int = 0


@dataclass(frozen=True, slots=True)
class Drawdown:
    """Hundredths of a minute taken from one lot; `from_expired` of them after reversing that much of its expiry."""

    lot_id: int
    hundredths: int
    from_expired: int = 0
