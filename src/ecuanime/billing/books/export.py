"""Invoices for the firm's accounting or invoicing program."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from django.db.models import QuerySet

from ecuanime.billing.models import Invoice, InvoiceLine
from ecuanime.foundation.tables import BYTE_ORDER_MARK, csv_row, harmless
from ecuanime.rules.money import currency_exponent

COLUMNS = (
    "number",
    "kind",
    "issued_on",
    "due_on",
    "corrects",
    "client_code",
    "customer_name",
    "customer_tax_id",
    "currency",
    "line",
    "description",
    "detail",
    "minutes",
    "price_per_60_minutes",
    "units",
    "unit_price",
    "unit",
    "line_kind",
    "deducts",
    "discount_percent",
    "discount",
    "amount",
    "tax",
    "tax_category",
    "tax_percent",
    "document_net",
    "document_tax",
    "document_total",
    "surcharge_percent",
    "document_withheld",
    "document_to_pay",
)


def invoices_csv(invoices: QuerySet[Invoice]) -> Iterator[str]:
    """CSV text (RFC 4180, UTF-8 with a mark, decimal points), one row per line of each issued document, in order.

    Time is in minutes with the price per 60; amounts in major units. A text that a spreadsheet would take for a
    formula is preceded by an apostrophe. Drafts are left out: they may still change.
    """
    yield BYTE_ORDER_MARK + csv_row(COLUMNS)
    for row in invoice_rows(invoices):
        yield csv_row(row)


def invoice_rows(invoices: QuerySet[Invoice]) -> Iterator[list[str]]:
    """The same as cells, in the order of the columns."""
    issued = (
        invoices.filter(state=Invoice.State.ISSUED)
        .select_related("corrects")
        .prefetch_related("lines__deducts__invoice")
    )
    for invoice in issued.order_by("issued_at", "pk").iterator(chunk_size=200):
        for number, line in enumerate(invoice.lines.all(), start=1):
            yield _cells(invoice, number, line)


def _cells(invoice: Invoice, number: int, line: InvoiceLine) -> list[str]:
    minutes, exponent = line.minutes, currency_exponent(invoice.currency)
    price = f"{line.price.normalize():f}"
    is_time = minutes is not None
    return [
        harmless(invoice.number or ""),
        invoice.kind,
        invoice.issued_on.isoformat() if invoice.issued_on else "",
        invoice.due_on.isoformat() if invoice.due_on else "",
        harmless((invoice.corrects.number or "") if invoice.corrects else ""),
        harmless(invoice.customer["code"]),
        harmless(invoice.customer["name"]),
        harmless(invoice.customer["tax_id"]),
        invoice.currency,
        str(number),
        harmless(line.description),
        harmless(line.detail),
        _minutes(minutes),
        price if is_time else "",
        _decimal(line.units),
        "" if is_time else price,
        harmless(line.unit_name),
        line.kind,
        harmless((line.deducts.invoice.number or "") if line.deducts else ""),
        _decimal(line.discount_percent),
        _major(line.discount, exponent),
        _major(line.amount, exponent),
        harmless(line.tax_name),
        line.tax_category,
        f"{line.tax_percent.normalize():f}",
        _major(invoice.net, exponent),
        _major(invoice.tax, exponent),
        _major(invoice.total, exponent),
        f"{line.surcharge_percent.normalize():f}",
        _major(invoice.withheld, exponent),
        _major(invoice.payable, exponent),
    ]


def _decimal(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def _minutes(minutes: Fraction | None) -> str:
    """Hundredths are the finest that is printed, so this is exact."""
    return "" if minutes is None else f"{(Decimal(int(minutes * 100)) / 100).normalize():f}"


def _major(minor: int, exponent: int) -> str:
    return f"{Decimal(minor).scaleb(-exponent):f}"
