"""Cancelling what is unused of a pack, with or without paying it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from ecuanime.contracts.models import Contract
from ecuanime.entitlements.booking import bonus_of, book, earlier, has_expired, lock_contract, lock_lots
from ecuanime.entitlements.events import PackVoided
from ecuanime.entitlements.lots import price_to_pay_back
from ecuanime.entitlements.models import Account, Lot, Movement, Posting
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish
from ecuanime.rules import ledger, packs


@dataclass(frozen=True)
class Refund:
    """What a refund took out of a pack, and what is to be paid back by credit note, in minor units before tax."""

    movement: Movement
    paid_hundredths: int
    bonus_hundredths: int
    amount: int


@dataclass(frozen=True)
class _Pack:
    """A bought lot with its bonus, locked."""

    contract: Contract
    paid: Lot
    bonus: list[Lot]

    @property
    def bonus_left(self) -> int:
        return sum(lot.left for lot in self.bonus)


@transaction.atomic
def void_unused(*, lot: Lot, reason: str, now: datetime, idempotency_key: str) -> Movement | None:
    """Cancel what is unused of a pack and of its bonus; voiding it again is a no-op (None).

    Refused: `bonus_follows`, `no_reason`, `used_up`, `expired`, `key_reused`.
    """
    pack = _locked(lot)
    before = earlier(pack.contract, idempotency_key, Movement.Kind.VOID)
    if before is not None or pack.paid.voided_at is not None:
        return before
    _refuse_withdrawal(pack, reason, now)
    taken = packs.void(pack.paid.left, pack.bonus_left)
    movement = _take_out(pack, Movement.Kind.VOID, ledger.void, taken, reason, now, idempotency_key)
    for voided in (pack.paid, *pack.bonus):
        voided.voided_at, voided.next_due_at = now, None
        voided.save(update_fields=["voided_at", "next_due_at"])
    quantity = taken.paid_hundredths + taken.bonus_hundredths
    record("pack_voided", pack.paid, now=now, code=pack.paid.code, hundredths=quantity, reason=reason)
    publish(PackVoided(lot_id=pack.paid.pk))
    return movement


@transaction.atomic
def refund_unused(
    *, lot: Lot, reason: str, now: datetime, idempotency_key: str, hundredths: int | None = None
) -> Refund:
    """Take unused paid hours (all, or `hundredths`) out of a pack to pay them back, and the bonus along pro rata.

    They are paid back at the price paid; revalued hours at what their revaluation cost.

    The caller issues the credit note over `amount`. Refused: `bonus_follows`, `no_reason`, `used_up`, `expired`,
    `void`, `too_much`, `key_reused`.
    """
    pack = _locked(lot)
    before = earlier(pack.contract, idempotency_key, Movement.Kind.REFUND)
    if before is not None:
        return _refunded_before(before, pack)
    if pack.paid.voided_at is not None:
        raise Refused("void", _("This pack was voided; nothing of it is left to pay back."))
    _refuse_withdrawal(pack, reason, now)
    wanted = pack.paid.left if hundredths is None else hundredths
    if not 0 < wanted <= pack.paid.left:
        raise Refused("too_much", _("No more can be paid back than is left of what was paid for."))
    taken = packs.refund(
        wanted,
        paid_left=pack.paid.left,
        bonus_left=pack.bonus_left,
        price_paid=price_to_pay_back(pack.paid),
        currency=pack.paid.currency,
        unit=packs.Unit(pack.paid.unit),
    )
    movement = _take_out(pack, Movement.Kind.REFUND, ledger.refund, taken, reason, now, idempotency_key)
    record("pack_refunded", pack.paid, now=now, code=pack.paid.code, amount=taken.amount, reason=reason)
    return Refund(movement, taken.paid_hundredths, taken.bonus_hundredths, taken.amount)


def _locked(lot: Lot) -> _Pack:
    contract = lock_contract(lot.contract_id)
    lots = lock_lots(contract)
    paid = next(other for other in lots if other.pk == lot.pk)
    if paid.is_bonus:
        raise Refused(
            "bonus_follows", _("A bonus goes with the pack it came with. Void or refund that pack instead.")
        )
    return _Pack(contract, paid, bonus_of(paid, lots))


def _refuse_withdrawal(pack: _Pack, reason: str, now: datetime) -> None:
    code = {"code": pack.paid.code}
    if not reason.strip():
        raise Refused("no_reason", _("Say why: the client reads the reason in the statement."))
    if has_expired(pack.paid, pack.contract, now):
        raise Refused("expired", _("%(code)s has expired already, so nothing of it can be cancelled.") % code)
    if not pack.paid.left + pack.bonus_left:
        raise Refused("used_up", _("%(code)s is fully used, so nothing of it can be cancelled.") % code)


def _take_out(
    pack: _Pack,
    kind: Movement.Kind,
    part_of: Callable[[str, int, int], ledger.Movement],
    taken: packs.Withdrawal,
    reason: str,
    now: datetime,
    key: str,
) -> Movement:
    """Book what a withdrawal takes: the paid hours from the pack, the bonus from its lots in id order."""
    parts = [part_of(key, pack.paid.pk, taken.paid_hundredths)] if taken.paid_hundredths else []
    rest = taken.bonus_hundredths
    for lot in pack.bonus:
        if part := min(rest, lot.left):
            parts.append(part_of(key, lot.pk, part))
            rest -= part
    movement = book(pack.contract, kind, key, parts, now=now, note=reason.strip()[:300])
    for lot in (pack.paid, *pack.bonus):
        lot.refresh_from_db(fields=["left"])
    return movement


def _refunded_before(movement: Movement, pack: _Pack) -> Refund:
    rows = Posting.objects.filter(movement=movement, account=Account.REFUNDED)
    taken = dict(rows.values("lot").annotate(total=Sum("quantity")).values_list("lot", "total"))
    paid = taken.pop(pack.paid.pk, 0)
    price = packs.refund(
        paid,
        paid_left=paid,
        bonus_left=0,
        price_paid=price_to_pay_back(pack.paid),
        currency=pack.paid.currency,
        unit=packs.Unit(pack.paid.unit),
    )
    return Refund(movement, paid, sum(taken.values()), price.amount)
