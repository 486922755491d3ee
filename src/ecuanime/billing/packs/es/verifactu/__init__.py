"""VERI*FACTU: the chained invoice records of Spain, as plain values, their fingerprints, their XML and their QR.

No database and no clock. Source: RD 1007/2023; Orden HAC/1177/2024; the tax agency's schema `SuministroInformacion`
1.0, its specification of the fingerprint 0.1.2 (2024-08-27) and of the QR 0.5.0 (2025-12-10).
"""

from __future__ import annotations

from ecuanime.billing.packs.es.verifactu.checks import Fault, faults_of
from ecuanime.billing.packs.es.verifactu.huella import huella_of, sealed
from ecuanime.billing.packs.es.verifactu.qr import VerificationHost, qr_address
from ecuanime.billing.packs.es.verifactu.reading import ReadRecord, read_record
from ecuanime.billing.packs.es.verifactu.values import (
    Cancellation,
    Correction,
    Detail,
    ForeignId,
    InvoiceId,
    InvoiceType,
    Link,
    Recipient,
    Record,
    Registration,
    System,
    amount_text,
)
from ecuanime.billing.packs.es.verifactu.xml import NAMESPACE, xml_of

__all__ = [
    "NAMESPACE",
    "Cancellation",
    "Correction",
    "Detail",
    "Fault",
    "ForeignId",
    "InvoiceId",
    "InvoiceType",
    "Link",
    "ReadRecord",
    "Recipient",
    "Record",
    "Registration",
    "System",
    "VerificationHost",
    "amount_text",
    "faults_of",
    "huella_of",
    "qr_address",
    "read_record",
    "sealed",
    "xml_of",
]
