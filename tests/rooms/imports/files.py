"""Files as a former program writes them."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook

from ecuanime.accounts.models import Role, User
from ecuanime.imports.actions import bring_file, confirm_import, read_file, store_file
from ecuanime.imports.models import Import
from tests.factories import NOW, make_person


def csv_of(*lines: Sequence[str], encoding: str = "utf-8") -> bytes:
    """A CSV file with semicolons."""
    return "\r\n".join(";".join(line) for line in lines).encode(encoding)


def workbook_of(*lines: Sequence[Any]) -> bytes:
    """An XLSX file."""
    book = Workbook()
    for line in lines:
        book.active.append(list(line))
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def make_administrator() -> User:
    """Somebody who may bring data in."""
    return make_person(Role.ADMINISTRATOR)


def given(kind: str, content: bytes, *, by: User | None = None) -> Import:
    """A file, read and foreseen."""
    kept = store_file(kind=kind, content=content, name="datos.csv", by=by or make_administrator(), now=NOW)
    return read_file(file=kept, now=NOW)


def brought(kind: str, content: bytes, *, by: User | None = None) -> Import:
    """A file, read, confirmed and brought in."""
    kept = given(kind, content, by=by)
    return bring_file(file=confirm_import(file=kept, now=NOW), now=NOW)


def outcomes(file: Import) -> list[tuple[int, str, str]]:
    """Row by row: its number in the file, its outcome, and the code of what is wrong."""
    return list(file.rows.order_by("number").values_list("number", "outcome", "code"))
