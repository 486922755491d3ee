"""The books of issued and received invoices, and what the modelos ask for: docs/rules/tax-books.md."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from ecuanime.billing import actions
from ecuanime.billing.books.taxes import (
    BOOK_COLUMNS,
    Period,
    book_table,
    issued_taxes,
    row_of,
    summary_tables,
)
from ecuanime.billing.packs.es.declarations import BookRow, operators_349, parties_347
from ecuanime.billing.packs.es.form_303 import Box, boxes_303
from ecuanime.billing.packs.es.purchases import DEFERRED, GOODS, PAID, PurchaseRow
from ecuanime.foundation.tables import Table, as_csv, as_xlsx
from tests.rooms.billing.drafts.test_taxed_lines import add, in_spain
from tests.rules.examples import Row, cents, rows

DAY = date(2026, 5, 4)


def read(text: str) -> list[BookRow]:
    """Rows as the page writes them: `S1 21 1000.00 210.00 corrects`."""
    return [_row(*each.split()) for each in text.split("; ")]


def _row(operation: str, percent: str, base: str, quota: str, *said: str) -> BookRow:
    kind, _dash, category = operation.partition("-")
    return BookRow(
        *("F-1", DAY, "Cliente", "B58378431", "ES", "01", "01", kind, category or "S"),
        *(Decimal(percent), cents(base), cents(quota)),
        withheld=15 if "withheld" in said else 0,
        corrects="F-0" if "corrects" in said else "",
        corrects_on=date(2026, 4, 1) if "corrects" in said else None,
    )


def bought(text: str) -> list[PurchaseRow]:
    """Purchases as the page writes them: `IE AE 0 50.00 0.00 corrects`, `US S 21 9.00 1.89 import investment`."""
    return [_purchase(*each.split()) for each in text.split("; ")]


AT_CUSTOMS = {"import": PAID, "deferred": DEFERRED, "imported": GOODS}
TAX_IDS = {"ES": "ESB58378431", "IE": "IE4749148U", "US": "84-1234567"}


def _purchase(origin: str, category: str, percent: str, base: str, quota: str, *said: str) -> PurchaseRow:
    return PurchaseRow(
        *("R-1", DAY, "Proveedor", TAX_IDS[origin], category),
        *(Decimal(percent), cents(base), cents(quota)),
        withheld=15 if "withheld" in said else 0,
        is_correction="corrects" in said,
        is_investment="investment" in said,
        customs=next((AT_CUSTOMS[each] for each in said if each in AT_CUSTOMS), ""),
    )


def hold(found: list[Box], row: Row) -> None:
    """Fail unless the boxes of a worked example are among those found, with its figures."""
    by_boxes = {box.boxes: (box.base, box.quota) for box in found}
    assert by_boxes[row["boxes"]] == tuple(
        cents(row[each]) if row[each] else None for each in ("base", "quota")
    )


@pytest.mark.parametrize("row", rows("tax-books", "rows", "boxes", "base", "quota"))
def test_each_operation_has_its_box(row: Row) -> None:
    hold(boxes_303(read(row["rows"])), row)


@pytest.mark.parametrize("row", rows("tax-books", "purchases", "boxes", "base", "quota"))
def test_each_purchase_has_its_box(row: Row) -> None:
    hold(boxes_303([], bought(row["purchases"])), row)


@pytest.mark.parametrize("row", rows("tax-books", "purchases", "typed", "boxes", "quota"))
def test_what_a_person_types_is_deducted_too(row: Row) -> None:
    typed = {box: cents(amount) for box, _is, amount in (each.split() for each in row["typed"].split("; "))}
    purchases = bought(row["purchases"]) if row["purchases"] else []

    hold(boxes_303([], purchases, typed), row | {"base": ""})


@pytest.mark.parametrize("row", rows("tax-books", "rows of the year", "declared"))
def test_whom_the_347_names(row: Row) -> None:
    found = [party.year for party in parties_347(read(row["rows of the year"]))]

    assert found == ([cents(row["declared"])] if row["declared"] else [])


@pytest.mark.parametrize("row", rows("tax-books", "purchases of the year", "declared"))
def test_which_suppliers_the_347_names(row: Row) -> None:
    found = [(party.key, party.year) for party in parties_347([], bought(row["purchases of the year"]))]

    assert found == ([("A", cents(row["declared"]))] if row["declared"] else [])


def test_a_customer_who_supplies_is_named_twice() -> None:
    found = parties_347(read("S1 21 4000.00 840.00"), bought("ES S 21 3000.00 630.00"))

    assert [(party.key, party.tax_id, party.year) for party in found] == [
        ("B", "B58378431", 484000),
        ("A", "B58378431", 363000),
    ]


def test_the_349_tells_goods_services_and_corrections_apart() -> None:
    found = operators_349(
        read("E5 0 500.00 0.00; N2-AE 0 300.00 0.00; N2-AE 0 -20.00 0.00 corrects; S1 21 9.00 1.89")
    )

    assert [(one.key, one.base, one.corrects) for one in found] == [
        ("E", 50000, ()),
        ("S", 30000, ()),
        ("S", -2000, ("2026-04", "F-0")),
    ]


def test_the_349_names_suppliers_of_the_union() -> None:
    found = operators_349(
        [], bought("IE AE 0 50.00 0.00; IE K 0 7.00 0.00; IE S 23 9.00 2.07; ES S 21 9.00 1.89")
    )

    assert [(one.vat_number, one.key, one.base) for one in found] == [
        ("IE4749148U", "A", 700),
        ("IE4749148U", "I", 5000),
    ]


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("1T", (1, 1), (3, 31)),
        ("4T", (10, 1), (12, 31)),
        ("02", (2, 1), (2, 28)),
        ("12", (12, 1), (12, 31)),
        ("0A", (1, 1), (12, 31)),
    ],
)
def test_periods(code: str, first: tuple[int, int], last: tuple[int, int]) -> None:
    period = Period.of(2026, code)

    assert (period.first, period.last) == (date(2026, *first), date(2026, *last))


@pytest.mark.django_db
def test_the_book_has_a_row_for_each_tax_and_its_sums_are_the_documents() -> None:
    billing = in_spain(in_retail_scheme=True)
    billing.approved(60)
    draft = billing.draft()
    add(billing, draft, "goods")
    issued = billing.issue(draft)
    note = actions.credit_invoice(invoice=issued, reason="All", by=billing.clerk, now=billing.now)
    period = Period.of(2026, "4T")

    taxes = list(issued_taxes(period))

    charged = [row for row in taxes if row.invoice_id == issued.pk]
    assert sum(row_of(row).charged for row in charged) == issued.total
    table = book_table(period, taxes)
    assert len(table.rows) == 4
    assert {row[5] for row in table.rows} == {issued.number, note.number}
    summary = summary_tables([row_of(row) for row in taxes])["303"]
    assert [row[0] for row in summary.rows] == ["07 · 09", "14 · 15", "22 · 24", "25 · 26", "27"]
    assert [row[3] for row in summary.rows][-1] == 0


def test_files_hold_what_the_tables_hold_and_no_formula() -> None:
    table = Table(
        "Facturas", ("Nombre", "Base", "Fecha"), [("=1+1", Decimal("-12.50"), DAY), ("ñ", None, None)]
    )

    text = "".join(as_csv(table))
    found = list(csv.reader(StringIO(text.lstrip("\ufeff"))))
    sheet = load_workbook(BytesIO(as_xlsx([table]))).worksheets[0]

    assert found == [["Nombre", "Base", "Fecha"], ["'=1+1", "-12.50", "2026-05-04"], ["ñ", "", ""]]
    assert [cell.value for cell in sheet[2]][:2] == ["'=1+1", -12.5]
    assert len(BOOK_COLUMNS) == len(set(BOOK_COLUMNS))
