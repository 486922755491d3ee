"""Tables as files: CSV and XLSX, with texts that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO

from openpyxl import Workbook

from ecuanime.billing.books.export import BYTE_ORDER_MARK, FORMULA_BEGINS

Cell = str | int | Decimal | date | None


@dataclass(frozen=True)
class Table:
    """A named table: its columns and rows of plain values; money is a Decimal in major units."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]


def as_csv(table: Table) -> Iterator[str]:
    """RFC 4180, UTF-8 with a mark, ISO dates, decimal points."""
    yield BYTE_ORDER_MARK + _line(table.columns)
    for row in table.rows:
        yield _line([_text(cell) for cell in row])


def as_xlsx(tables: Sequence[Table]) -> bytes:
    """A workbook with a sheet for each table; amounts are numbers and days are dates."""
    book = Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(table.name[:31])
        sheet.append(list(table.columns))
        for row in table.rows:
            sheet.append([_guarded(cell) if isinstance(cell, str) else cell for cell in row])
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    return f"{cell:f}" if isinstance(cell, Decimal) else _guarded(str(cell))


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_BEGINS) else text


def _line(cells: Sequence[str]) -> str:
    line = StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
