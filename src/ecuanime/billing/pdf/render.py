"""Draws a document as an accessible, archivable PDF (PDF/A-3a and PDF/UA-1).

typst runs inside the process. It sees the templates folder, the vendored fonts and the values of one document;
it asks for no package and looks at no clock.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from ecuanime.billing.pdf.checks import check_document
from ecuanime.billing.pdf.document import CountryBlock, InvoiceDocument, Picture
from ecuanime.billing.pdf.errors import RenderError
from ecuanime.billing.pdf.figures import Figures
from ecuanime.billing.pdf.sheet import Sheet, invoice_sheet
from ecuanime.billing.pdf.text import printable

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
FONTS = HERE / "fonts"
STANDARDS: list[Any] = ["a-3a", "ua-1"]
PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
PICTURE_SIGNATURES = (PNG, JPEG)
LARGEST_PICTURE_BYTES = 500_000


def render_invoice(document: InvoiceDocument, data: bytes = b"") -> bytes:
    """The PDF of a document; the same document gives the same bytes. `data` is carried inside as `factur-x.xml`.

    Raises RenderError where a figure does not add up or a part cannot be read; nothing half-drawn is returned.
    """
    figures = Figures.of(document.language, document.territory, document.currency)
    check_document(document, figures.digits)
    sheet = invoice_sheet(document, figures)
    sheet["logo"] = _pixels("logo", document.logo)
    payment = document.payment_instructions
    sheet["payment_picture"] = _pixels("payment code", payment.code if payment else None)
    sheet["country_picture"] = picture_bytes("country block", document.country_block)
    return compile_sheet("invoice.typ", sheet, document.issued_at, data)


@dataclass(frozen=True)
class Attached:
    """A file that a PDF carries inside, under a plain name of its own; `description` says what it is."""

    name: str
    media_type: str
    content: bytes
    description: str


def compile_sheet(
    template: str, sheet: Sheet, made_at: datetime, data: bytes = b"", *, attached: Attached | None = None
) -> bytes:
    """Draw a sheet with one of the templates; nothing else than these values goes in. Raises RenderError."""
    if attached is None:
        return _compile(TEMPLATES, template, sheet, made_at, data)
    with TemporaryDirectory() as folder:  # typst reads files below its root alone
        shutil.copytree(TEMPLATES, folder, dirs_exist_ok=True)
        (Path(folder) / "attached").write_bytes(attached.content)
        facts = {"name": attached.name, "kind": attached.media_type, "about": attached.description}
        return _compile(Path(folder), template, sheet | {"attached": facts}, made_at, data)


def _compile(root: Path, template: str, sheet: Sheet, made_at: datetime, data: bytes) -> bytes:
    try:
        pdf = typst.compile(
            str(root / template),
            root=str(root),
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"sheet": json.dumps(_printable(sheet)), "data": data.decode()},
            pdf_standards=STANDARDS,
            timestamp=made_at.astimezone(UTC).replace(microsecond=0),
        )
    except typst.TypstError as error:
        raise RenderError(f"{template} could not be drawn: {error.message}") from error
    if not isinstance(pdf, bytes):
        raise RenderError(f"{template} could not be drawn: no single file came out")
    return pdf


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def picture_bytes(name: str, block: CountryBlock | None) -> list[int] | None:
    """The picture of a country's block as JSON can carry it; None where there is none. Raises RenderError."""
    return _pixels(name, block.picture if block else None)


def _pixels(name: str, picture: Picture | None) -> list[int] | None:
    """A picture's bytes as JSON can carry them; the first ones say whether it is a kind that is drawn."""
    if picture is None:
        return None
    if len(picture.data) > LARGEST_PICTURE_BYTES:
        raise RenderError(f"the picture of the {name} has more than {LARGEST_PICTURE_BYTES} bytes")
    if not picture.data.startswith(PICTURE_SIGNATURES):
        raise RenderError(f"the picture of the {name} is neither PNG nor JPEG")
    return list(picture.data)


def _printable(value: Any) -> Any:
    """Every text of the sheet, made safe to print."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: _printable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(item) for item in value]
    return value
