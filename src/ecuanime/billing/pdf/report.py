"""A report on paper: some tables under their headings. Its texts come ready; the template places them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from ecuanime.billing.pdf.document import CountryBlock, Note
from ecuanime.billing.pdf.render import Attached, compile_sheet, picture_bytes
from ecuanime.billing.pdf.sheet import country_sheet


@dataclass(frozen=True)
class ReportSection:
    """A table: its heading, its columns and its rows, as text; the first column takes the room."""

    title: str
    labels: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class ReportDocument:
    """A report, as text. `nothing` stands in the place of an empty table; `mark` is printed across each page.

    What the law of a country wants on it is its block, at the head, and the notes at the end.
    """

    language: str
    territory: str
    title: str
    issuer: str
    customer: str
    about: str
    nothing: str
    sections: tuple[ReportSection, ...]
    closing: str
    mark: str
    page_label: str
    made_at: datetime
    block: CountryBlock | None = None
    notes: tuple[Note, ...] = ()


def render_report(document: ReportDocument, *, attached: Attached | None = None) -> bytes:
    """The PDF of a report; the same document gives the same bytes. Raises RenderError."""
    values = asdict(document) | {"attached": None}
    made_at = values.pop("made_at")
    del values["block"]
    values["country"] = country_sheet(document.block)
    values["country_picture"] = picture_bytes("country block", document.block)
    return compile_sheet("report.typ", values, made_at, attached=attached)
