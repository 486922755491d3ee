"""Statements as CSV, in the columns that the firm has named for one of its accounts."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO

from ecuanime.billing.bank.values import MOST_ENTRIES, ReadEntry, UnreadableStatement
from ecuanime.billing.einvoice.reading.safe import LARGEST_AMOUNT, LARGEST_XML
from ecuanime.rules.money import currency_exponent

FARTHEST_HEADER = 50
"""Within how many rows the one that names the columns stands: banks write a few lines above it."""
LONGEST_CELL = 1000


@dataclass(frozen=True)
class Columns:
    """How an account's CSV is written. Names are those of its header; those but day and amount may be empty.

    `out` is where money that went stands, when it has a column of its own.
    """

    account: str
    currency: str
    separator: str
    decimal_mark: str
    date_format: str
    day: str
    amount: str
    out: str = ""
    text: str = ""
    party_name: str = ""
    party_account: str = ""
    bank_reference: str = ""


def read_table(content: bytes, columns: Columns) -> list[ReadEntry]:
    """The entries, in the file's order; rows without day and amount are none.

    Raises UnreadableStatement: `too_large`, `unknown_format` (no text), `no_header` (no row names its columns),
    `wrong_day` and `wrong_amount` (with the row), `too_many`.
    """
    if len(content) > LARGEST_XML:
        raise UnreadableStatement("too_large")
    try:
        rows = list(csv.reader(StringIO(_decoded(content), newline=""), delimiter=columns.separator))
    except csv.Error as error:
        raise UnreadableStatement("unknown_format") from error
    if len(rows) > MOST_ENTRIES:
        raise UnreadableStatement("too_many")
    places, first = _header(rows, columns)
    return list(_entries(rows, first, places, columns))


def _decoded(content: bytes) -> str:
    if b"\0" in content:
        raise UnreadableStatement("unknown_format")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _header(rows: list[list[str]], columns: Columns) -> tuple[dict[str, int], int]:
    """Where each named column stands, and the row after the one that names them."""
    named = {
        field: name.strip().casefold()
        for field in ("day", "amount", "out", "text", "party_name", "party_account", "bank_reference")
        if (name := str(getattr(columns, field)))
    }
    for number, row in enumerate(rows[:FARTHEST_HEADER], start=1):
        titles = [cell.strip().casefold() for cell in row]
        if set(named.values()) <= set(titles):
            return {field: titles.index(name) for field, name in named.items()}, number
    raise UnreadableStatement("no_header")


def _entries(
    rows: list[list[str]], first: int, places: Mapping[str, int], columns: Columns
) -> Iterator[ReadEntry]:
    for number, row in enumerate(rows[first:], start=first + 1):
        cells = {field: _cell(row, place) for field, place in places.items()}
        if not (cells["amount"] or cells.get("out")):
            if not cells["day"]:
                continue
            raise UnreadableStatement("wrong_amount", number)
        yield ReadEntry(
            account=columns.account,
            booked_on=_day(cells["day"], columns.date_format, number),
            amount=_signed(cells, columns, number),
            currency=columns.currency,
            text=cells.get("text", ""),
            party_name=cells.get("party_name", "")[:140],
            party_account=re.sub(r"\s", "", cells.get("party_account", ""))[:34].upper(),
            bank_reference=cells.get("bank_reference", "")[:80],
        )


def _cell(row: list[str], place: int) -> str:
    return " ".join(row[place].split())[:LONGEST_CELL] if place < len(row) else ""


def _day(words: str, date_format: str, row: int) -> date:
    try:
        return datetime.strptime(words[:10].strip(), date_format).date()  # noqa: DTZ007  # a day has no zone
    except ValueError as error:
        raise UnreadableStatement("wrong_day", row) from error


def _signed(cells: Mapping[str, str], columns: Columns, row: int) -> int:
    """Minor units: of its one column as it is written, or what came less what went."""
    came = _minor(cells["amount"], columns, row)
    return came - abs(_minor(cells.get("out", ""), columns, row)) if columns.out else came


def _minor(words: str, columns: Columns, row: int) -> int:
    """Minor units, exact. Figures grouped or divided in another way than the columns say are refused, not guessed."""
    if not words:
        return 0
    exponent = currency_exponent(columns.currency)
    mark, group = re.escape(columns.decimal_mark), re.escape("." if columns.decimal_mark == "," else ",")
    plain = re.sub(r"[\s'’€$]|[A-Z]{3}$", "", words.replace("\N{MINUS SIGN}", "-"))
    decimals = rf"(?:{mark}(\d{{0,{exponent}}})0*)?"
    found = re.fullmatch(rf"([+-]?)(\d{{1,3}}(?:{group}\d{{3}})+|\d{{1,12}}){decimals}", plain, re.ASCII)
    if found is None:
        raise UnreadableStatement("wrong_amount", row)
    sign, whole, part = found[1], re.sub(r"\D", "", found[2]), found[3] or ""
    minor = int(whole + part.ljust(exponent, "0"))
    if minor > int(LARGEST_AMOUNT):
        raise UnreadableStatement("wrong_amount", row)
    return -minor if sign == "-" else minor
