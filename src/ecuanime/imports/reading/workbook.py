"""The first sheet of an XLSX workbook: what its cells show, never a formula or anything from outside the file."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from ecuanime.foundation.errors import Refused
from ecuanime.imports.reading.sheet import MOST_COLUMNS, Sheet, sheet_of

MOST_EXPANDED = 64 * 1024 * 1024
MOST_PARTS = 1000
_BEGINNING = b"PK\x03\x04"
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, InvalidFileException, DefusedXmlException, ParseError, EOFError),
    *(KeyError, ValueError, TypeError, AttributeError, IndexError, OverflowError, RuntimeError),
)
"""What openpyxl lets through of the libraries below it when a file is not what it says, or has a password."""


def is_workbook(content: bytes) -> bool:
    """Whether it begins like a ZIP archive, which a workbook is."""
    return content.startswith(_BEGINNING)


def read_workbook(content: bytes) -> Sheet:
    """The rows of the first sheet. Refuses as `read_sheet`.

    Entities in its XML are forbidden (defusedxml, which openpyxl takes where it is installed), and a part that
    expands to more than it announces breaks off.
    """
    try:
        _refuse_bombs(content)
        return sheet_of(_lines(content))
    except _UNREADABLE as error:
        raise Refused(
            "not_readable",
            _("This workbook cannot be read. Open it, save it anew as XLSX or CSV, and bring that."),
        ) from error


def _refuse_bombs(content: bytes) -> None:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_EXPANDED:
        raise Refused(
            "too_large", _("This workbook is too large once unpacked. Save only the sheet itself, as CSV.")
        )


def _lines(content: bytes) -> Iterator[list[str]]:
    book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its own size may be wrong
        for row in sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True):
            yield [_written(value) for value in row]
    finally:
        book.close()


def _written(value: Any) -> str:
    """A cell as a text that can be read in one way only."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M" if value.time() != time.min else "%Y-%m-%d")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds()) // 60
        return f"{minutes // 60}:{minutes % 60:02}"
    return _number(value) if isinstance(value, int | float) else str(value)


def _number(value: int | float) -> str:
    """With a decimal point, and never with just three decimals, which would look like thousands."""
    plain = f"{value:.15g}"
    if "e" in plain or "n" in plain:
        return str(value)
    return f"{plain}0" if len(plain.partition(".")[2]) == 3 else plain
