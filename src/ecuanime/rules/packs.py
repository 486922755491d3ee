"""Packs: prepaid hours or incidents, what a purchase grants, which lot is drawn first and what becomes of the rest.

Quantities are hundredths of a minute, or whole incidents in a lot that counts these; prices are Decimal per hour
or per incident; amounts are integer minor units. See docs/rules/packs.md and docs/rules/rollover.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

from .hours import HUNDREDTHS_PER_HOUR
from .money import round_half_up, to_minor

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Unit(StrEnum):
    """What a lot counts."""

    MINUTES = "minutes"
    INCIDENTS = "incidents"


def per_unit(unit: Unit) -> int:
    """How much of the ledger one bought unit is: an hour's hundredths of a minute, or one incident."""
    return HUNDREDTHS_PER_HOUR if unit == Unit.MINUTES else 1


@dataclass(frozen=True, slots=True)
class Lot:
    """A granted quantity as it stands before a drawing: hundredths of a minute, or whole incidents by its `unit`.

    `usable` says that it is paid or issued, as the contract asks, and not void. `valid_from` and
    `expires_on` are local dates of the contract, both inclusive. Empty scopes mean any area, any work
    type, any site.
    `expired` is what an expiry movement took and may still be given back for work done in validity (0 once
    revalued or refunded). A lower `priority` is drawn first.
    """

    id: int
    balance: int
    valid_from: date
    expires_on: date | None = None
    priority: int = 0
    is_allowance: bool = False
    areas: frozenset[str] = frozenset()
    work_types: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()
    is_bonus: bool = False
    bought_at: datetime | None = None
    usable: bool = True
    expired: int = 0
    unit: Unit = Unit.MINUTES


@dataclass(frozen=True, slots=True)
class Drawdown:
    """Hundredths of a minute (or incidents) taken from one lot; `from_expired` of them after reversing that much of
    its expiry.
    """

    lot_id: int
    hundredths: int
    from_expired: int = 0


@dataclass(frozen=True, slots=True)
class Tier:
    """A price per hour or incident that holds from a quantity on, for all of the purchase."""

    from_quantity: int
    unit_price: Decimal


@dataclass(frozen=True, slots=True)
class BonusRule:
    """So many free hours or incidents for every so many bought, whole times only ("1 per 20")."""

    free: int
    every: int


@dataclass(frozen=True, slots=True)
class Purchase:
    """What a purchase grants and costs: quantities of the ledger, and minor units before tax."""

    paid: int
    bonus: int
    unit_price: Decimal
    amount: int


def purchase(
    quantity: int,
    tiers: Sequence[Tier],
    currency: str,
    bonus: BonusRule | None = None,
    unit: Unit = Unit.MINUTES,
) -> Purchase:
    """What so many hours or incidents grant and cost, at the tier that they reach.

    Raises ValueError below the lowest tier.
    """
    price = tier_price(quantity, tiers)
    free = quantity // bonus.every * bonus.free if bonus else 0
    amount = round_half_up(quantity * to_minor(price, currency))
    return Purchase(quantity * per_unit(unit), free * per_unit(unit), price, amount)


def tier_price(quantity: int, tiers: Sequence[Tier]) -> Decimal:
    """The price per hour or incident of the highest tier that a purchase reaches."""
    reached = [tier for tier in tiers if tier.from_quantity <= quantity]
    if quantity < 1 or not reached:
        raise ValueError(f"no price for a pack of {quantity}")
    return max(reached, key=lambda tier: tier.from_quantity).unit_price


def rollover(left: int, pending: int, cap: int) -> int:
    """What of an allowance goes over into the next period: its unused base less what is pending on it, up to a cap."""
    return min(cap, max(0, left - pending))


def is_eligible(
    lot: Lot, *, worked_on: date, area: str | None, work_type: str, site: str | None = None
) -> bool:
    """Whether a lot may pay for work done on a local date, whenever it was entered or approved."""
    return would_pay_elsewhere(lot, worked_on=worked_on, area=area, work_type=work_type) and is_at(
        lot.sites, site
    )


def would_pay_elsewhere(lot: Lot, *, worked_on: date, area: str | None, work_type: str) -> bool:
    """Whether a lot may pay for such work at one site at least."""
    return (
        lot.usable
        and lot.valid_from <= worked_on
        and (lot.expires_on is None or worked_on <= lot.expires_on)
        and (not lot.areas or area in lot.areas)
        and (not lot.work_types or work_type in lot.work_types)
    )


def is_at(sites: frozenset[str], site: str | None) -> bool:
    """Whether what holds at these sites (none named: anywhere) holds at a site; one not known is none of them."""
    return not sites or site in sites


def order_of_drawdown(lot: Lot) -> tuple[bool, int, int, date, bool, datetime, int]:
    """The sort key of eligible lots: the plan's allowance, then priority, narrower scope, earliest expiry
    (none last), bonus before paid, purchase time, id.
    """
    scopes = bool(lot.areas) + bool(lot.work_types) + bool(lot.sites)
    expires_on = lot.expires_on or date.max
    bought_at = lot.bought_at or _LONG_AGO
    return (not lot.is_allowance, lot.priority, -scopes, expires_on, not lot.is_bonus, bought_at, lot.id)


def eligible_lots(
    lots: Iterable[Lot], *, worked_on: date, area: str | None, work_type: str, site: str | None = None
) -> list[Lot]:
    """The lots that may pay for a piece of work, in the order of drawdown."""
    fitting = (
        lot
        for lot in lots
        if is_eligible(lot, worked_on=worked_on, area=area, work_type=work_type, site=site)
    )
    return sorted(fitting, key=order_of_drawdown)


def draw(hundredths: int, ordered: Iterable[Lot]) -> tuple[tuple[Drawdown, ...], int]:
    """Take an amount from lots in the order given; returns the drawdowns and what no lot covers.

    A lot gives its balance first, then what its expiry took, which the caller reverses by `from_expired`.
    No lot goes below zero.
    """
    taken: list[Drawdown] = []
    for lot in ordered:
        part = min(hundredths, max(lot.balance, 0) + lot.expired)
        if part > 0:
            taken.append(Drawdown(lot.id, part, max(0, part - max(lot.balance, 0))))
            hundredths -= part
    return tuple(taken), hundredths


def after_drawing(lot: Lot, drawdown: Drawdown) -> Lot:
    """The lot as a drawdown leaves it."""
    return replace(
        lot,
        balance=lot.balance + drawdown.from_expired - drawdown.hundredths,
        expired=lot.expired - drawdown.from_expired,
    )


def give_back(drawdowns: Sequence[Drawdown], hundredths: int) -> tuple[Drawdown, ...]:
    """What a reversal of `hundredths` restores, last drawn first; all of them undo the drawing.

    Raises ValueError for more than was drawn.
    """
    restored: list[Drawdown] = []
    for drawdown in reversed(drawdowns):
        part = min(hundredths, drawdown.hundredths)
        if part > 0:
            restored.append(Drawdown(drawdown.lot_id, part, min(part, drawdown.from_expired)))
            hundredths -= part
    if hundredths:
        raise ValueError("no more is given back than was drawn")
    return tuple(restored)


def expiry(balance: int, pending: int) -> int:
    """What expires at the end of a lot's last day: its balance less the pending of work done in validity."""
    return max(0, balance - pending)


class Notice(StrEnum):
    """What a client is told about a lot, each once."""

    LOW = "low"
    DAYS_30 = "days_30"
    DAYS_7 = "days_7"


ORDERS_NEXT = frozenset({Notice.LOW, Notice.DAYS_7})
"""At which of them the next pack is ordered, where the contract says so."""


def is_low(left: int, granted: int, unit: Unit = Unit.MINUTES) -> bool:
    """Whether a lot runs low: a tenth of it or one hour (one incident) is left, whichever is more."""
    return left * 10 <= max(granted, 10 * per_unit(unit))


def expiry_notice(left: int, days: int) -> Notice | None:
    """What is to be told of a lot that expires in so many days (0: today is its last one), if anything."""
    if left <= 0 or not 0 <= days <= 30:
        return None
    return Notice.DAYS_7 if days <= 7 else Notice.DAYS_30


def revaluation_price(
    quantity: int, price_paid: Decimal, price_today: Decimal, currency: str, unit: Unit = Unit.MINUTES
) -> int:
    """What the client pays, in minor units, to get expired paid time back at today's price of the same tier."""
    difference = max(Decimal(0), price_today - price_paid)
    return worth(quantity, difference, currency, unit)


def worth(quantity: int, unit_price: Decimal, currency: str, unit: Unit) -> int:
    """What so much of a lot is worth at a price per hour or incident, in minor units half-up."""
    return round_half_up(to_minor(unit_price, currency) * quantity / per_unit(unit))


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What a void or a refund takes out of a pack, in hundredths, and pays back, in minor units."""

    paid_hundredths: int
    bonus_hundredths: int
    amount: int = 0


def void(paid_left: int, bonus_left: int, *, was_void: bool = False) -> Withdrawal:
    """Voiding a pack takes all that is unused of it and pays nothing; voiding it again takes nothing.

    Raises ValueError for a pack that is fully used or expired: there is nothing left to cancel.
    """
    if was_void:
        return Withdrawal(0, 0)
    if paid_left + bonus_left <= 0:
        raise ValueError("a pack that is fully used or expired can't be voided")
    return Withdrawal(paid_left, bonus_left)


def moves_on(paid_left: int, pending: int) -> int:
    """What of a pack moves to the contract that renews its own: all but what work not approved yet would take.

    `pending` counts on the pack and on its bonus, so that enough stays behind whichever of the two that work draws.
    """
    return max(0, paid_left - pending)


def bonus_along(hundredths: int, *, paid_left: int, bonus_left: int) -> int:
    """How much unused bonus goes along with so many unused paid hundredths that leave a pack, rounded down."""
    return bonus_left * hundredths // paid_left if paid_left else 0


def refund(
    quantity: int,
    *,
    paid_left: int,
    bonus_left: int,
    price_paid: Decimal,
    currency: str,
    unit: Unit = Unit.MINUTES,
) -> Withdrawal:
    """Refunding unused paid time pays it at the price paid and takes the unused bonus along pro rata.

    The bonus taken is rounded down, in the client's favour; it has no cash value. Raises ValueError for
    more than the paid time left.
    """
    if not 0 <= quantity <= paid_left:
        raise ValueError("no more is refunded than is left of the paid time")
    bonus = bonus_along(quantity, paid_left=paid_left, bonus_left=bonus_left)
    amount = worth(quantity, price_paid, currency, unit)
    return Withdrawal(quantity, bonus, amount)
