"""An invoice as the frozen values its PDF is drawn from."""

from __future__ import annotations

from ecuanime.billing.models import Invoice
from ecuanime.billing.pdf.document import InvoiceDocument


def document_of(invoice: Invoice) -> InvoiceDocument:
    """The whole document: for an issued one from what was frozen, for a draft as it would be issued now.

    Payments are not printed: the PDF says what was owed when it was issued.
    """
    raise NotImplementedError
