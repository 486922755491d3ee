"""An invoice as the frozen values its PDF is drawn from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import cast

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.billing.documents.annex import annex_of
from ecuanime.billing.documents.parties import Frozen, as_printed, customer_of, issuer_of
from ecuanime.billing.documents.payment_code import payment_code
from ecuanime.billing.documents.withheld import withheld_of_each
from ecuanime.billing.models import RATED_CATEGORIES, Invoice, InvoiceLine, LineSegment, TaxLine
from ecuanime.billing.packs import OnPaper, pack_for
from ecuanime.billing.pdf.document import (
    CorrectedInvoice,
    DocumentKind,
    InvoiceDocument,
    Language,
    Line,
    PaymentInstructions,
    Period,
    TaxTotal,
    Withholding,
)
from ecuanime.billing.pdf.figures import Figures
from ecuanime.rules.calendars import local_date
from ecuanime.rules.hours import HUNDREDTHS_PER_MINUTE
from ecuanime.staff.queries import the_firm

_KINDS = {
    Invoice.Kind.INVOICE: DocumentKind.INVOICE,
    Invoice.Kind.ADVANCE: DocumentKind.ADVANCE_INVOICE,
    Invoice.Kind.CREDIT_NOTE: DocumentKind.CREDIT_NOTE,
    Invoice.Kind.PRO_FORMA: DocumentKind.PRO_FORMA,
    Invoice.Kind.REPLACEMENT: DocumentKind.INVOICE,
}


def document_of(invoice: Invoice) -> InvoiceDocument:
    """The whole document: for an issued one from what was frozen, for a draft as it would be issued now.

    Payments are not printed: the PDF says what was owed when it was issued.
    """
    issuer, customer = parties_of(invoice)
    lines = _lines(invoice)
    figures = Figures.of(cast(Language, invoice.language), issuer["country"], invoice.currency)
    abroad = issuer["country"] != customer["country"]
    attention = customer.get("attention", "")
    paper = OnPaper() if invoice.is_draft else pack_for(issuer["country"]).on_paper(invoice)
    return InvoiceDocument(
        kind=_KINDS[Invoice.Kind(invoice.kind)],
        language=cast(Language, invoice.language),
        currency=invoice.currency,
        territory=issuer["country"],
        number=invoice.number or "",
        issued_on=invoice.issued_on or local_date(invoice.created_at, issuer["time_zone"]),
        issued_at=invoice.issued_at or invoice.created_at,
        due_on=invoice.due_on,
        period=_period(invoice),
        issuer=as_printed(issuer, invoice.language, abroad=abroad),
        customer=replace(as_printed(customer, invoice.language, abroad=abroad), attention=attention),
        lines=tuple(_line(line, figures) for line in lines),
        taxes=tuple(_tax(row) for row in invoice.taxes.order_by("pk")),
        total_minor=invoice.total,
        withholdings=_withheld(invoice),
        amount_due_minor=invoice.payable,
        corrects=_corrected(invoice),
        payment_instructions=_payment(invoice, issuer),
        notes=paper.notes,
        country_block=paper.block,
        annex=annex_of(invoice, lines),
        registry=issuer["registry_note"],
        demo=invoice.is_demo,
    )


def parties_of(invoice: Invoice) -> tuple[Frozen, Frozen]:
    """Issuer and customer: frozen once issued, as they stand before."""
    if invoice.is_draft:
        return issuer_of(the_firm()), customer_of(invoice.client)
    return invoice.issuer, invoice.customer


def _lines(invoice: Invoice) -> list[InvoiceLine]:
    parts = Prefetch("segments", LineSegment.objects.select_related("segment").order_by("pk"))
    return list(invoice.lines.order_by("position").prefetch_related(parts))


def _line(line: InvoiceLine, figures: Figures) -> Line:
    minutes = line.minutes
    has_rate = line.tax_category in RATED_CATEGORIES
    return Line(
        description=line.description,
        detail=line.detail,
        minutes=None if minutes is None else _exact(int(minutes * HUNDREDTHS_PER_MINUTE)),
        units=line.units,
        unit=line.unit_name,
        price=line.price,
        discount_minor=line.discount,
        discount="" if line.discount_percent is None else figures.percent(line.discount_percent),
        amount_minor=line.amount,
        tax=figures.percent(line.tax_percent) if has_rate else line.tax_name,
    )


def _exact(hundredths: int) -> Decimal:
    return Decimal(hundredths).scaleb(-2)


def _tax(row: TaxLine) -> TaxTotal:
    return TaxTotal(
        category=row.name,
        rate=row.percent if row.category in RATED_CATEGORIES else None,
        base_minor=row.base,
        tax_minor=row.amount,
        reason=row.reason,
        surcharge_rate=row.surcharge_percent,
        surcharge_minor=row.surcharge,
    )


def _withheld(invoice: Invoice) -> tuple[Withholding, ...]:
    with override(invoice.language):
        return tuple(
            Withholding(
                label=_("Withheld: %(tax)s") % {"tax": name},
                rate=percent,
                base_minor=invoice.withheld_base,
                amount_minor=amount,
            )
            for (name, percent), amount in withheld_of_each(invoice)
        )


def _period(invoice: Invoice) -> Period | None:
    if invoice.period_from is None or invoice.period_until is None:
        return None
    return Period(first=invoice.period_from, last=invoice.period_until)


def _corrected(invoice: Invoice) -> CorrectedInvoice | None:
    facts = invoice.texts.get("corrects") or {}
    if not facts:
        return None
    return CorrectedInvoice(
        number=facts["number"], issued_on=date.fromisoformat(facts["issued_on"]), reason=facts["reason"]
    )


def _payment(invoice: Invoice, issuer: Frozen) -> PaymentInstructions | None:
    """Where to transfer it; a correction and a restatement ask for nothing."""
    if invoice.corrects_id is not None or invoice.is_replacement or not issuer["iban"]:
        return None
    return PaymentInstructions(
        iban=issuer["iban"],
        holder=issuer["name"],
        reference=invoice.number or "",
        code=payment_code(invoice, issuer),
    )
