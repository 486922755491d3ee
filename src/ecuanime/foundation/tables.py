"""Tables as files: CSV and XLSX, with texts that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO

from openpyxl import Workbook

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
_FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n")
Cell = str | int | Decimal | date | None


@dataclass(frozen=True)
class Table:
    """A named table: its columns and rows of plain values; money is a Decimal in major units."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]


def as_csv(table: Table) -> Iterator[str]:
    """RFC 4180, UTF-8 with a mark, ISO dates, decimal points."""
    yield BYTE_ORDER_MARK + csv_row(table.columns)
    for row in table.rows:
        yield csv_row([_text(cell) for cell in row])


def as_xlsx(tables: Sequence[Table]) -> bytes:
    """A workbook with a sheet for each table; amounts are numbers and days are dates."""
    book = Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(table.name[:31])
        sheet.append(list(table.columns))
        for row in table.rows:
            sheet.append([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    return f"{cell:f}" if isinstance(cell, Decimal) else harmless(str(cell))


def harmless(text: str) -> str:
    """A text that a spreadsheet would take for a formula is preceded by an apostrophe."""
    return f"'{text}" if text.startswith(_FORMULA_BEGINS) else text


def csv_row(cells: Iterable[object], separator: str = ",") -> str:
    """A row of a CSV file, with its end (RFC 4180)."""
    line = StringIO()
    csv.writer(line, delimiter=separator).writerow(cells)
    return line.getvalue()
