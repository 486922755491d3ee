"""An issued document as the record of it: what kind of invoice it is, for whom, and what it comes to in euros."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from ecuanime.billing.documents.home_taxes import declared, sum_of
from ecuanime.billing.models import FiscalRecord, Invoice, TaxLine
from ecuanime.billing.packs.es.treatment import Amounts, details_of
from ecuanime.billing.packs.es.verifactu import (
    Correction,
    ForeignId,
    InvoiceId,
    InvoiceType,
    Link,
    Recipient,
    Registration,
    System,
)
from ecuanime.billing.packs.es.verifactu.checks import nif_of
from ecuanime.billing.packs.generic.rates import EU_MEMBERS
from ecuanime.foundation.errors import Refused

EURO = "EUR"
LARGEST_SIMPLIFIED = 400_00
"""Cents, tax included. Source: RD 1619/2012, art. 4.1.a."""


def registration_of(
    invoice: Invoice, system: System, previous: Link | None, generated_at: datetime
) -> Registration:
    """The record of a document that has its number, not sealed yet.

    Refused: `no_nif` (a client in Spain without NIF, above what a simplified invoice may come to).
    """
    rows, correction = amounts_of(invoice), correction_of(invoice)
    quota = sum(row.amount + row.surcharge for row in rows)
    recipients, country = _recipients(invoice), invoice.customer["country"]
    type_ = type_of(invoice, has_recipient=bool(recipients))
    return Registration(
        invoice=invoice_id(invoice),
        issuer_name=invoice.issuer["name"][:120],
        type=type_,
        description=_description(invoice),
        details=details_of(rows, country),
        quota_total=quota,
        total=sum(row.base for row in rows) + quota,
        previous=previous,
        system=system,
        generated_at=generated_at,
        recipients=recipients,
        correction=correction,
        replaces=tuple(invoice_id(each) for each in replaced_by(invoice)),
        operation_on=operation_on(invoice, invoice.issued_on),
        without_recipient_id=type_.is_simplified and not recipients and country != "ES",
    )


def invoice_id(invoice: Invoice) -> InvoiceId:
    """What names an issued document."""
    return InvoiceId(nif_of(invoice.issuer["tax_id"]), invoice.number or "", invoice.issued_on or date.min)


def type_of(invoice: Invoice, *, has_recipient: bool) -> InvoiceType:
    """F1, or F2 for whom nothing identifies, F3 in place of such; a correction as it was chosen, R5 always for one of a
    simplified one that no full invoice has replaced."""
    if invoice.is_replacement:
        return InvoiceType.REPLACES_SIMPLIFIED
    if invoice.corrects is None:
        return InvoiceType.FULL if has_recipient else InvoiceType.SIMPLIFIED
    known = FiscalRecord.objects.filter(invoice=invoice.corrects, kind=FiscalRecord.Kind.REGISTRATION)
    if invoice.corrects.replaced_by_id is None and known.filter(type=InvoiceType.SIMPLIFIED).exists():
        return InvoiceType.OF_SIMPLIFIED
    return InvoiceType(invoice.correction_type or InvoiceType.ERROR_IN_LAW)


def replaced_by(invoice: Invoice) -> list[Invoice]:
    """The simplified invoices in whose place a document stands, in the order of their numbers."""
    return list(invoice.replaces.order_by("issued_on", "pk")) if invoice.is_replacement else []


def _recipients(invoice: Invoice) -> tuple[Recipient, ...]:
    """Whoever the document is for, by NIF at home and by their country's id abroad. Refused: `no_nif`."""
    customer = invoice.customer
    tax_id, country, name = customer["tax_id"].strip(), customer["country"], customer["name"][:120]
    if not tax_id:
        if country == "ES" and abs(_total_of(invoice)) > LARGEST_SIMPLIFIED:
            raise Refused(
                "no_nif",
                _(
                    "Above 400 euros an invoice names the client's NIF (RD 1619/2012, arts. 4 and 6). Fill it in."
                ),
            )
        return ()
    if country == "ES":
        return (Recipient(name, nif=nif_of(tax_id)),)
    kind = "02" if country in EU_MEMBERS else "04"
    return (Recipient(name, foreign=ForeignId(country, kind, tax_id)),)


def _total_of(invoice: Invoice) -> int:
    return sum_of(declared(row, EURO) for row in invoice.taxes.all()).total


def amounts_of(invoice: Invoice) -> list[Amounts]:
    """The taxes of the document in cents of a euro; of a correction by substitution, what is left of the original's."""
    own = list(invoice.taxes.order_by("pk"))
    if invoice.corrects is None or not invoice.by_substitution:
        return [_amounts([row]) for row in own]
    by_code = {row.tax_code: [row] for row in invoice.corrects.taxes.order_by("pk")}
    for row in [*_before(invoice), *own]:
        by_code[row.tax_code].append(row)
    return [_amounts(rows) for rows in by_code.values()]


def _amounts(rows: Sequence[TaxLine]) -> Amounts:
    first, sums = rows[0], sum_of(declared(row, EURO) for row in rows)
    return Amounts(
        first.name,
        first.category,
        first.percent,
        base=sums.base,
        amount=sums.amount,
        levy=first.levy,
        regime=first.regime,
        operation=first.operation,
        surcharge_percent=first.surcharge_percent,
        surcharge=sums.surcharge,
    )


def _before(note: Invoice) -> list[TaxLine]:
    """The taxes that earlier corrections of the same document took off."""
    others = Invoice.objects.filter(corrects=note.corrects, state=Invoice.State.ISSUED).exclude(pk=note.pk)
    return list(TaxLine.objects.filter(invoice__in=others).select_related("invoice").order_by("pk"))


def correction_of(invoice: Invoice) -> Correction | None:
    """What a correction says of the document it corrects; None of any other."""
    original = invoice.corrects
    if original is None:
        return None
    if not invoice.by_substitution:
        return Correction((invoice_id(original.replaced_by or original),))
    replaced = sum_of(declared(row, EURO) for row in (*original.taxes.all(), *_before(invoice)))
    return Correction(
        (invoice_id(original),),
        by_substitution=True,
        base=replaced.base,
        quota=replaced.amount,
        surcharge=replaced.surcharge,
    )


def operation_on(invoice: Invoice, issued_on: date | None) -> date | None:
    """The last day of the work, when that is before the day of issue; a correction names its original instead."""
    until = invoice.period_until
    if invoice.corrects_id or until is None or issued_on is None or until >= issued_on:
        return None
    return until


def _description(invoice: Invoice) -> str:
    """What was done, from the lines, each text once."""
    texts = dict.fromkeys(invoice.lines.order_by("position").values_list("description", flat=True))
    return " ".join("; ".join(texts).split())[:500]
