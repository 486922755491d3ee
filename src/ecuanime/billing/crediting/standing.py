"""Credits that stand: what a credit note took off counts no more once the note itself was taken back."""

from __future__ import annotations

from typing import Literal

from django.db.models import Prefetch, QuerySet

from ecuanime.billing.models import InvoiceLine


def standing_credits() -> Prefetch[Literal["credited_by"], QuerySet[InvoiceLine], str]:
    """The lines that credit a line and stand, at hand as `credited_by`."""
    rows = InvoiceLine.objects.filter(invoice__annulled_at=None).select_related("invoice")
    return Prefetch("credited_by", rows)
