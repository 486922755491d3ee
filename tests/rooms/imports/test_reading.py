"""Files of all sorts become the same rows, and none costs more than it may."""

from __future__ import annotations

import zipfile
from datetime import date, datetime, time
from io import BytesIO

import pytest

from ecuanime.foundation.errors import Refused
from ecuanime.imports.reading import read_sheet, sheet, workbook
from tests.rooms.imports.files import workbook_of

ROWS = ("Nombre;Población\r\nÓptica Ñu;Alcalá\r\n\r\nUno;\r\n", ("Nombre", "Población"))


def refused(code: str) -> object:
    """Expect a refusal with this code."""
    return pytest.raises(Refused, check=lambda refusal: refusal.code == code)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"]
)
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_every_encoding_and_delimiter_says_the_same(encoding: str, delimiter: str) -> None:
    text, headers = ROWS
    found = read_sheet(text.replace(";", delimiter).encode(encoding))
    assert found.headers == headers
    assert [(row.number, row.cells) for row in found.rows] == [(2, ("Óptica Ñu", "Alcalá")), (4, ("Uno", ""))]


def test_a_workbook_says_the_same_as_its_cells_show() -> None:
    content = workbook_of(
        ["Nombre", "Alta", "Hora", "Importe", "Exacto", "Activo", "Nº"],
        ["Óptica", date(2026, 1, 31), time(9, 30), 0.1 + 0.2, 1.234, True, 28013],
        [None, datetime(2026, 1, 31, 8, 5), None, 1234.5, -3, False, None],
    )
    found = read_sheet(content)
    assert found.rows[0].cells == ("Óptica", "2026-01-31", "09:30", "0.3", "1.2340", "1", "28013")
    assert found.rows[1].cells == ("", "2026-01-31 08:05", "", "1234.5", "-3", "0", "")


def test_quoted_cells_keep_their_delimiters_and_lose_line_breaks() -> None:
    found = read_sheet(b'"a;b",c\r\n"1, 2","x\r\ny"\r\n')
    assert (found.headers, found.rows[0].cells) == (("a;b", "c"), ("1, 2", "x y"))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"Nombre;NIF\r\n", "no_rows"),
        (b"\xff\xfea", "not_readable"),
        (b"PK\x03\x04 and nothing more", "not_readable"),
        (b"a\n" + b"x" * 2001, "long_cell"),
        (b";" * 70 + b"x\n1", "too_many_columns"),
    ],
)
def test_what_cannot_be_read_is_said(content: bytes, code: str) -> None:
    with refused(code):
        read_sheet(content)


def test_rows_beyond_the_limit_are_refused_filled_or_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MOST_ROWS", 3)
    assert len(read_sheet(b"a\n1\n2\n3").rows) == 3
    for content in (b"a\n1\n2\n3\n4", b"a\n" + b"\n" * 9 + b"1", workbook_of(["a"], *[["1"]] * 4)):
        with refused("too_many_rows"):
            read_sheet(content)


def test_a_workbook_that_expands_too_far_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    content = workbook_of(["a"], ["1"])
    monkeypatch.setattr(workbook, "MOST_EXPANDED", 1000)
    with refused("too_large"):
        read_sheet(content)


def _with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The same archive with one part replaced."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for each in old.namelist():
            new.writestr(each, part if each == name else old.read(each))
    return stream.getvalue()


@pytest.mark.parametrize(
    "part",
    [
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>',
        b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><worksheet/>',
        b"<worksheet",
    ],
)
def test_entities_and_broken_xml_are_refused(part: bytes) -> None:
    with pytest.raises(Refused):
        read_sheet(_with_part(workbook_of(["a"], ["1"]), "xl/worksheets/sheet1.xml", part))


def test_a_password_and_a_torn_archive_are_refused() -> None:
    content = workbook_of(["a"], ["1"])
    with zipfile.ZipFile(BytesIO(content)) as archive:
        part = archive.getinfo("xl/worksheets/sheet1.xml")
    data = part.header_offset + 30 + len(part.filename)
    torn = content[:data] + b"\xff" * 20 + content[data + 20 :]
    locked = content.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")
    assert locked != content
    for damaged in (torn, locked):
        with refused("not_readable"):
            read_sheet(damaged)


def test_a_row_far_below_does_not_make_a_million_rows() -> None:
    far = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>'
        b'<row r="999999999"><c r="A999999999"><v>1</v></c></row></sheetData></worksheet>'
    )
    with refused("too_many_rows"):
        read_sheet(_with_part(workbook_of(["a"], ["1"]), "xl/worksheets/sheet1.xml", far))
