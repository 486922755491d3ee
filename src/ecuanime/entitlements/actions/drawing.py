"""Taking hours for work, and giving them back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.contracts.models import Contract
from ecuanime.entitlements.actions.expiry import reopen
from ecuanime.entitlements.booking import (
    book,
    earlier,
    has_expired,
    lock_contract,
    lock_lots,
    refuse_key,
)
from ecuanime.entitlements.events import HoursDrawn
from ecuanime.entitlements.models import Account, Lot, Movement, Posting
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish
from ecuanime.rules import ledger
from ecuanime.rules.packs import Drawdown, give_back


def locked_lots(contract: Contract) -> list[Lot]:
    """Lock the contract, then its lots in id order, and give these back: what an approval rates over and draws.

    Only inside a transaction; the locks last until it ends.
    """
    return lock_lots(lock_contract(contract.pk))


@transaction.atomic
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
    own. `cause` says what for (`entry:512`). Lots that stand otherwise than rating saw them are refused and nothing
    is taken: rate again over `locked_lots`.
    Refused: `nothing_to_draw`, `not_its_lot`, `not_usable`, `not_enough`, `key_reused`.
    """
    contract = lock_contract(contract.pk)
    lots = {lot.pk: lot for lot in lock_lots(contract)}
    before = earlier(contract, idempotency_key, Movement.Kind.DRAWDOWN)
    if before is not None:
        if before.cause != cause or _drawn_by(before) != [(take.lot_id, take.hundredths) for take in takes]:
            refuse_key()
        return before
    _refuse_takes(takes, lots)
    for place, take in enumerate(takes, start=1):
        if take.from_expired:
            key = f"{idempotency_key}:reopen:{place}"
            reopen(contract, lots[take.lot_id], take.from_expired, key=key, cause=cause, now=now)
    movement = book(
        contract,
        Movement.Kind.DRAWDOWN,
        idempotency_key,
        [ledger.drawdown(idempotency_key, take.lot_id, take.hundredths) for take in takes],
        now=now,
        cause=cause,
        worked_at=worked_at,
    )
    record("hours_drawn", movement, now=now, cause=cause, hundredths=sum(take.hundredths for take in takes))
    publish(HoursDrawn(contract_id=contract.pk, movement_id=movement.pk))
    return movement


def _drawn_by(movement: Movement) -> list[tuple[int, int]]:
    rows = Posting.objects.filter(movement=movement, account=Account.LOT).order_by("id")
    return [(lot_id, -quantity) for lot_id, quantity in rows.values_list("lot_id", "quantity")]


def _refuse_takes(takes: Sequence[Drawdown], lots: dict[int, Lot]) -> None:
    if not takes or any(take.hundredths <= 0 for take in takes):
        raise Refused("nothing_to_draw", _("There is nothing to draw. Nothing was changed."))
    for take in takes:
        lot = lots.get(take.lot_id)
        if lot is None:
            raise Refused("not_its_lot", _("That pack belongs to another contract. Nothing was drawn."))
        if lot.usable_from is None or lot.voided_at is not None:
            raise Refused(
                "not_usable",
                _("%(code)s cannot be used: it is not paid yet, or was voided. Nothing was drawn.")
                % {"code": lot.code},
            )


@transaction.atomic
def reverse(
    *, movement: Movement, now: datetime, idempotency_key: str, reason: str, hundredths: int | None = None
) -> Movement:
    """Give a drawdown (or `hundredths` of it) back to its own lots, last drawn first.

    On a lot that has expired it expires at once, on a void one it is void at once: both booked.
    Refused: `not_a_drawdown`, `already_reversed`, `too_much`, `key_reused`.
    """
    contract = lock_contract(movement.contract_id)
    lots = {lot.pk: lot for lot in lock_lots(contract)}
    before = earlier(contract, idempotency_key, Movement.Kind.REVERSAL)
    if before is not None:
        if before.corrects_id != movement.pk:
            refuse_key()
        return before
    if movement.kind != Movement.Kind.DRAWDOWN:
        raise Refused("not_a_drawdown", _("Only what was drawn for work is given back this way."))
    restored = _restored(movement, hundredths)
    reversal = book(
        contract,
        Movement.Kind.REVERSAL,
        idempotency_key,
        [_given_back(idempotency_key, movement, part) for part in restored],
        now=now,
        cause=movement.cause,
        note=reason[:300],
        worked_at=movement.worked_at,
        corrects=movement,
    )
    given: dict[int, int] = {}
    for part in restored:
        given[part.lot_id] = given.get(part.lot_id, 0) + part.hundredths
    for lot_id, quantity in sorted(given.items()):
        take_away_again(contract, lots[lot_id], quantity, reversal, now)
    record(
        "hours_given_back", reversal, now=now, of=movement.pk, hundredths=sum(given.values()), reason=reason
    )
    return reversal


def _restored(movement: Movement, hundredths: int | None) -> tuple[Drawdown, ...]:
    """What goes back to which lot, the last drawn first; earlier partial reversals took the last ones already."""
    drawn = [Drawdown(lot_id, quantity) for lot_id, quantity in _drawn_by(movement)]
    total = sum(part.hundredths for part in drawn)
    corrections = movement.corrections.filter(kind=Movement.Kind.REVERSAL)
    back = Posting.objects.filter(movement__in=corrections, account=Account.LOT).values_list(
        "quantity", flat=True
    )
    gone = sum(back)
    if gone >= total:
        raise Refused("already_reversed", _("This was given back already. Nothing was changed."))
    wanted = total - gone if hundredths is None else hundredths
    if not 0 < wanted <= total - gone:
        raise Refused("too_much", _("No more can be given back than was drawn. Nothing was changed."))
    left = _without_last(drawn, gone)
    return give_back(left, wanted)


def _without_last(drawn: list[Drawdown], gone: int) -> list[Drawdown]:
    """The drawdowns that remain when `gone` hundredths of the last ones are taken away."""
    kept = list(drawn)
    while gone:
        last = kept.pop()
        if last.hundredths > gone:
            kept.append(Drawdown(last.lot_id, last.hundredths - gone))
        gone -= min(gone, last.hundredths)
    return kept


def _given_back(key: str, movement: Movement, part: Drawdown) -> ledger.Movement:
    drawn = ledger.drawdown(movement.idempotency_key, part.lot_id, part.hundredths)
    return ledger.reversal(key, drawn)


def take_away_again(contract: Contract, lot: Lot, quantity: int, reversal: Movement, now: datetime) -> None:
    """What comes back to a lot that is void or has expired does not stay there."""
    cause = f"movement:{reversal.pk}"
    if lot.voided_at is not None:
        key = key_of_void(reversal, lot.pk)
        book(contract, Movement.Kind.VOID, key, [ledger.void(key, lot.pk, quantity)], now=now, cause=cause)
    elif has_expired(lot, contract, now):
        key = f"{reversal.idempotency_key}:expiry:{lot.pk}"
        book(
            contract, Movement.Kind.EXPIRY, key, [ledger.expiry(key, lot.pk, quantity)], now=now, cause=cause
        )


def key_of_void(reversal: Movement, lot_id: int) -> str:
    """The key of the movement that makes void at once what a reversal gave back to a void lot."""
    return f"{reversal.idempotency_key}:void:{lot_id}"
