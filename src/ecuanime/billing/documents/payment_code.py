"""The code that a bank's app reads to fill in a transfer: EPC069-12, version 002 (SEPA credit transfer)."""

from __future__ import annotations

import io
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import override
from segno import helpers

from ecuanime.billing.documents.parties import Frozen
from ecuanime.billing.models import Invoice
from ecuanime.billing.pdf.document import Picture
from ecuanime.rules.sepa import EEA

LARGEST_CENTS = 99_999_999_999
LONGEST_NAME = 70
PIXELS_PER_MODULE = 6
QUIET_MODULES = 4


def payment_code(invoice: Invoice, issuer: Frozen) -> Picture | None:
    """What pays an issued invoice in euro, with its number as the text; none where there is nothing to be transferred.

    A demo has none: its account is nobody's who should be paid.
    """
    iban = issuer["iban"].replace(" ", "")
    is_asked = not invoice.is_draft and not invoice.is_demo and invoice.corrects_id is None
    if not is_asked or invoice.currency != "EUR" or iban[:2] not in EEA:
        return None
    if not 0 < invoice.payable <= LARGEST_CENTS:
        return None
    code = helpers.make_epc_qr(
        name=issuer["name"][:LONGEST_NAME],
        iban=iban,
        amount=Decimal(invoice.payable).scaleb(-2),
        text=invoice.number,
        encoding="utf-8",
    )
    drawn = io.BytesIO()
    code.save(drawn, kind="png", scale=PIXELS_PER_MODULE, border=QUIET_MODULES)
    with override(invoice.language):
        alt = _("QR code to pay this invoice with your bank's app")
    return Picture(data=drawn.getvalue(), alt=alt)
