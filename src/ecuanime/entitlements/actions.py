"""Every write to lots and their ledger: the only door to drawing hours.

Each action locks the contract's row, then its lots in the order of their ids, so that two writers of one contract
take turns. Each carries an idempotency key that the database keeps unique: the same call again changes nothing and
gives the first result back. Quantities are hundredths of a minute.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ecuanime.contracts.models import Contract
from ecuanime.entitlements.models import Lot, Movement
from ecuanime.rules.packs import Drawdown


@dataclass(frozen=True)
class PackGrant:
    """What buying a pack granted; `amount` is its price before tax, in minor units of the lots' currency."""

    paid: Lot
    bonus: Lot | None
    amount: int


@dataclass(frozen=True)
class Refund:
    """What a refund took out of a pack, and what is to be paid back by credit note, in minor units before tax."""

    movement: Movement
    paid_hundredths: int
    bonus_hundredths: int
    amount: int


def grant_pack(
    *,
    contract: Contract,
    hours: int,
    starts_on: date,
    now: datetime,
    idempotency_key: str,
    usable_from: datetime | None = None,
) -> PackGrant:
    """Put bought hours and their bonus into new lots (BN-0001, bonus BN-0001-B), at the price of their tier.

    Without `usable_from` nothing can be drawn until `make_usable`. They expire `valid_months` after `starts_on`.
    Refused: `not_a_pack`, `contract_ended`, `no_price` (fewer hours than the lowest tier), `key_reused`.
    """
    raise NotImplementedError


def make_usable(*, lot: Lot, now: datetime) -> Lot:
    """Let a pack and its bonus be drawn from now on (its invoice was issued or paid); again is a no-op.

    Refused: `void`.
    """
    raise NotImplementedError


def locked_lots(contract: Contract) -> list[Lot]:
    """Lock the contract, then its lots in id order, and give these back: what an approval rates over and draws."""
    raise NotImplementedError


def draw(
    *,
    contract: Contract,
    takes: Sequence[Drawdown],
    idempotency_key: str,
    cause: str,
    worked_at: datetime | None,
    now: datetime,
) -> Movement:
    """Take hours out of lots for a piece of work, as rating decided (`Segment.drawdowns`), in the order given.

    `from_expired` of a take is first given back by reversing that much of the lot's expiry, each a movement of its
    own. `cause` says what for (`entry:512`). Lots that rating saw otherwise than they stand now are refused and
    nothing is taken: rate again over `locked_lots`.
    Refused: `nothing_to_draw`, `not_its_lot`, `not_usable`, `not_enough`, `key_reused`.
    """
    raise NotImplementedError


def reverse(
    *, movement: Movement, now: datetime, idempotency_key: str, reason: str, hundredths: int | None = None
) -> Movement:
    """Give a drawdown (or `hundredths` of it) back to its own lots, last drawn first.

    On a lot that has expired it expires again at once, on a void one it is void at once: both booked.
    Refused: `not_a_drawdown`, `already_reversed`, `too_much`, `key_reused`.
    """
    raise NotImplementedError


def book_expiry(*, lot: Lot, pending_hundredths: int, now: datetime) -> Movement | None:
    """Book what a lot loses when its last day is over: its balance less the pending of work done in validity.

    The job that calls it lives in worklog, which knows what is pending: it claims `queries.due_lots(now)`. While
    something stays pending the lot falls due again a day later, so that work that was never approved expires too.
    None when nothing expires. Refused: `not_due` before the end of the last day.
    """
    raise NotImplementedError


def reopen_expiry(
    *, lot: Lot, hundredths: int, cause: str, now: datetime, idempotency_key: str
) -> list[Movement]:
    """Reverse so much of a lot's expiry, last booked first, for work done in validity and approved after it.

    `draw` does it by itself for a take with `from_expired`. Refused: `not_enough`, `key_reused`.
    """
    raise NotImplementedError


def void_unused(*, lot: Lot, reason: str, now: datetime, idempotency_key: str) -> Movement | None:
    """Cancel what is unused of a pack and of its bonus; voiding it again is a no-op (None).

    Refused: `bonus_follows`, `no_reason`, `used_up`, `expired`, `key_reused`.
    """
    raise NotImplementedError


def refund_unused(
    *, lot: Lot, reason: str, now: datetime, idempotency_key: str, hundredths: int | None = None
) -> Refund:
    """Take unused paid hours (all, or `hundredths`) out of a pack to pay them back, and the bonus along pro rata.

    The caller issues the credit note over `amount`. Refused: `bonus_follows`, `no_reason`, `used_up`, `expired`,
    `void`, `too_much`, `key_reused`.
    """
    raise NotImplementedError
