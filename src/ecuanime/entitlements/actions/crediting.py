"""Time given back to a client for promises that were not kept."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.contracts.models import Contract, Unit
from ecuanime.contracts.numbering import next_number
from ecuanime.entitlements.actions.overdraft import settle
from ecuanime.entitlements.booking import book, earlier, lock_contract, refresh
from ecuanime.entitlements.lots import require_running
from ecuanime.entitlements.models import Lot, Movement
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.rules import ledger
from ecuanime.rules.calendars import local_date
from ecuanime.rules.hours import HUNDREDTHS_PER_MINUTE


@transaction.atomic
def grant_credit(
    *, contract: Contract, minutes: int, reason: str, now: datetime, idempotency_key: str
) -> Lot:
    """Put so many minutes into a lot of their own (BN-0001), as a bonus: without price, for any work from today on.

    `reason` stands on its line of the statement. They last as long as the contract. The same key again gives the
    first lot back. Refused: `no_quantity`, `not_in_force`, `contract_ended`.
    """
    contract = lock_contract(contract.pk)
    before = earlier(contract, idempotency_key, Movement.Kind.BONUS)
    if before is not None:
        return Lot.objects.get(postings__movement=before, postings__account="lot")
    if minutes < 1:
        raise Refused("no_quantity", _("There is nothing to give."))
    today = local_date(now, contract.time_zone)
    require_running(contract, today)
    quantity = minutes * HUNDREDTHS_PER_MINUTE
    lot = Lot.objects.create(
        contract=contract,
        code=next_number(Lot, "code", "BN-"),
        unit=Unit.MINUTES,
        source=Lot.Source.CREDIT,
        granted=quantity,
        is_bonus=True,
        valid_from=today,
        unit_price_paid=0,
        currency=contract.version.currency,
        bought_at=now,
        usable_from=now,
    )
    part = ledger.bonus(idempotency_key, lot.pk, quantity)
    book(contract, Movement.Kind.BONUS, idempotency_key, [part], now=now, cause="credit", note=reason[:300])
    refresh([lot])
    settle(contract, [lot], now)
    record("credit_granted", lot, now=now, code=lot.code, minutes=minutes, reason=reason)
    return lot
