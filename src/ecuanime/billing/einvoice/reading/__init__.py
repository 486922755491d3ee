"""Reads a received electronic invoice: UBL, CII, a hybrid PDF or Facturae. Plain values out; nothing is believed.

A file comes from strangers: it is bounded in size, and XML with a document type, and so with entities, is refused.
"""

from __future__ import annotations

from ecuanime.billing.einvoice.reading.cii import read_cii
from ecuanime.billing.einvoice.reading.facturae import read_facturae
from ecuanime.billing.einvoice.reading.safe import Unreadable, carried_by, parsed
from ecuanime.billing.einvoice.reading.ubl import read_ubl
from ecuanime.billing.einvoice.reading.values import ReadInvoice, ReadTax

__all__ = ["ReadInvoice", "ReadTax", "Unreadable", "read_invoice"]

_READERS = {
    "Invoice": read_ubl,
    "CreditNote": read_ubl,
    "CrossIndustryInvoice": read_cii,
    "Facturae": read_facturae,
}


def read_invoice(content: bytes) -> ReadInvoice:
    """What a file says. Raises Unreadable: `too_large`, `hostile`, `no_data`, `unknown_format`, `incomplete`,
    `does_not_add_up`."""
    xml = carried_by(content) if content.startswith(b"%PDF") else content
    root = parsed(xml)
    name = root.tag.rpartition("}")[2]
    reader = _READERS.get(name)
    if reader is None:
        raise Unreadable("unknown_format")
    return reader(root).checked()
