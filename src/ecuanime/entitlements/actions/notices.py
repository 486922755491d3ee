"""Telling the client that a lot runs low or will expire, once per lot and threshold. See docs/rules/notices.md."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ecuanime.contracts.models import Contract
from ecuanime.entitlements.booking import lock_contract, lock_lots
from ecuanime.entitlements.events import LotNoticed
from ecuanime.entitlements.letters import mail_notice
from ecuanime.entitlements.models import Lot, LotNotice
from ecuanime.foundation.audit import record
from ecuanime.foundation.events import publish
from ecuanime.rules.calendars import local_date
from ecuanime.rules.packs import Notice, Unit, expiry_notice, is_low


@transaction.atomic
def tell_low(*, lot: Lot, now: datetime) -> LotNotice | None:
    """Tell the client's project leads that a lot runs low; None when it does not, or when they were told before."""
    contract, lot = _locked(lot)
    if not _is_told_about(contract, lot) or not is_low(lot.left, lot.granted, Unit(lot.unit)):
        return None
    return _tell(contract, lot, Notice.LOW, now)


@transaction.atomic
def tell_expiring(*, lot: Lot, now: datetime) -> LotNotice | None:
    """Tell them that what is left of a lot expires soon; None when it does not, or when they were told before."""
    contract, lot = _locked(lot)
    if not _is_told_about(contract, lot) or lot.expires_on is None:
        return None
    notice = expiry_notice(lot.left, (lot.expires_on - local_date(now, contract.time_zone)).days)
    return _tell(contract, lot, notice, now) if notice else None


def _locked(lot: Lot) -> tuple[Contract, Lot]:
    contract = lock_contract(lot.contract_id)
    return contract, next(other for other in lock_lots(contract) if other.pk == lot.pk)


def _is_told_about(contract: Contract, lot: Lot) -> bool:
    """Whether a lot has notices at all: paid for, usable, on a contract that runs and shows its hours."""
    is_bought = not lot.is_bonus and not lot.is_allowance and lot.source != Lot.Source.OVERDRAFT
    is_usable = lot.usable_from is not None and lot.voided_at is None
    return is_bought and is_usable and contract.state == Contract.State.ACTIVE and contract.client_sees_hours


def _tell(contract: Contract, lot: Lot, notice: Notice, now: datetime) -> LotNotice | None:
    told, is_new = LotNotice.objects.get_or_create(lot=lot, threshold=notice.value, defaults={"told_at": now})
    if not is_new:
        return None
    mail_notice(contract, lot, notice, now=now)
    record("lot_notice_sent", lot, now=now, code=lot.code, threshold=notice.value, left=lot.left)
    publish(LotNoticed(lot_id=lot.pk, threshold=notice.value))
    return told
