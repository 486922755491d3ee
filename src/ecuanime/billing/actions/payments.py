"""Money received. A payment is never edited: a mistake is corrected by its negative."""

from __future__ import annotations

from datetime import date, datetime

from ecuanime.accounts.models import User
from ecuanime.billing.models import Invoice, Payment


def record_payment(
    *,
    invoice: Invoice,
    amount: int,
    received_on: date,
    by: User,
    now: datetime,
    idempotency_key: str,
    method: str = Payment.Method.TRANSFER,
    reference: str = "",
) -> Payment:
    """Note money received against an issued document, in minor units of its currency; part of it is fine.

    A negative amount is money given back (a refund, a chargeback), never more than was received. The same key again
    gives the first payment back.
    Refused: `not_allowed`, `not_issued`, `is_correction`, `no_amount`, `above_owed` (record the rest against another
    invoice), `below_paid`, `future`, `key_reused`.
    """
    raise NotImplementedError


def correct_payment(*, payment: Payment, reason: str, by: User, now: datetime) -> Payment:
    """Take a payment back that was noted by mistake, by its negative, which names it; again is a no-op.

    Refused: `not_allowed`, `no_reason`, `is_correction`, `below_paid`.
    """
    raise NotImplementedError
