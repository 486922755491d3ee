"""The book of received invoices of a Spanish firm, as its declarations and its adviser's program take it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import OuterRef, QuerySet, Subquery

from ecuanime.billing.books.received import declared_received
from ecuanime.billing.books.taxes import EURO, Period, in_major
from ecuanime.billing.documents.home_taxes import Declared
from ecuanime.billing.models import ReceivedInvoice, ReceivedTax
from ecuanime.billing.packs.es.purchases import PurchaseRow
from ecuanime.foundation.tables import Table
from ecuanime.rules.exchange import share

COLUMNS = (
    "Ejercicio",
    "Periodo",
    "Fecha expedición",
    "Fecha registro",
    "Número",
    "NIF expedidor",
    "Nombre expedidor",
    "Total factura",
    "Base imponible",
    "Tipo",
    "Cuota soportada",
    "Importe retenido IRPF",
    "Concepto",
    "Bien de inversión",
    "Aduana",
    "Moneda",
    "Total en moneda",
    "Tipo de cambio",
    "Fecha del cambio",
    "Fuente del cambio",
)
"""Those of the unified books of IVA and IRPF that a received file answers (RD 1624/1992, art. 64), whose amounts are in
euros, and what they were converted from."""
Cells = tuple[str | Decimal | date | int | None, ...]
_AT_CUSTOMS = {
    ReceivedInvoice.Customs.GOODS: "Bienes importados",
    ReceivedInvoice.Customs.PAID: "DUA",
    ReceivedInvoice.Customs.DEFERRED: "DUA diferido",
}


def received_taxes(period: Period) -> QuerySet[ReceivedTax]:
    """The tax lines of what suppliers issued in the period, in that order, each with the day of what it corrects."""
    original = ReceivedInvoice.objects.filter(
        supplier_tax_id=OuterRef("invoice__supplier_tax_id"), number=OuterRef("invoice__corrects")
    )
    rows = ReceivedTax.objects.filter(invoice__issued_on__range=(period.first, period.last))
    rows = rows.annotate(corrects_on=Subquery(original.order_by("-issued_on").values("issued_on")[:1]))
    return rows.select_related("invoice").order_by("invoice__issued_on", "invoice_id", "pk")


def purchases_of(tax: ReceivedTax) -> list[PurchaseRow]:
    """A tax line as the declarations take it, in euros, what is of investment goods apart; none while it waits."""
    whole = declared_received(tax, EURO)
    if whole is None:
        return []
    invested = _invested(tax, whole)
    rest = Declared(whole.base - invested.base, whole.amount - invested.amount)
    parts = ((rest, False), (invested, True))
    return [_purchase(tax, part, is_investment) for part, is_investment in parts if part != Declared()] or [
        _purchase(tax, whole, False)
    ]


def _invested(tax: ReceivedTax, whole: Declared) -> Declared:
    """The part of a tax that is of investment goods: as much of each amount as of its base."""
    if not tax.investment_base:
        return Declared()
    base, amount = (
        share(of_value=each, of_amount=tax.base, amount=tax.investment_base)
        for each in (whole.base, whole.amount)
    )
    return Declared(base, amount)


def _purchase(tax: ReceivedTax, part: Declared, is_investment: bool) -> PurchaseRow:
    invoice = tax.invoice
    return PurchaseRow(
        number=invoice.number,
        issued_on=invoice.issued_on,
        supplier=invoice.supplier_name,
        tax_id=invoice.supplier_tax_id,
        category=tax.category,
        percent=tax.percent,
        base=part.base,
        quota=part.amount,
        withheld=_withheld(invoice) or 0,
        is_correction=invoice.is_credit_note,
        corrects=invoice.corrects,
        corrects_on=getattr(tax, "corrects_on", None),
        is_investment=is_investment,
        customs=invoice.customs,
    )


def received_table(period: Period, taxes: Iterable[ReceivedTax]) -> Table:
    """The book, a row for each tax of a document, what is of investment goods in one of its own.

    What waits for its exchange rate is there without euros.
    """
    rows = [row for tax in taxes for row in _rows(period, tax)]
    return Table("Facturas recibidas", COLUMNS, rows)


def _rows(period: Period, tax: ReceivedTax) -> list[Cells]:
    return [_row(period, tax, part) for part in purchases_of(tax)] or [_row(period, tax, None)]


def _total(invoice: ReceivedInvoice) -> int | None:
    return invoice.total if invoice.currency == EURO else invoice.home_total


def _withheld(invoice: ReceivedInvoice) -> int | None:
    return invoice.withheld if invoice.currency == EURO else invoice.home_withheld


def _row(period: Period, tax: ReceivedTax, part: PurchaseRow | None) -> Cells:
    invoice = tax.invoice
    parts = (part.base, part.quota) if part else (None, None)
    euros = (_total(invoice), *parts, _withheld(invoice))
    total, base, quota, withheld = (None if each is None else in_major(each) for each in euros)
    return (
        period.year,
        period.code,
        invoice.issued_on,
        invoice.filed_at.date(),
        invoice.number,
        invoice.supplier_tax_id,
        invoice.supplier_name,
        total,
        base,
        tax.percent.normalize() + 0,
        quota,
        withheld,
        invoice.about,
        "S" if part and part.is_investment else "N",
        _AT_CUSTOMS.get(ReceivedInvoice.Customs(invoice.customs), ""),
        invoice.currency,
        in_major(invoice.total, invoice.currency),
        invoice.exchange_rate,
        invoice.rate_on,
        str(invoice.get_rate_source_display()),
    )
