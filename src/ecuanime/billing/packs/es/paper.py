"""What the paper of an invoice must show: the QR that verifies it with its legends, and what a substitution states.

Source: Orden HAC/1177/2024, arts. 20 and 21; RD 1619/2012, art. 15.
"""

from __future__ import annotations

import io

import segno
from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.billing.models import FiscalRecord, Invoice
from ecuanime.billing.packs.es.mapping import EURO, amounts_of, correction_of, replaced_by
from ecuanime.billing.packs.es.verifactu import VerificationHost, amount_text, qr_address
from ecuanime.billing.packs.es.verifactu.qr import QUIET_MM
from ecuanime.billing.pdf.document import CountryBlock, Note, Picture
from ecuanime.foundation import formats

SIDE_MM = 34
"""Between the 30 and 40 mm of the order, the white around it not counted."""
PIXELS_PER_MODULE = 8
ABOVE = "QR tributario:"
BELOW = ("Factura verificable en la sede electrónica de la AEAT", "VERI*FACTU")
"""The legends are in Spanish on every document: the order gives their words."""


def record_on_paper(invoice: Invoice) -> FiscalRecord | None:
    """The registration that an issued document bears; an amendment changes nothing that is printed."""
    registrations = invoice.fiscal_records.filter(kind=FiscalRecord.Kind.REGISTRATION, is_amendment=False)
    return registrations.select_related("chain").first()


def address_of(record: FiscalRecord, invoice: Invoice) -> str:
    """Where a document is verified; that of a demo leads to the agency's tests, which know nothing of it either."""
    host = VerificationHost.TEST if record.chain.is_demo else VerificationHost.LIVE
    issued_on = invoice.issued_on or record.written_at.date()
    return qr_address(record.chain.nif, invoice.number or "", issued_on, amount_text(record.total), host)


def qr_block(invoice: Invoice) -> CountryBlock | None:
    """The QR with its legends at the head of the first page, and for a demo that nothing of it is ever sent."""
    record = record_on_paper(invoice)
    if record is None:
        return None
    with override(invoice.language):
        demo = (_("Demo: this record is never sent"),) if record.chain.is_demo else ()
        alt = _("QR code that verifies this invoice at the tax agency")
    picture = Picture(data=qr_png(address_of(record, invoice)), alt=alt)
    return CountryBlock(
        position="head",
        picture=picture,
        side_mm=SIDE_MM,
        quiet_mm=QUIET_MM,
        above=(ABOVE,),
        below=(*BELOW, *demo),
    )


def qr_png(address: str) -> bytes:
    """The code as the order has it: ISO/IEC 18004, error correction M, the white around it left to the page."""
    drawn = io.BytesIO()
    segno.make(address, error="m", boost_error=False, micro=False).save(
        drawn, kind="png", scale=PIXELS_PER_MODULE, border=0
    )
    return drawn.getvalue()


def replacement_notes(invoice: Invoice) -> tuple[Note, ...]:
    """Of an invoice in place of simplified ones: which those are, and that nothing is asked for anew."""
    replaced = replaced_by(invoice)
    if not replaced:
        return ()
    locale = formats.locale_for(invoice.language, invoice.currency)
    with override(invoice.language):
        of_day = _("%(number)s of %(day)s")
        listed = [
            of_day % {"number": each.number, "day": formats.long_date(each.issued_on, locale)}
            for each in replaced
            if each.issued_on
        ]
        title = _("In place of simplified invoices")
        text = _("It replaces %(numbers)s. Nothing is charged anew.") % {"numbers": ", ".join(listed)}
    return (Note(title=title, text=text),)


def substitution_notes(invoice: Invoice) -> tuple[Note, ...]:
    """Of a correction by substitution: what now stands of the corrected invoice, and what that replaces."""
    correction = correction_of(invoice) if invoice.by_substitution else None
    if correction is None or invoice.corrects is None:
        return ()
    locale = formats.locale_for(invoice.language, EURO)
    rows = amounts_of(invoice)
    base, tax = sum(row.base for row in rows), sum(row.amount + row.surcharge for row in rows)

    def money(cents: int) -> str:
        return formats.money(cents, EURO, locale)

    with override(invoice.language):
        title = _("What stands of %(number)s from now on") % {"number": invoice.corrects.number}
        text = _(
            "Tax base %(base)s, tax %(tax)s, total %(total)s. This replaces a tax base of %(old_base)s and a tax of "
            "%(old_tax)s."
        ) % {
            "base": money(base),
            "tax": money(tax),
            "total": money(base + tax),
            "old_base": money(correction.base),
            "old_tax": money(correction.quota + correction.surcharge),
        }
    return (Note(title=title, text=text),)
