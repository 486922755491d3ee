"""The door for files of strangers: bounds, and XML that can do nothing but be read."""

from __future__ import annotations

import io
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from lxml import etree
from pypdf import PdfReader

from ecuanime.rules.money import currency_exponent

LARGEST_FILE = 10_000_000
LARGEST_XML = 5_000_000
LARGEST_AMOUNT = Decimal(10) ** 12
FILE_NAMES = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")


class Unreadable(ValueError):
    """A file that is no invoice we can read; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parsed(xml: bytes) -> Any:
    """The root element. Raises Unreadable `too_large`, `hostile` (a document type), `unknown_format` (no XML)."""
    if len(xml) > LARGEST_XML:
        raise Unreadable("too_large")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("unknown_format") from error
    if root.getroottree().docinfo.doctype:
        raise Unreadable("hostile")
    return root


def carried_by(pdf: bytes) -> bytes:
    """The invoice that a hybrid PDF carries. Raises Unreadable `too_large`, `no_data`."""
    if len(pdf) > LARGEST_FILE:
        raise Unreadable("too_large")
    try:
        for attached in PdfReader(io.BytesIO(pdf)).attachment_list:
            if attached.name.lower() in FILE_NAMES and attached.content:
                return bytes(attached.content)
    except Exception as error:  # a stranger's PDF may break the reader in any way; it is unreadable then
        raise Unreadable("no_data") from error
    raise Unreadable("no_data")


class Reader:
    """Finds texts by path in one document's namespaces. A missing text is empty; a wrong figure is Unreadable."""

    def __init__(self, root: Any, namespaces: dict[str, str]) -> None:
        self.root, self.namespaces = root, namespaces

    def all(self, path: str, at: Any = None) -> list[Any]:
        """The elements of a path."""
        return list((self.root if at is None else at).iterfind(path, self.namespaces))

    def text(self, path: str, at: Any = None) -> str:
        """The text of the first element, in one line; empty where there is none."""
        node = (self.root if at is None else at).find(path, self.namespaces)
        return "" if node is None or node.text is None else " ".join(node.text.split())

    def day(self, path: str, at: Any = None) -> date | None:
        """A day, as `2026-11-30` or `20261130`; None where there is none."""
        words = self.text(path, at)
        try:
            return date.fromisoformat(words[:10]) if words else None
        except ValueError as error:
            raise Unreadable("incomplete") from error

    def required_day(self, path: str) -> date:
        """The same where it must be."""
        found = self.day(path)
        if found is None:
            raise Unreadable("incomplete")
        return found

    def number(self, path: str, at: Any = None) -> Decimal:
        """A figure; 0 where there is none."""
        words = self.text(path, at)
        try:
            found = Decimal(words) if words else Decimal(0)
        except InvalidOperation as error:
            raise Unreadable("incomplete") from error
        if not found.is_finite() or abs(found) > LARGEST_AMOUNT:
            raise Unreadable("incomplete")
        return found

    def money(self, path: str, currency: str, at: Any = None) -> int:
        """An amount in minor units, rounded half-up where the file has more decimals."""
        scaled = self.number(path, at).scaleb(currency_exponent(currency))
        return int(scaled.quantize(Decimal(1), rounding=ROUND_HALF_UP))

    def said_money(self, path: str, currency: str, at: Any = None) -> int | None:
        """The same; None where there is none."""
        return self.money(path, currency, at) if self.text(path, at) else None
