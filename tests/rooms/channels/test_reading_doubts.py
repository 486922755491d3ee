"""Attachments that are not offered as clean, each beside one that is."""

from __future__ import annotations

import pytest

from ecuanime.channels.email.reading.parse import parse

PDF, PROGRAM, ZIP = b"%PDF-1.7\n", b"MZ\x90\x00", b"PK\x03\x04"
DISPOSITION = b'Content-Disposition: attachment; filename="%s"\r\n'


def doubt(
    content: bytes, name: bytes, *, headers: bytes = b"", outer: bytes = b"", tail: bytes = b"--b--\r\n"
) -> str | None:
    """What is doubtful about the one file of a mail."""
    mail = (
        b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b" + outer + b"\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nhola\r\n--b\r\n"
        + headers + DISPOSITION % name + b"\r\n" + content + b"\r\n" + tail
    )  # fmt: skip
    return parse(mail).attachments[0].ambiguous


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (PDF, b"factura.pdf", None),
        (b"\n\n%PDF-1.4", b"factura.pdf", None),
        (PROGRAM, b"factura.pdf", "runs_code"),
        (PROGRAM, b"datos", "runs_code"),
        (b"hola", b"factura.pdf.exe", "runs_code"),
        (ZIP, b"cuentas.xlsm", "runs_code"),
        (ZIP, b"cuentas.xlsx", None),
        (PDF, b"cuentas.xlsx", "kind_disagrees"),
        (b"<script>x()</script>", b"nota.txt", "kind_disagrees"),
        (ZIP, b"foto.png", "kind_disagrees"),
        (b"a;b\r\n1;2", b"datos.csv", None),
        (b"<html>", b"informe.html", "opens_as_page"),
        (b"<svg onload=x()>", b"logo.svg", "opens_as_page"),
        (b"<html><table>", b"cuentas.xls", "opens_as_page"),
        (b"hola", b"nota.txt", None),
    ],
)
def test_the_kind_of_a_file_must_be_what_its_name_says(
    content: bytes, name: bytes, reason: str | None
) -> None:
    assert doubt(content, name) == reason


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        (b'Content-Type: application/pdf; name="f.pdf"\r\n', None),
        (b'Content-Type: application/pdf; name="f.exe"\r\n', "names_disagree"),
        (b"Content-Type: application/pdf\r\nContent-Type: text/html\r\n", "headers_repeated"),
        (b"Content-Transfer-Encoding: 7bit\r\nContent-Transfer-Encoding: base64\r\n", "encoding_repeated"),
    ],
)
def test_a_part_that_says_two_things_of_itself_is_doubtful(headers: bytes, reason: str | None) -> None:
    assert doubt(PDF, b"f.pdf", headers=headers) == reason


@pytest.mark.parametrize(
    ("outer", "tail", "reason"),
    [
        (b"", b"--b--\r\n", None),
        (b"", b"--b--\r\nfin del correo\r\n", None),
        (b"", b"", "place_doubtful"),
        (b"; boundary=c", b"--b--\r\n", "place_doubtful"),
        (b"", b"--b--\r\n--b\r\n\r\notra\r\n--b--\r\n", "place_doubtful"),
        (b"", b"--bc\r\n\r\notra\r\n--b--\r\n", "place_doubtful"),
    ],
)
def test_parts_that_can_be_told_apart_in_two_ways_make_files_doubtful(
    outer: bytes, tail: bytes, reason: str | None
) -> None:
    assert doubt(PDF, b"f.pdf", outer=outer, tail=tail) == reason
