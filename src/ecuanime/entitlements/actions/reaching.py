"""Letting a pack pay for work done before it was bought. See docs/rules/reattachment.md."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.entitlements.booking import lock_contract, lock_lots
from ecuanime.entitlements.models import Lot
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused


@transaction.atomic
def reach_back(*, lot: Lot, to: date, now: datetime) -> list[Lot]:
    """Let a bought lot, and the bonus it came with, pay for work from `to` on; its last day stays. Gives these lots.

    Nothing is drawn by this. A day that it reaches already changes nothing.
    Refused: `not_bought` (an allowance, or a bonus by itself), `not_usable` (not paid yet, or void).
    """
    lots = lock_lots(lock_contract(lot.contract_id))
    lot = next(other for other in lots if other.pk == lot.pk)
    if lot.is_allowance or lot.is_bonus:
        raise Refused("not_bought", _("Only a pack that was bought can pay for earlier work."))
    if lot.usable_from is None or lot.voided_at is not None:
        raise Refused("not_usable", _("%(code)s is not paid yet, or was voided.") % {"code": lot.code})
    pack = [each for each in lots if each == lot or (each.is_bonus and each.belongs_to_id == lot.pk)]
    for each in pack:
        if to < (each.reaches_back_to or each.valid_from):
            each.reaches_back_to = to
            each.save(update_fields=["reaches_back_to"])
            record("lot_reaches_back", each, now=now, code=each.code, to=to.isoformat())
    return pack
