"""CSV as spreadsheets of all kinds write it: commas, semicolons or tabs, in UTF-8, UTF-16 or Windows' Latin-1."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from io import StringIO

from django.utils.translation import gettext as _

from ecuanime.foundation.errors import Refused
from ecuanime.imports.reading.sheet import Sheet, sheet_of

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DELIMITERS = ";\t,"


def read_text(content: bytes) -> Sheet:
    """The rows of a CSV file. Refuses as `read_sheet`."""
    text = _decoded(content)
    return sheet_of(_lines(text, _delimiter(text)))


def _decoded(content: bytes) -> str:
    """A mark says the encoding; else it is UTF-8 if that fits, and Windows' Latin-1 if not."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _read(content.removeprefix(mark), encoding)
    if b"\0" in content[:1000]:
        return _read(content, "utf-16-le" if content[1:2] == b"\0" else "utf-16-be")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _read(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        _refuse()
        raise


def _delimiter(text: str) -> str:
    """What divides the headers: of those that occur in the first line outside quotes, the one that occurs most."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    outside = "".join(first.split('"')[::2])
    return max(_DELIMITERS, key=outside.count)


def _lines(text: str, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error:
        _refuse()


def _refuse() -> None:
    raise Refused(
        "not_readable",
        _("This is neither a CSV nor an XLSX file that can be read. Save it anew as CSV and bring that."),
    )
