"""What a part of a period brings, where the plan divides its allowance by days."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.contracts.models import Contract, ContractPeriod, Grant
from ecuanime.entitlements.booking import book, has_expired, lock_contract, lock_lots
from ecuanime.entitlements.models import Lot, Movement
from ecuanime.foundation.audit import record
from ecuanime.rules import ledger, packs
from ecuanime.rules.fees import Days, allowance_for


def share_of(contract: Contract, grant: Grant, days: Days) -> int:
    """What a grant brings in a period of which the contract has these days, in the ledger's quantity of its unit."""
    unit = packs.Unit(grant.unit)
    whole, fee = grant.quantity * packs.per_unit(unit), contract.version.fee
    return allowance_for(whole, days, unit) if fee is not None and fee.divides_allowance else whole


@transaction.atomic
def fit_allowance(*, period: ContractPeriod, days: Days | None, now: datetime) -> list[Lot]:
    """Void of a period's allowance what goes beyond the share of its days, as far as it is unused; no days: all of it.

    Billing calls it when the fee of the period changes to those days. What an earlier share had voided is given back
    before. A lot that has expired, or was voided by a person, stays. Gives the lots that changed; again there are none.
    """
    contract = lock_contract(period.contract_id)
    return [
        lot
        for lot in lock_lots(contract)
        if lot.period_id == period.pk
        and lot.source == Lot.Source.ALLOWANCE
        and lot.voided_at is None
        and not has_expired(lot, contract, now)
        and _fit(contract, lot, days, now)
    ]


def _fit(contract: Contract, lot: Lot, days: Days | None, now: datetime) -> bool:
    """Whether a lot had to change to be the share of these days."""
    assert lot.grant is not None  # of an allowance
    beyond = lot.granted - (share_of(contract, lot.grant, days) if days else 0)
    standing = _movements(lot).filter(kind=Movement.Kind.VOID, corrections=None).first()
    voided = -_moved(standing, lot) if standing else 0
    wanted = min(max(0, beyond), lot.left + voided)
    if wanted == voided:
        return False
    if standing is not None:
        key = _next_key(lot)
        part = ledger.reversal(key, ledger.void(standing.idempotency_key, lot.pk, voided))
        book(contract, Movement.Kind.REVERSAL, key, [part], now=now, corrects=standing)
    if wanted:
        key = _next_key(lot)
        part = ledger.void(key, lot.pk, wanted)
        book(contract, Movement.Kind.VOID, key, [part], now=now, note=_why(contract, days))
    record("allowance_fitted", lot, now=now, code=lot.code, voided=wanted)
    return True


def _movements(lot: Lot) -> QuerySet[Movement]:
    """What shares have moved of a lot so far."""
    return Movement.objects.filter(contract=lot.contract_id, idempotency_key__startswith=f"share:{lot.pk}:")


def _next_key(lot: Lot) -> str:
    """A key that no earlier share of a locked lot has had."""
    return f"share:{lot.pk}:{_movements(lot).count() + 1}"


def _moved(movement: Movement, lot: Lot) -> int:
    """What a movement put into a lot's own account."""
    return sum(row.quantity for row in movement.postings.filter(lot=lot, account=ledger.Account.LOT))


def _why(contract: Contract, days: Days | None) -> str:
    """What the client reads in the statement, in their language."""
    with override(contract.client.language):
        if days is None:
            return _("The contract ended before this period.")
        facts = {"paid": days.paid, "whole": days.whole}
        return _("The contract has %(paid)d of the %(whole)d days of this period.") % facts
