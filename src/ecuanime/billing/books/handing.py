"""Handing pro-formas over to the program that issues the firm's invoices: what waits, and the files."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from io import StringIO
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from ecuanime.billing.books.export import COLUMNS, invoice_rows
from ecuanime.billing.models import HandedOver, HandOver, Invoice, IssuingSettings
from ecuanime.foundation.tables import Cell, Table

OF_THE_DOCUMENT = (
    *("number", "issued_on", "due_on", "corrects", "client_code", "customer_name", "customer_tax_id"),
    *("currency", "document_net", "document_tax", "document_total", "document_withheld", "document_to_pay"),
)
_FIGURES = frozenset(
    {
        "line",
        "minutes",
        "price_per_60_minutes",
        "units",
        "unit_price",
        "discount_percent",
        "discount",
        "amount",
    }
    | {"tax_percent", "surcharge_percent", "document_net", "document_tax", "document_total"}
    | {"document_withheld", "document_to_pay"}
)
MOST_NOTED = 5_000
LARGEST_CSV = 2_000_000
NOTED_COLUMNS = ("document", "number", "issued_on", "total")


@dataclass(frozen=True)
class NotedRow:
    """A row of a file that says what the other program issued; `document` is our number of the pro-forma."""

    line: int
    document: str
    number: str
    issued_on: date
    total: Decimal


def issues_elsewhere() -> bool:
    """Whether the firm issues its invoices in another program: then everything here is a pro-forma."""
    return IssuingSettings.objects.filter(is_elsewhere=True).exists()


def to_hand_over() -> QuerySet[Invoice]:
    """The issued pro-formas that are not handed over, the oldest first."""
    handed = HandedOver.objects.filter(invoice=OuterRef("pk"), taken_back_at=None)
    rows = Invoice.objects.filter(state=Invoice.State.ISSUED, kind=Invoice.Kind.PRO_FORMA)
    return rows.filter(~Exists(handed)).select_related("client").order_by("issued_at", "pk")


def handed_over(invoice: Invoice) -> HandedOver | None:
    """The hand-over of a pro-forma that stands; none for what is no pro-forma."""
    if not invoice.is_pro_forma or invoice.is_draft:
        return None
    return HandedOver.objects.filter(invoice=invoice, taken_back_at=None).select_related("invoice").first()


def documents_of(hand_over: HandOver) -> QuerySet[Invoice]:
    """The pro-formas of a hand-over that were not taken back."""
    items = HandedOver.objects.filter(hand_over=hand_over, taken_back_at=None)
    return Invoice.objects.filter(pk__in=items.values("invoice"))


def as_table(invoices: QuerySet[Invoice]) -> Table:
    """A row for each line of each document, amounts as numbers."""
    rows = [
        tuple(_cell(name, text) for name, text in zip(COLUMNS, row, strict=True))
        for row in invoice_rows(invoices)
    ]
    return Table("Documents", COLUMNS, rows)


def _cell(name: str, text: str) -> Cell:
    return Decimal(text) if name in _FIGURES and text else text


def as_json(invoices: QuerySet[Invoice]) -> str:
    """The documents with their lines; amounts are texts in major units, so that no program rounds them."""
    found: dict[str, dict[str, Any]] = {}
    for row in invoice_rows(invoices):
        cells = dict(zip(COLUMNS, (each.removeprefix("'") for each in row), strict=True))
        document = {name: cells[name] for name in OF_THE_DOCUMENT}
        lines = found.setdefault(cells["number"], document | {"lines": []})["lines"]
        lines.append({name: cells[name] for name in COLUMNS if name not in (*OF_THE_DOCUMENT, "kind")})
    return json.dumps({"documents": list(found.values())}, ensure_ascii=False, indent=1)


def read_noted(content: bytes) -> Iterator[NotedRow]:
    """The rows of a CSV with the columns document, number, issued_on (ISO) and total, in any order.

    Raises ValueError with a code, and the row for one that cannot be read: `too_large`, `no_header`, `row N`.
    """
    if len(content) > LARGEST_CSV:
        raise ValueError("too_large")
    text = content.decode("utf-8-sig", errors="replace")
    head = text.partition("\n")[0]
    reader = csv.DictReader(
        StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ","
    )
    names = {(name or "").strip().casefold(): name for name in reader.fieldnames or ()}
    if not set(NOTED_COLUMNS) <= set(names):
        raise ValueError("no_header")
    for line, row in enumerate(reader, start=2):
        cells = {name: (row[names[name]] or "").strip() for name in NOTED_COLUMNS}
        if line > MOST_NOTED:
            raise ValueError("too_large")
        if any(cells.values()):
            yield _noted(line, cells)


def _noted(line: int, cells: dict[str, str]) -> NotedRow:
    plain = cells["total"].replace(" ", "")
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    try:
        total, issued_on = Decimal(plain), date.fromisoformat(cells["issued_on"])
    except (InvalidOperation, ValueError) as error:
        raise ValueError(f"row {line}") from error
    if not total.is_finite():
        raise ValueError(f"row {line}")
    return NotedRow(line, cells["document"].removeprefix("'"), cells["number"], issued_on, total)
