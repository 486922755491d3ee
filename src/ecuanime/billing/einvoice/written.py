"""An issued invoice written in a syntax, or refused with the reason before anything is written."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import models
from django.utils.translation import gettext as _
from lxml import etree

from ecuanime.billing.documents.frozen import document_of
from ecuanime.billing.einvoice.cii import as_cii
from ecuanime.billing.einvoice.facturae import as_facturae, facturae_faults, signed_facturae
from ecuanime.billing.einvoice.faults import faults_of
from ecuanime.billing.einvoice.hybrid import marked_hybrid
from ecuanime.billing.einvoice.of_invoice import electronic
from ecuanime.billing.einvoice.official import Syntax, schema_fault
from ecuanime.billing.einvoice.ubl import as_ubl
from ecuanime.billing.einvoice.values import ElectronicInvoice
from ecuanime.billing.models import Cfdi, Invoice
from ecuanime.billing.packs.es.agency.client import Credentials
from ecuanime.billing.packs.es.agency.outbox import credentials_in_use
from ecuanime.billing.packs.generic.rates import EU_MEMBERS
from ecuanime.billing.packs.mx.global_paper import global_pdf
from ecuanime.billing.packs.mx.paper import stamped_of
from ecuanime.billing.packs.mx.receipt_paper import complement_pdf
from ecuanime.billing.pdf import RenderError, render_invoice
from ecuanime.clients.models import InvoiceFormat
from ecuanime.foundation.errors import Refused

logger = logging.getLogger(__name__)


class BrokenFile(RenderError):
    """A file of ours that the official schema rejects."""


class DataFile(models.TextChoices):
    """What a document can be had as, beside its PDF."""

    UBL = "ubl", "UBL 2.1"
    CII = "cii", "CII"
    FACTURAE = "facturae", "Facturae 3.2.2"
    CFDI = "cfdi", "CFDI 4.0"


def written(invoice: Invoice, file: DataFile, now: datetime) -> bytes:
    """The document as one of these files; a Facturae is signed where the firm has a certificate.

    Refused: `not_invoice`, `no_e_invoice`.
    """
    if file == DataFile.CFDI:
        return cfdi_of(invoice)
    if file == DataFile.FACTURAE:
        return facturae_of(invoice, credentials_in_use(), now)
    return ubl_of(invoice) if file == DataFile.UBL else cii_of(invoice)


def files_of(invoice: Invoice) -> dict[DataFile, list[str]]:
    """Each file with why a document cannot be written so; nothing where it can. Some are for firms of one country."""
    if invoice.is_draft or _is_no_invoice(invoice):
        return {}
    if invoice.issuer["country"] == "MX":
        return {DataFile.CFDI: [] if stamped_of(invoice) else [_not_stamped()]}
    values = electronic(invoice)
    european = faults_of(values)
    found = {DataFile.UBL: european, DataFile.CII: european}
    return found | ({DataFile.FACTURAE: facturae_faults(values)} if values.seller.country == "ES" else {})


def facturae_of(invoice: Invoice, credentials: Credentials | None, now: datetime) -> bytes:
    """The document as Facturae, signed if there is something to sign with. Refused: `not_invoice`, `no_e_invoice`."""
    xml = as_facturae(_sound(invoice, facturae_faults))
    if credentials is None:
        return xml
    return signed_facturae(xml, pem=credentials.pem, key_pem=credentials.key_pem, now=now)


def cfdi_of(invoice: Invoice) -> bytes:
    """The document as it was stamped, which in Mexico is the invoice itself. Refused: `not_invoice`, `no_e_invoice`."""
    if _is_no_invoice(invoice):
        raise Refused("not_invoice", _not_invoice())
    row = stamped_of(invoice)
    if row is None:
        raise Refused("no_e_invoice", _not_stamped())
    return row.stamped.encode()


def cii_of(invoice: Invoice) -> bytes:
    """The document as CII, the file inside a Factur-X. Refused: `not_invoice`, `no_e_invoice`."""
    values = _sound(invoice)
    return _checked(as_cii(values), Syntax.CII)


def ubl_of(invoice: Invoice) -> bytes:
    """The document as UBL 2.1. Refused: `not_invoice`, `no_e_invoice`."""
    values = _sound(invoice)
    return _checked(as_ubl(values), Syntax.UBL_CREDIT_NOTE if values.is_credit_note else Syntax.UBL_INVOICE)


def european_faults(invoice: Invoice) -> list[str]:
    """Why a document, issued or not yet, cannot be written by the European standard; nothing when it can."""
    if _is_no_invoice(invoice):
        return [_not_invoice()]
    return faults_of(electronic(invoice))


def faults_for(invoice: Invoice) -> list[str]:
    """Why it cannot be written as its client reads invoices; nothing where they read the PDF alone."""
    wanted = invoice.client.invoice_format
    if wanted == InvoiceFormat.NONE or invoice.is_replacement:
        return []
    if wanted != InvoiceFormat.FACTURAE:
        return european_faults(invoice)
    return facturae_faults(electronic(invoice)) + ([] if credentials_in_use() else [_no_certificate()])


def file_for(invoice: Invoice, now: datetime) -> bytes | None:
    """The file that goes beside the PDF to the client; None where they want none, or a pro-forma goes.

    What was stamped always goes. Refused: `no_e_invoice`, `no_certificate` (a Facturae leaves signed or not at all).
    """
    row = stamped_of(invoice)
    if row is not None:
        return row.stamped.encode()
    wanted = invoice.client.invoice_format
    if _is_no_invoice(invoice) or wanted not in (InvoiceFormat.UBL, InvoiceFormat.FACTURAE):
        return None
    if wanted == InvoiceFormat.UBL:
        return ubl_of(invoice)
    credentials = credentials_in_use()
    if credentials is None:
        raise Refused("no_certificate", _no_certificate())
    return facturae_of(invoice, credentials, now)


def drawn(invoice: Invoice) -> bytes:
    """The PDF of an issued document: a Factur-X where the client wants one, or the firm is in the Union and it can be.

    Raises `RenderError` when a figure does not add up.
    """
    document = document_of(invoice)
    is_usual = invoice.issuer["country"] in EU_MEMBERS
    if not (is_usual or invoice.client.invoice_format == InvoiceFormat.FACTUR_X) or european_faults(invoice):
        return render_invoice(document)
    try:
        return marked_hybrid(render_invoice(document, cii_of(invoice)))
    except BrokenFile:
        # The client gets what they can read all the same; that the data are broken is ours to mend.
        logger.exception("the data of %s could not be put in its PDF", invoice.number)
        return render_invoice(document)


def drawn_cfdi(row: Cfdi) -> bytes:
    """The PDF of a stamped CFDI with a paper of its own: a global invoice, a payment complement, or what took
    another one's place."""
    if row.invoice_id is None:
        return global_pdf(row)
    if row.payment_id is not None:
        return complement_pdf(row)
    row.document.customer = row.customer  # as the new one names them; the document's own text is final
    return drawn(row.document)


def _sound(
    invoice: Invoice, asked: Callable[[ElectronicInvoice], list[str]] = faults_of
) -> ElectronicInvoice:
    if invoice.is_draft or _is_no_invoice(invoice):
        raise Refused("not_invoice", _not_invoice())
    values = electronic(invoice)
    faults = asked(values)
    if faults:
        raise Refused("no_e_invoice", " ".join(faults))
    return values


def _checked(xml: bytes, syntax: Syntax) -> bytes:
    """A file that the official schema rejects is an error of ours: it never leaves."""
    fault = schema_fault(etree.fromstring(xml), syntax)
    if fault:
        raise BrokenFile(f"the electronic invoice breaks its schema: {fault}")
    return xml


def _is_no_invoice(invoice: Invoice) -> bool:
    """A pro-forma is none, one of a former program was written by that program, and what restates simplified invoices
    asks for nothing, which no syntax has a way to say."""
    return invoice.is_pro_forma or invoice.is_brought or invoice.is_replacement


def _no_certificate() -> str:
    return _("There is no certificate to sign with. Upload the firm's on the agency's page.")


def _not_stamped() -> str:
    return _("It is not stamped yet.")


def _not_invoice() -> str:
    return _("Only an issued invoice or credit note can be sent as an electronic invoice.")
