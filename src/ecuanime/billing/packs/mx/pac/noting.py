"""Writing down what became of a CFDI that waits for its stamp: the row, locked after its document, and a rejection."""

from __future__ import annotations

from datetime import datetime

from ecuanime.billing.models import Cfdi, Invoice
from ecuanime.billing.packs.mx.pac.telling import tell_rejected
from ecuanime.foundation.audit import record


def waiting(row: Cfdi) -> Cfdi | None:
    """The row, locked after its invoice; None when somebody else wrote its answer meanwhile."""
    lock_document(row)
    rows = Cfdi.objects.select_for_update(of=("self",), no_key=True)
    found = rows.select_related("invoice", "replaces__invoice", "asked_by").get(pk=row.pk)
    return found if found.state == Cfdi.State.TO_STAMP else None


def lock_document(row: Cfdi) -> None:
    """Lock the document of a CFDI before its own row, as actions do; a global invoice has none."""
    if row.invoice_id is not None:
        Invoice.objects.select_for_update(no_key=True).get(pk=row.invoice_id)


def reject(found: Cfdi, code: str, words: str, now: datetime) -> None:
    """It will never be stamped as it is: somebody corrects what is named, and seals anew."""
    found.state, found.code, found.words = Cfdi.State.REJECTED, code[:20], words[:1500]
    found.trouble, found.claimed_until, found.answered_at = "", None, now
    found.save()
    record("cfdi_rejected", found, now=now, number=found.name, code=found.code)
    tell_rejected(found, now=now)
