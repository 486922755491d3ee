"""Hours left when a contract is renewed: they move to the new one where the plan says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.contracts.models import Contract
from ecuanime.entitlements.actions.moving import transfer_hours
from ecuanime.entitlements.booking import bonus_of, has_expired, lock_contract, lock_lots
from ecuanime.entitlements.models import Lot, Movement
from ecuanime.rules import packs


@transaction.atomic
def move_rest(*, contract: Contract, pending: Mapping[int, int], now: datetime) -> list[Lot]:
    """Move what is left of the packs of the contract that this one renews, if its plan said so; again moves nothing.

    `pending` is what each lot (by id) would give to work not approved yet: that much stays, and what is never drawn of
    it is moved by hand. Gives the lots that were opened.
    """
    renewed = renewed_by(contract)
    if renewed is None or renewed.version.currency != contract.version.currency:
        return []
    for pk in sorted((renewed.pk, contract.pk)):
        lock_contract(pk)
    lots = lock_lots(renewed)
    moved = [_move(lot, lots, renewed, contract, pending, now) for lot in lots]
    return [lot for lot in moved if lot is not None]


def renewed_by(contract: Contract) -> Contract | None:
    """The contract whose place this one took with the same plan, if what is left of its packs moves on."""
    renewed = contract.replaces
    if renewed is None or renewed.version.plan_id != contract.version.plan_id:
        return None
    return renewed if renewed.version.grants.filter(moves_on=True).exists() else None


def _move(
    lot: Lot,
    lots: Sequence[Lot],
    renewed: Contract,
    contract: Contract,
    pending: Mapping[int, int],
    now: datetime,
) -> Lot | None:
    key = f"renewal:{contract.pk}:{lot.pk}"
    is_pack = not lot.is_bonus and not lot.is_allowance and lot.source != Lot.Source.OVERDRAFT
    if not is_pack or lot.usable_from is None or lot.voided_at or has_expired(lot, renewed, now):
        return None
    waiting = sum(pending.get(each.pk, 0) for each in (lot, *bonus_of(lot, lots)))
    hundredths = packs.moves_on(lot.left, waiting)
    if not hundredths or Movement.objects.filter(idempotency_key=f"{key}:in").exists():
        return None
    with override(contract.client.language):
        reason = _("%(old)s is renewed as %(new)s") % {"old": renewed.number, "new": contract.number}
    return transfer_hours(
        lot=lot, to=contract, hundredths=hundredths, reason=reason, now=now, idempotency_key=key
    )
