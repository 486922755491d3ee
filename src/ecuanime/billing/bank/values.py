"""What a statement says, whatever its format, and what identifies each of its entries."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date

MOST_ENTRIES = 20_000
NOTHING_SAID = frozenset({"", "NONREF", "NOTPROVIDED", "NOT PROVIDED"})
"""What banks write where there is no reference."""


class UnreadableStatement(ValueError):
    """A file that is no statement we can read: `code` says why, `row` where, counted from 1, for a table."""

    def __init__(self, code: str, row: int = 0) -> None:
        super().__init__(code)
        self.code, self.row = code, row


@dataclass(frozen=True)
class ReadEntry:
    """A movement of an account. `amount` is in minor units, above zero for money that came.

    `text` is what its sender wrote, `reference` a structured creditor reference, `bank_reference` the bank's own.
    `return_code` says why a direct debit came back (ISO 20022 external code), where it did.
    """

    account: str
    booked_on: date
    amount: int
    currency: str
    value_on: date | None = None
    text: str = ""
    reference: str = ""
    bank_reference: str = ""
    end_to_end: str = ""
    mandate: str = ""
    party_name: str = ""
    party_account: str = ""
    return_code: str = ""
    batch: str = ""


def identified(entries: Iterable[ReadEntry]) -> list[tuple[str, ReadEntry]]:
    """Each entry with what identifies it on its account, the same in every file that has it.

    That is its bank reference with day, amount and end-to-end reference, or all that it says where there is none; of
    entries that are alike in all of it, which one it is among them.
    """
    seen: Counter[str] = Counter()
    found = []
    for entry in entries:
        plain = _content(entry)
        seen[plain] += 1
        found.append((hashlib.sha256(f"{plain}#{seen[plain]}".encode()).hexdigest(), entry))
    return found


def said(text: str) -> str:
    """A reference, or empty where the bank only says that there is none."""
    return "" if text.strip().upper() in NOTHING_SAID else text.strip()


def _content(entry: ReadEntry) -> str:
    if entry.bank_reference:
        return repr((entry.account, entry.booked_on, entry.amount, entry.bank_reference, entry.end_to_end))
    return repr(astuple(entry))
