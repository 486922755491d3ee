"""What came of each row, and example files, as CSV that a spreadsheet opens without being asked anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from ecuanime.foundation.tables import BYTE_ORDER_MARK, csv_row, harmless
from ecuanime.imports.kinds import Kind
from ecuanime.imports.models import Import, ImportRow
from ecuanime.imports.queries import rows_of


def report_csv(file: Import) -> Iterator[str]:
    """The rows as they stand in the file, each after its number, its outcome and what that means.

    Semicolons divide, since the reader's spreadsheet is a Spanish one as a rule. A text that a spreadsheet would take
    for a formula is preceded by an apostrophe.
    """
    yield BYTE_ORDER_MARK + _line([_("Row"), _("Outcome"), _("What it means"), *file.headers])
    for row in rows_of(file).iterator(chunk_size=500):
        label = ImportRow.Outcome(row.outcome).label
        yield _line([str(row.number), str(label), row.words, *row.cells])


def example_csv(kind: Kind) -> str:
    """A file of this kind with two rows, whose headers are recognised."""
    headers = [str(field.label) for field in kind.fields]
    rows = [[field.example[place] for field in kind.fields] for place in (0, 1)]
    return BYTE_ORDER_MARK + "".join(map(_line, [headers, *rows]))


def _line(cells: Iterable[str]) -> str:
    return csv_row(map(harmless, cells), ";")
