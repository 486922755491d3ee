"""Booking the expiry of lots: worklog does it because it knows what is pending."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ecuanime.entitlements.actions import book_expiry, locked_lots
from ecuanime.entitlements.models import Lot, Movement
from ecuanime.worklog.actions.periods import open_due_periods
from ecuanime.worklog.pending import pending_of


@transaction.atomic
def expire_lot(*, lot: Lot, now: datetime) -> Movement | None:
    """Book what a lot that is due loses: its balance less what is pending of work done in its validity.

    The contract is locked first, so that no approval draws between counting and booking, and a period that is due is
    opened first, so that nothing expires that rolls over. None when nothing expires, or when the lot is not due (any
    more).
    """
    open_due_periods(contract=lot.contract, now=now)
    lot = next(row for row in locked_lots(lot.contract) if row.pk == lot.pk)
    if lot.next_due_at is None or lot.next_due_at > now:
        return None
    pending = pending_of(lot.contract).by_lot.get(lot.pk, 0)
    return book_expiry(lot=lot, pending_hundredths=pending, now=now)
