"""The book of received invoices of a Spanish firm, as its declarations and its adviser's program take it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from ecuanime.billing.books.taxes import Period, in_major
from ecuanime.billing.models import ReceivedTax
from ecuanime.billing.packs.es.purchases import PurchaseRow
from ecuanime.foundation.tables import Table

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
    "Moneda",
)
"""Those of the unified books of IVA and IRPF that a received file answers (RD 1624/1992, art. 64)."""


def received_taxes(period: Period) -> QuerySet[ReceivedTax]:
    """The tax lines of what suppliers issued in the period, in that order."""
    rows = ReceivedTax.objects.filter(invoice__issued_on__range=(period.first, period.last))
    return rows.select_related("invoice").order_by("invoice__issued_on", "invoice_id", "pk")


def purchase_of(tax: ReceivedTax) -> PurchaseRow:
    """A tax line as the declarations take it."""
    invoice = tax.invoice
    return PurchaseRow(
        number=invoice.number,
        issued_on=invoice.issued_on,
        supplier=invoice.supplier_name,
        tax_id=invoice.supplier_tax_id,
        category=tax.category,
        percent=tax.percent,
        base=tax.base,
        quota=tax.amount,
        withheld=invoice.withheld,
        is_correction=invoice.is_credit_note,
    )


def received_table(period: Period, taxes: Iterable[ReceivedTax]) -> Table:
    """The book, a row for each tax of a document."""
    return Table("Facturas recibidas", COLUMNS, [_row(period, tax) for tax in taxes])


def _row(period: Period, tax: ReceivedTax) -> tuple[str | Decimal | date | int | None, ...]:
    invoice = tax.invoice
    return (
        period.year,
        period.code,
        invoice.issued_on,
        invoice.filed_at.date(),
        invoice.number,
        invoice.supplier_tax_id,
        invoice.supplier_name,
        in_major(invoice.total),
        in_major(tax.base),
        tax.percent.normalize() + 0,
        in_major(tax.amount),
        in_major(invoice.withheld),
        invoice.about,
        invoice.currency,
    )
