"""What was left of packs when a firm moved in: bought elsewhere and paid there, so nothing is charged for it here."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.contracts.models import PACKS, Contract
from ecuanime.contracts.numbering import next_number
from ecuanime.entitlements.actions.overdraft import settle
from ecuanime.entitlements.booking import book, earlier, has_expired, lock_contract, refresh, refuse_key
from ecuanime.entitlements.events import PackGranted
from ecuanime.entitlements.lots import narrow, require_running
from ecuanime.entitlements.models import Lot, Movement
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish
from ecuanime.rules import ledger
from ecuanime.rules.calendars import end_of_day, local_date

MOST = 100_000 * 6000
"""A hundred thousand hours, in hundredths of a minute."""
DEAREST = Decimal(1_000_000)


@transaction.atomic
def open_balance(
    *,
    contract: Contract,
    left: int,
    unit_price_paid: Decimal,
    expires_on: date | None,
    now: datetime,
    idempotency_key: str,
    is_bonus: bool = False,
) -> Lot:
    """Put what is left of an earlier pack into a lot of its own (BN-0001), to be drawn for work from today on.

    `left` is hundredths of a minute, or whole incidents, as the contract's pack counts; `unit_price_paid` is what an
    hour or an incident of it cost, 0 for a bonus alone. The same key again gives the first lot back.
    Refused: `not_a_pack`, `not_in_force`, `contract_ended`, `no_quantity`, `no_unit_price`, `expired`, `key_reused`.
    """
    contract = lock_contract(contract.pk)
    if contract.version.plan.kind not in PACKS:
        raise Refused("not_a_pack", _("This contract is no pack, so nothing can be left of one."))
    before = earlier(contract, idempotency_key, Movement.Kind.GRANT)
    if before is not None:
        return _opened_before(before, left)
    today = local_date(now, contract.time_zone)
    require_running(contract, today)
    _refuse(left, unit_price_paid, is_bonus)
    grant = contract.version.grants.get()
    lot = Lot(
        contract=contract,
        code=next_number(Lot, "code", "BN-"),
        unit=grant.unit,
        source=Lot.Source.OPENING,
        granted=left,
        priority=grant.priority,
        is_bonus=is_bonus,
        valid_from=today,
        expires_on=expires_on,
        unit_price_paid=unit_price_paid,
        currency=contract.version.currency,
        bought_at=now,
        usable_from=now,
        next_due_at=end_of_day(expires_on, contract.time_zone) if expires_on else None,
    )
    if has_expired(lot, contract, now):
        raise Refused("expired", _("Its last day is over, so nothing of it is left."))
    lot.save(force_insert=True)
    narrow(lot, grant)
    part = ledger.grant(idempotency_key, lot.pk, left)
    book(contract, Movement.Kind.GRANT, idempotency_key, [part], now=now, cause="opening")
    refresh([lot])
    settle(contract, [lot], now)
    record("balance_opened", lot, now=now, code=lot.code, left=left, unit_price=str(unit_price_paid))
    publish(PackGranted(lot_id=lot.pk))
    return lot


def _refuse(left: int, unit_price_paid: Decimal, is_bonus: bool) -> None:
    if not 0 < left <= MOST:
        raise Refused("no_quantity", _("Say how much is left: more than nothing, and up to 100,000 hours."))
    if (
        not unit_price_paid.is_finite()
        or not 0 <= unit_price_paid <= DEAREST
        or (unit_price_paid == 0) != is_bonus
    ):
        raise Refused(
            "no_unit_price", _("Say what an hour or an incident of it cost; only a bonus cost nothing.")
        )


def _opened_before(movement: Movement, left: int) -> Lot:
    lot = Lot.objects.get(postings__movement=movement, postings__account="lot")
    if lot.granted != left:
        refuse_key()
    return lot
