"""A statement of prepaid hours on paper: every movement with its why, between two balances.

Its texts come ready in the reader's language; the template places them and decides nothing.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from ecuanime.billing.pdf.render import compile_sheet


@dataclass(frozen=True)
class StatementRow:
    """One movement, as text."""

    day: str
    text: str
    why: str
    lots: str
    change: str
    balance: str


@dataclass(frozen=True)
class StatementDocument:
    """A statement, as text. `mark` is empty, or what is printed across each page; balances are (label, hours)."""

    language: str
    territory: str
    title: str
    issuer: str
    customer: str
    about: str
    days: str
    labels: tuple[str, ...]
    opening: tuple[str, str]
    rows: tuple[StatementRow, ...]
    closing: tuple[str, str]
    mark: str
    page_label: str
    made_at: datetime


def render_statement(document: StatementDocument) -> bytes:
    """The PDF of a statement; the same document gives the same bytes. Raises RenderError."""
    values = asdict(document)
    made_at = values.pop("made_at")
    return compile_sheet("statement.typ", values, made_at)
