"""The book of received invoices: a page of it, what it comes to, and the whole as rows for a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch, QuerySet, Sum

from ecuanime.billing.models import Invoice, ReceivedInvoice, ReceivedTax
from ecuanime.contracts.models import Contract
from ecuanime.foundation.paging import Page, page_of
from ecuanime.foundation.tables import BYTE_ORDER_MARK, csv_row, harmless
from ecuanime.rules.money import currency_exponent

COLUMNS = (
    "number",
    "issued_on",
    "filed_on",
    "supplier",
    "tax_id",
    "currency",
    "tax_category",
    "tax_percent",
    "base",
    "tax",
    "document_total",
    "document_withheld",
    "contract",
    "charged_on",
    "stated_currency",
    "stated_base",
    "stated_tax",
    "stated_total",
    "exchange_rate",
    "rate_on",
    "rate_source",
    "customs",
    "investment_base",
)

MOST_PLACES = 200


@dataclass(frozen=True)
class BookSum:
    """What the book comes to in one currency, minor units."""

    currency: str
    net: int
    tax: int
    total: int


def received_in(first: date, last: date) -> QuerySet[ReceivedInvoice]:
    """What was issued to the firm on some days, both inclusive."""
    return ReceivedInvoice.objects.filter(issued_on__range=(first, last))


def received_page(first: date, last: date, *, after: str = "", size: int = 50) -> Page[ReceivedInvoice]:
    """A page of the book, the latest first, with what a row shows."""
    rows = received_in(first, last).select_related("contract__client", "line__invoice")
    return page_of(rows.prefetch_related("taxes"), order=("-issued_on", "-id"), after=after, size=size)


def received_sums(first: date, last: date) -> list[BookSum]:
    """What the days come to, by currency."""
    rows = received_in(first, last).order_by("currency").values("currency")
    return [BookSum(**row) for row in rows.annotate(net=Sum("net"), tax=Sum("tax"), total=Sum("total"))]


def places_to_charge(received: ReceivedInvoice) -> list[tuple[Invoice, Contract]]:
    """Drafts that it can be charged on with each contract of their client, the latest first.

    They are in its currency, or in that which it was stated in; as many as one can choose from. None for what customs
    charged.
    """
    currencies = [] if received.is_customs_document else [received.currency, received.home_currency]
    drafts = Invoice.objects.filter(
        state=Invoice.State.DRAFT, corrects__isnull=True, currency__in=currencies
    ).exclude(kind=Invoice.Kind.ADVANCE)
    contracts = Prefetch("client__contracts", Contract.objects.order_by("number"))
    found = drafts.select_related("client").prefetch_related(contracts).order_by("-pk")[:MOST_PLACES]
    return [(draft, contract) for draft in found for contract in draft.client.contracts.all()]


def received_csv(first: date, last: date) -> Iterator[str]:
    """CSV text (RFC 4180, UTF-8 with a mark, decimal points), one row per rate of each received invoice, by day.

    A text that a spreadsheet would take for a formula is preceded by an apostrophe.
    """
    yield BYTE_ORDER_MARK + csv_row(COLUMNS)
    rows = received_in(first, last).select_related("contract", "line__invoice").prefetch_related("taxes")
    for row in rows.order_by("issued_on", "pk").iterator(chunk_size=200):
        for tax in row.taxes.all():
            yield csv_row(_cells(row, tax))


def _cells(row: ReceivedInvoice, tax: ReceivedTax) -> list[str]:
    exponent = currency_exponent(row.currency)
    charged = (row.line.invoice.number or "") if row.line else ""
    return [
        harmless(row.number),
        row.issued_on.isoformat(),
        row.filed_at.date().isoformat(),
        harmless(row.supplier_name),
        harmless(row.supplier_tax_id),
        row.currency,
        tax.category,
        f"{tax.percent.normalize():f}",
        *(_major(each, exponent) for each in (tax.base, tax.amount, row.total, row.withheld)),
        harmless(row.contract.number if row.contract else ""),
        harmless(charged),
        *_stated_cells(row, tax),
        row.customs,
        _major(tax.investment_base, exponent),
    ]


def _stated_cells(row: ReceivedInvoice, tax: ReceivedTax) -> list[str]:
    """What was stated in the currency that taxes are paid in, and how; empty where that is its own, or it waits."""
    exponent = currency_exponent(row.home_currency)
    return [
        row.home_currency,
        *(_major(each, exponent) for each in (tax.home_base, tax.home_amount, row.home_total)),
        f"{row.exchange_rate.normalize():f}" if row.exchange_rate else "",
        row.rate_on.isoformat() if row.rate_on else "",
        row.rate_source,
    ]


def _major(minor: int | None, exponent: int) -> str:
    return "" if minor is None else f"{Decimal(minor).scaleb(-exponent):f}"
