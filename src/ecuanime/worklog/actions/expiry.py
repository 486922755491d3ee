"""Booking the expiry of lots: worklog does it because it knows what is pending."""

from __future__ import annotations

from datetime import datetime

from ecuanime.entitlements.models import Lot, Movement


def expire_lot(*, lot: Lot, now: datetime) -> Movement | None:
    """Book what a lot that is due loses: its balance less what is pending of work done in its validity.

    None when nothing expires, or when the lot is not due (any more).
    """
    raise NotImplementedError
