"""Credit notes: the only way to correct what was issued."""

from __future__ import annotations

from datetime import datetime

from ecuanime.accounts.models import User
from ecuanime.billing.models import Charge, Invoice


def credit_invoice(
    *, invoice: Invoice, reason: str, by: User, now: datetime, free_time: bool = True
) -> Invoice:
    """Cancel an issued document whole by a credit note (a negative pro-forma for a pro-forma), issued at once.

    Its time is freed: with `free_time` each entry goes back to review and what it drew returns to its lots; without,
    the approvals stand and the next run bills the same time again (when only the document was wrong). A pack on it
    is voided. What was paid is then owed to the client (`owed` < 0).
    Refused: `not_allowed`, `not_issued`, `is_correction`, `credited`, `no_reason`, `pack_used` (pay its unused hours
    back instead), `export_only`.
    """
    raise NotImplementedError


def pay_back_pack(*, charge: Charge, reason: str, by: User, now: datetime, idempotency_key: str) -> Invoice:
    """Credit the unused paid hours of a pack at the price paid; its unused bonus goes along. Gives the credit note.

    Refused: `not_allowed`, `not_issued`, `credited`, `export_only`, and as `entitlements.refund_unused`.
    """
    raise NotImplementedError
