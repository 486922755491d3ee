"""The sheet that typst draws: labels in the reader's language, figures already as text.

What leaves here is plain JSON values. The templates place them and decide nothing.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.billing.pdf.annex import annex_sheet
from ecuanime.billing.pdf.document import (
    CountryBlock,
    DocumentKind,
    InvoiceDocument,
    Line,
    Party,
    PaymentInstructions,
    TaxTotal,
)
from ecuanime.billing.pdf.figures import Figures

Sheet = dict[str, Any]


def invoice_sheet(document: InvoiceDocument, figures: Figures) -> Sheet:
    """Everything printed, as text, in the document's language."""
    with override(document.language):
        return {
            "language": figures.locale.language,
            "territory": figures.locale.territory,
            "title": _title(document),
            "issuer_name": document.issuer.name,
            "mark": _mark(document),
            "page_label": _("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
            "head": _head(document, figures),
            "lines": _lines(document, figures),
            "totals": _totals(document, figures),
            "payment": _payment(document.payment_instructions),
            "notes": [{"title": note.title, "text": note.text} for note in document.notes],
            "country": country_sheet(document.country_block),
            "logo_alt": (document.logo.alt or document.issuer.name) if document.logo else None,
            "registry": document.registry,
            "annex": annex_sheet(document, figures) if document.annex else None,
        }


def _title(document: InvoiceDocument) -> str:
    titles = {
        DocumentKind.INVOICE: _("Invoice %(number)s"),
        DocumentKind.CREDIT_NOTE: _("Credit note %(number)s"),
        DocumentKind.PRO_FORMA: _("Pro-forma invoice %(number)s"),
        DocumentKind.ADVANCE_INVOICE: _("Advance invoice %(number)s"),
    }
    return (titles[document.kind] % {"number": document.number}).strip()


def _mark(document: InvoiceDocument) -> str | None:
    if document.demo:
        return _("DEMO, not valid")
    return None if document.number else _("DRAFT, not issued")


def _head(document: InvoiceDocument, figures: Figures) -> Sheet:
    return {
        "dates": _dates(document, figures),
        "facts": [{"label": fact.label, "value": fact.value} for fact in document.facts],
        "banner": _banner(document, figures),
        "amount_label": _("Amount due") if document.payments or document.withholdings else _("Total"),
        "amount": figures.money(document.amount_due_minor),
        "from_label": _("From"),
        "issuer": _party(document.issuer),
        "to_label": _("To"),
        "customer": _party(document.customer),
    }


def _dates(document: InvoiceDocument, figures: Figures) -> list[Sheet]:
    dates = [{"label": _("Issued on"), "value": figures.long_date(document.issued_on)}]
    if document.due_on:
        dates.append({"label": _("Due on"), "value": figures.long_date(document.due_on)})
    if document.period:
        dates.append({"label": _("Period"), "value": figures.period(document.period)})
    return dates


def _banner(document: InvoiceDocument, figures: Figures) -> Sheet | None:
    """The sentence that must not be missed under the headline."""
    if document.kind is DocumentKind.PRO_FORMA:
        return {
            "strong": _("No fiscal value."),
            "text": _("This pro-forma is not an invoice: it announces one and gives no right to deduct tax."),
        }
    if document.corrects is None:
        return None
    strong = _("Corrects invoice %(number)s of %(date)s.") % {
        "number": document.corrects.number,
        "date": figures.long_date(document.corrects.issued_on),
    }
    reason = document.corrects.reason
    return {"strong": strong, "text": _("Reason: %(reason)s") % {"reason": reason} if reason else ""}


def _party(party: Party) -> Sheet:
    details = [party.tax_id, *party.address]
    if party.attention:
        details.append(_("For the attention of %(name)s") % {"name": party.attention})
    details += [party.email, party.phone]
    return {"name": party.name, "details": [detail for detail in details if detail]}


def _lines(document: InvoiceDocument, figures: Figures) -> Sheet:
    return {
        "labels": [_("No."), _("Description"), _("Quantity"), _("Price"), _("Tax"), _("Amount")],
        "rows": [_line(number, line, figures) for number, line in enumerate(document.lines, start=1)],
        "none": _("This document has no lines."),
    }


def _line(number: int, line: Line, figures: Figures) -> Sheet:
    quantity = price = ""
    if line.minutes is not None:
        quantity = figures.duration(line.minutes)
    elif line.units is not None:
        quantity = f"{figures.number(line.units)} {line.unit}".strip()
    if line.price is not None:
        price = figures.price(line.price) + ("/h" if line.minutes is not None else "")
    return {
        "number": str(number),
        "description": line.description,
        "detail": " · ".join(filter(None, [line.detail, _discount(line, quantity, price, figures)])),
        "cells": [quantity, price, line.tax, figures.money(line.amount_minor)],
    }


def _discount(line: Line, quantity: str, price: str, figures: Figures) -> str:
    """`3 × 12,345 € = 37,04 €, less 10 %: −3,70 €`: what was taken off, so that the line can be worked out again."""
    if not line.discount_minor:
        return ""
    figure = {
        "gross": f"{quantity} × {price} = {figures.money(line.amount_minor + line.discount_minor)}",
        "discount": figures.money(-line.discount_minor),
        "percent": line.discount,
    }
    if line.discount:
        return _("%(gross)s, less %(percent)s: %(discount)s") % figure
    return _("%(gross)s, less a discount: %(discount)s") % figure


def _totals(document: InvoiceDocument, figures: Figures) -> list[Sheet]:
    """Rows from the base down to what is still to be paid; each is `plain`, `total` or `due`."""
    base = sum(tax.base_minor for tax in document.taxes)
    rows = [_row(_("Tax base"), figures.money(base))]
    for tax in document.taxes:
        rows += [_tax_row(tax, figures), *_surcharge_rows(tax, figures)]
    rows += _withheld_rows(document, figures, in_total=True)
    rows.append(_row(_("Total"), figures.money(document.total_minor), style="total"))
    rows += _withheld_rows(document, figures, in_total=False)
    for payment in document.payments:
        received = _("Received %(date)s") % {"date": figures.medium_date(payment.received_on)}
        rows.append(_row(received, figures.money(-payment.amount_minor), note=payment.description))
    if document.payments or document.withholdings:
        rows.append(_row(_("Amount due"), figures.money(document.amount_due_minor), style="due"))
    return rows


def _tax_row(tax: TaxTotal, figures: Figures) -> Sheet:
    name = tax.category if tax.rate is None else f"{tax.category} {figures.percent(tax.rate)}"
    label = _("%(tax)s on %(base)s") % {"tax": name, "base": figures.money(tax.base_minor)}
    return _row(label, figures.money(tax.tax_minor), note=tax.reason)


def _surcharge_rows(tax: TaxTotal, figures: Figures) -> list[Sheet]:
    if not tax.surcharge_rate:
        return []
    name = f"{_('Equivalence surcharge')} {figures.percent(tax.surcharge_rate)}"
    label = _("%(tax)s on %(base)s") % {"tax": name, "base": figures.money(tax.base_minor)}
    return [_row(label, figures.money(tax.surcharge_minor))]


def _withheld_rows(document: InvoiceDocument, figures: Figures, *, in_total: bool) -> list[Sheet]:
    rows = []
    for held in document.withholdings:
        if held.in_total is in_total:
            name = f"{held.label} {figures.percent(held.rate)}"
            label = _("%(tax)s on %(base)s") % {"tax": name, "base": figures.money(held.base_minor)}
            rows.append(_row(label, figures.money(-held.amount_minor)))
    return rows


def _row(label: str, amount: str, *, note: str = "", style: str = "plain") -> Sheet:
    return {"label": label, "amount": amount, "note": note, "style": style}


def _payment(instructions: PaymentInstructions | None) -> Sheet | None:
    if instructions is None:
        return None
    compact = instructions.iban.replace(" ", "")
    rows = [
        (_("IBAN"), " ".join(compact[start : start + 4] for start in range(0, len(compact), 4))),
        (_("BIC"), instructions.bic),
        (_("Account holder"), instructions.holder),
        (_("Reference"), instructions.reference),
    ]
    return {
        "title": _("How to pay"),
        "text": instructions.text,
        "rows": [{"label": label, "value": value} for label, value in rows if value],
        "code_alt": instructions.code.alt if instructions.code else None,
        "code_label": _("Scan it with your bank's app"),
    }


def country_sheet(block: CountryBlock | None) -> Sheet | None:
    if block is None:
        return None
    return {
        "position": block.position,
        "side_mm": block.side_mm,
        "quiet_mm": block.quiet_mm,
        "above": list(block.above),
        "below": list(block.below),
        "alt": (block.picture.alt or _("Code to verify this document")) if block.picture else None,
    }
