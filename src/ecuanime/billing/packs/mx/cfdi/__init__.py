"""CFDI 4.0 (Anexo 20 of the Resolución Miscelánea Fiscal): values in, sealed XML out. No database, clock or network."""

from __future__ import annotations

from ecuanime.billing.packs.mx.cfdi.amounts import TaxSum, charged_sums, micros_of, total_of, withheld_sums
from ecuanime.billing.packs.mx.cfdi.original import original_string, stamp_string
from ecuanime.billing.packs.mx.cfdi.payments import PaidDocument, PaidTax, Receipt, paid_document
from ecuanime.billing.packs.mx.cfdi.sealing import Csd, sealed, sealed_receipt
from ecuanime.billing.packs.mx.cfdi.stamps import (
    IN_PLACE_OF,
    Stamp,
    Unreadable,
    read_stamp,
    same_document,
    says_the_same,
)
from ecuanime.billing.packs.mx.cfdi.values import (
    Concept,
    Document,
    Issuer,
    Period,
    Receiver,
    Related,
    TaxPart,
)

__all__ = [
    "IN_PLACE_OF",
    "Concept",
    "Csd",
    "Document",
    "Issuer",
    "PaidDocument",
    "PaidTax",
    "Period",
    "Receipt",
    "Receiver",
    "Related",
    "Stamp",
    "TaxPart",
    "TaxSum",
    "Unreadable",
    "charged_sums",
    "micros_of",
    "original_string",
    "paid_document",
    "read_stamp",
    "same_document",
    "says_the_same",
    "sealed",
    "sealed_receipt",
    "stamp_string",
    "total_of",
    "withheld_sums",
]
