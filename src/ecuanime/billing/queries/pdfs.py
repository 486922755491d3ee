"""Which PDF of a document is the one to read."""

from __future__ import annotations

from ecuanime.billing.models import Cfdi, Invoice
from ecuanime.foundation.models import StoredFile


def current_pdf(invoice: Invoice) -> StoredFile | None:
    """The document's own, or that of the CFDI which took its place in Mexico; None while it is being drawn."""
    if invoice.texts.get("pack") != "MX":
        return invoice.pdf
    newer = Cfdi.objects.current().filter(invoice=invoice, payment=None, pdf__isnull=False)
    row = newer.select_related("pdf").first()
    return invoice.pdf if row is None else row.pdf
