"""Overdraft: work that no lot covers, noted down for the next lot to settle. See docs/rules/overdraft.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from ecuanime.contracts.models import Contract, Unit
from ecuanime.contracts.numbering import next_number
from ecuanime.entitlements.actions.drawing import take_away_again
from ecuanime.entitlements.booking import book, earlier, lock_contract, lock_lots, refresh, refuse_key
from ecuanime.entitlements.models import Account, Lot, Movement, Posting
from ecuanime.entitlements.overdrafts import overdraft_of
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.rules import ledger
from ecuanime.rules.overdraft import Settled, take_back


@transaction.atomic
def overdraw(
    *,
    contract: Contract,
    hundredths: int,
    idempotency_key: str,
    cause: str,
    worked_at: datetime | None,
    now: datetime,
) -> Movement:
    """Note work down that no lot covers; how much the contract allows is rating's to say.

    Refused: `nothing_to_draw`, `key_reused`.
    """
    contract = lock_contract(contract.pk)
    lots = lock_lots(contract)
    before = earlier(contract, idempotency_key, Movement.Kind.OVERDRAFT)
    if before is not None:
        if before.cause != cause or _quantity_of(before) != hundredths:
            refuse_key()
        return before
    if hundredths <= 0:
        raise Refused("nothing_to_draw", _("There is nothing to draw. Nothing was changed."))
    account = _account_of(lots) or _open_account(contract, now)
    part = ledger.overdraft(idempotency_key, account.pk, hundredths)
    kind = Movement.Kind.OVERDRAFT
    movement = book(contract, kind, idempotency_key, [part], now=now, cause=cause, worked_at=worked_at)
    record("hours_overdrawn", movement, now=now, cause=cause, hundredths=hundredths)
    return movement


@transaction.atomic
def give_back_overdraft(
    *, movement: Movement, now: datetime, idempotency_key: str, reason: str, hundredths: int | None = None
) -> Movement:
    """Take overdrawn work (or `hundredths` of it) back: off what is owed, and what was settled already returns to the
    lot that settled it.

    Refused: `not_overdrawn`, `already_reversed`, `too_much`, `key_reused`.
    """
    contract = lock_contract(movement.contract_id)
    lots = lock_lots(contract)
    before = earlier(contract, idempotency_key, Movement.Kind.REVERSAL)
    if before is not None:
        if before.corrects_id != movement.pk:
            refuse_key()
        return before
    account = _account_of(lots)
    if movement.kind != Movement.Kind.OVERDRAFT or account is None:
        raise Refused("not_overdrawn", _("Only overdrawn hours are taken back this way."))
    left = overdraft_left(movement)
    if not left:
        raise Refused("already_reversed", _("This was given back already. Nothing was changed."))
    quantity = left if hundredths is None else hundredths
    if not 0 < quantity <= left:
        raise Refused("too_much", _("No more can be given back than was drawn. Nothing was changed."))
    returned, _without = take_back(overdraft_of(contract), quantity)
    _unsettle(contract, lots, account, returned, idempotency_key, now)
    drawn = ledger.overdraft(movement.idempotency_key, account.pk, left)
    reversal = book(
        contract,
        Movement.Kind.REVERSAL,
        idempotency_key,
        [ledger.reversal(idempotency_key, drawn, quantity)],
        now=now,
        cause=movement.cause,
        note=reason[:300],
        worked_at=movement.worked_at,
        corrects=movement,
    )
    record("overdraft_given_back", reversal, now=now, of=movement.pk, hundredths=quantity, reason=reason)
    return reversal


def overdraft_left(movement: Movement) -> int:
    """What of an overdraft was not given back yet."""
    back = Posting.objects.filter(movement__corrects=movement, account=Account.USED)
    return _quantity_of(movement) + (back.aggregate(sum=Sum("quantity"))["sum"] or 0)


def settle(contract: Contract, came: Iterable[Lot], now: datetime) -> None:
    """Pay what is overdrawn from lots that have just become usable, bonus first; contract and lots are locked.

    Each lot settles once, when it comes; only what came back to it since, it may settle again (`settle_again`).
    """
    account = Lot.objects.filter(contract=contract, source=Lot.Source.OVERDRAFT).first()
    if account is None:
        return
    for lot in sorted(came, key=lambda lot: (not lot.is_bonus, lot.pk)):
        refresh([lot, account])
        part = min(account.owed, lot.left) if lot.unit == account.unit else 0
        if part > 0:
            key = f"lot:{lot.pk}:settles"
            settled = ledger.settlement(key, lot.pk, account.pk, part)
            book(contract, Movement.Kind.SETTLEMENT, key, [settled], now=now, cause=f"lot:{lot.pk}")
            record("overdraft_settled", lot, now=now, code=lot.code, hundredths=part)
            refresh([lot])


def _unsettle(
    contract: Contract,
    lots: Sequence[Lot],
    account: Lot,
    returned: Sequence[Settled],
    key: str,
    now: datetime,
) -> None:
    """Let what was settled return to the lots that settled it."""
    by_id = {lot.pk: lot for lot in lots}
    settlements = Movement.objects.in_bulk([part.id for part in returned])
    for place, part in enumerate(returned, start=1):
        settlement, lot, own_key = settlements[part.id], by_id[part.lot_id], f"{key}:unsettle:{place}"
        paid = ledger.settlement(settlement.idempotency_key, lot.pk, account.pk, part.hundredths)
        parts, kind = [ledger.reversal(own_key, paid)], Movement.Kind.REVERSAL
        reversal = book(contract, kind, own_key, parts, now=now, cause=settlement.cause, corrects=settlement)
        take_away_again(contract, lot, part.hundredths, reversal, now)


def _account_of(lots: Iterable[Lot]) -> Lot | None:
    return next((lot for lot in lots if lot.source == Lot.Source.OVERDRAFT), None)


def _open_account(contract: Contract, now: datetime) -> Lot:
    return Lot.objects.create(
        contract=contract,
        code=next_number(Lot, "code", "DC-"),
        unit=Unit.MINUTES,
        source=Lot.Source.OVERDRAFT,
        granted=0,
        valid_from=contract.starts_on,
        unit_price_paid=0,
        currency=contract.version.currency,
        bought_at=now,
    )


def _quantity_of(movement: Movement) -> int:
    return Posting.objects.get(movement=movement, account=Account.USED).quantity
