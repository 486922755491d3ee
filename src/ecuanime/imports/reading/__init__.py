"""A file becomes rows of plain texts, within limits on its size, its rows and what it expands to.

Nothing here knows what the rows mean. Numbers, dates and durations of a workbook become texts that `values` reads
without doubt.
"""

from __future__ import annotations

from ecuanime.imports.reading.sheet import MOST_BYTES, MOST_ROWS, Sheet
from ecuanime.imports.reading.text import read_text
from ecuanime.imports.reading.workbook import is_workbook, read_workbook

__all__ = ["MOST_BYTES", "MOST_ROWS", "Sheet", "read_sheet"]


def read_sheet(content: bytes) -> Sheet:
    """The rows of a CSV or XLSX file, whatever its name says.

    Refuses `too_large`, `too_many_rows`, `too_many_columns`, `long_cell`, `not_readable` and `no_rows`.
    """
    return read_workbook(content) if is_workbook(content) else read_text(content)
