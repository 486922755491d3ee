"""Giving up a document that its PAC rejected: it was never an invoice, and never will be."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.common import locked_issued, require_administrator, require_reason
from ecuanime.billing.actions.credits.annulling import take_note_back, take_out_of_books
from ecuanime.billing.models import Cfdi, Invoice
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused


@transaction.atomic
def abandon_rejected(*, invoice: Invoice, reason: str, by: User, now: datetime) -> Invoice:
    """Give up a document that was rejected and never stamped; again is a no-op.

    Its number stays used and nobody outside ever saw it. Nothing of it is owed, its time goes back to review, a pack
    that it sold is voided and a fee is charged again; what a credit note took off is owed again. No book had it.
    Refused: `not_allowed` (administrators alone do it), `no_reason`, `not_issued`, `not_rejected` (it may have been
    stamped), `advance` (it deducts one, or one is deducted from it), `pack_used`, and as `refuse_note_in_use`.
    """
    require_administrator(by)
    reason = require_reason(reason)
    issued = locked_issued(invoice)
    if issued.annulled_at is not None:
        return issued
    own = Cfdi.objects.filter(invoice=issued, payment=None)
    if not issued.is_held or not own.exists() or own.exclude(state=Cfdi.State.REJECTED).exists():
        raise Refused(
            "not_rejected",
            _(
                "Only what the PAC rejected is given up: what waits may be stamped already, and what is stamped is "
                "cancelled."
            ),
        )
    if issued.lines.filter(Q(deducted_by__isnull=False) | Q(deducts__isnull=False)).exists():
        raise Refused(
            "advance", _("An advance is deducted between it and another. Correct it and seal it anew.")
        )
    if issued.corrects_id is not None:
        take_note_back(issued, now)
    else:
        take_out_of_books(issued, reason, now)
    record("invoice_abandoned", issued, now=now, number=issued.number, reason=reason)
    return issued
