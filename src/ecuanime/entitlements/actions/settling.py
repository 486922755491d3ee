"""Settling an overdraft again: work that was taken back and is overdrawn anew. See docs/rules/overdraft.md."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from ecuanime.contracts.models import Contract
from ecuanime.entitlements.actions.drawing import key_of_void
from ecuanime.entitlements.actions.expiry import reopen
from ecuanime.entitlements.actions.overdraft import overdraft_left
from ecuanime.entitlements.booking import book, expired_hundredths, lock_contract, lock_lots, refresh
from ecuanime.entitlements.models import Account, Lot, Movement, Posting
from ecuanime.foundation.audit import record
from ecuanime.rules import ledger
from ecuanime.rules.overdraft import Settled, settle_again


@transaction.atomic
def settle_overdraft_again(*, contract: Contract, cause: str, now: datetime) -> list[Movement]:
    """Let lots settle what a piece of work (`cause`) has overdrawn again: as much as each got back when the work was
    taken back, and still has. What expired or was void on its return comes out of that first.

    Nothing for work that was never taken back. Repeated, it settles nothing more.
    """
    contract = lock_contract(contract.pk)
    lots = {lot.pk: lot for lot in lock_lots(contract)}
    overdrawn = Movement.objects.filter(cause=cause, kind=Movement.Kind.OVERDRAFT).order_by("-id").first()
    account = next((lot for lot in lots.values() if lot.source == Lot.Source.OVERDRAFT), None)
    if overdrawn is None or account is None or _is_done(overdrawn):
        return []
    returned = _returned_before(overdrawn)
    available = {part.lot_id: _available(lots[part.lot_id], returned) for part in returned}
    parts = settle_again(returned, min(account.owed, overdraft_left(overdrawn)), available)
    return [
        _settle(contract, lots[part.lot_id], account, part, f"{_key(overdrawn)}{place}", now)
        for place, part in enumerate(parts, start=1)
    ]


def _key(overdrawn: Movement) -> str:
    return f"{overdrawn.idempotency_key}:settles:"


def _is_done(overdrawn: Movement) -> bool:
    return Movement.objects.filter(idempotency_key__startswith=_key(overdrawn)).exists()


def _returned_before(overdrawn: Movement) -> list[Settled]:
    """What went back to which lot when this work was taken back the last time, by the movements that gave it back."""
    taken_back = Movement.objects.filter(
        cause=overdrawn.cause,
        kind=Movement.Kind.REVERSAL,
        corrects__kind=Movement.Kind.OVERDRAFT,
        pk__lt=overdrawn.pk,
    )
    last = taken_back.order_by("-id").first()
    if last is None:
        return []
    rows = Posting.objects.filter(
        movement__idempotency_key__startswith=f"{last.idempotency_key}:unsettle:",
        account=Account.TRANSFERRED_OUT,
        movement__corrects__kind=Movement.Kind.SETTLEMENT,
    )
    found = rows.order_by("movement_id").values_list("movement_id", "lot_id", "quantity")
    return [Settled(movement, lot, -quantity) for movement, lot, quantity in found]


def _available(lot: Lot, returned: Sequence[Settled]) -> int:
    """What a lot has, with what it lost at once of what came back."""
    own = [part for part in returned if part.lot_id == lot.pk]
    lost = sum(part.hundredths for part in own if _void_of(part)) if lot.voided_at else 0
    return lot.left + expired_hundredths(lot) + lost


def _void_of(part: Settled) -> Movement | None:
    """The movement that made void at once what came back, unless it was taken back itself."""
    back = Movement.objects.get(pk=part.id)
    voids = Movement.objects.filter(idempotency_key=key_of_void(back, part.lot_id), corrections=None)
    return voids.first()


def _settle(contract: Contract, lot: Lot, account: Lot, part: Settled, key: str, now: datetime) -> Movement:
    refresh([lot])
    _bring_back(contract, lot, part, key, now)
    settled = ledger.settlement(key, lot.pk, account.pk, part.hundredths)
    cause = f"lot:{lot.pk}"
    movement = book(contract, Movement.Kind.SETTLEMENT, key, [settled], now=now, cause=cause)
    record("overdraft_settled", lot, now=now, code=lot.code, hundredths=part.hundredths)
    return movement


def _bring_back(contract: Contract, lot: Lot, part: Settled, key: str, now: datetime) -> None:
    """Give a lot back what it lost at once, as far as it has less than it settles."""
    missing = part.hundredths - lot.left
    if missing <= 0:
        return
    void = _void_of(part) if lot.voided_at else None
    if void is None:
        reopen(contract, lot, missing, key=f"{key}:reopen", cause=f"lot:{lot.pk}", now=now)
        return
    back = f"{key}:unvoid"
    taken = ledger.void(void.idempotency_key, lot.pk, missing)
    parts, kind = [ledger.reversal(back, taken)], Movement.Kind.REVERSAL
    book(contract, kind, back, parts, now=now, cause=f"lot:{lot.pk}", corrects=void)
