"""Rows with their headers, and the limits that every file keeps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ecuanime.foundation.errors import Refused

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 5000
MOST_COLUMNS = 60
LONGEST_CELL = 2000


@dataclass(frozen=True)
class Row:
    """A row with its number in the file, counted from 1; as many cells as there are headers."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """What a file says: the headers of its first row, and the rows under them that are not empty."""

    headers: tuple[str, ...]
    rows: tuple[Row, ...]


def sheet_of(lines: Iterable[Sequence[str]]) -> Sheet:
    """The lines of a file as a sheet: the first one that is not empty holds the headers.

    Lines are taken one by one, so that a file beyond the limits is left as soon as it shows.
    """
    headers: tuple[str, ...] = ()
    rows: list[Row] = []
    for number, line in enumerate(lines, start=1):
        if number > 2 * MOST_ROWS:
            _refuse_rows()
        cells = _cells(line, number)
        if not any(cells):
            continue
        if not headers:
            headers = _trimmed(cells)
            continue
        if len(rows) == MOST_ROWS:
            _refuse_rows()
        rows.append(Row(number, _fitted(cells, len(headers))))
    if not rows:
        raise Refused(
            "no_rows", _("The file has no rows under its headers, so there is nothing to bring in.")
        )
    return Sheet(headers, tuple(rows))


def _cells(line: Sequence[str], number: int) -> tuple[str, ...]:
    cells = tuple(" ".join(cell.replace("\0", "").split()) for cell in line)
    if len(_trimmed(cells)) > MOST_COLUMNS:
        text = _("Row %(row)s has more than %(most)s columns. Is this the right file?")
        raise Refused("too_many_columns", text % {"row": number, "most": MOST_COLUMNS})
    if any(len(cell) > LONGEST_CELL for cell in cells):
        text = _(
            "A cell of row %(row)s has more than %(most)s characters. Shorten it and bring the file again."
        )
        raise Refused("long_cell", text % {"row": number, "most": LONGEST_CELL})
    return cells


def _fitted(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return (cells + ("",) * width)[:width]


def _trimmed(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Without the empty cells at the end."""
    width = max((place for place, cell in enumerate(cells, start=1) if cell), default=0)
    return cells[:width]


def _refuse_rows() -> None:
    text = _("The file has more than %(most)s rows. Divide it into several files.") % {"most": MOST_ROWS}
    raise Refused("too_many_rows", text)
