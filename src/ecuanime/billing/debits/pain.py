"""What a bank is asked to collect, as pain.008.001.08.

Sources: ISO 20022 pain.008.001.08; EPC130-08 (CORE) and EPC131-08 (B2B) customer-to-bank guidelines. A
collection is RCUR, the first and the last one too: since November 2016 the schemes ask for neither FRST nor FNAL. By a
mandate for one collection alone it is OOFF.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from lxml import etree

from ecuanime.billing.models.money.debits import batch_name

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.008.001.08"
ALLOWED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/-?:().,'+ ")
"""What every bank reads (EPC217-08); anything else becomes its plain letter, or a space."""
CENTS = Decimal("0.01")


@dataclass(frozen=True)
class Creditor:
    """Whoever collects: name, account and SEPA creditor identifier."""

    name: str
    iban: str
    identifier: str
    bic: str = ""


@dataclass(frozen=True)
class Debit:
    """What is collected of one mandate: cents of euro, and what the debtor reads."""

    end_to_end: str
    cents: int
    scheme: str
    mandate: str
    signed_on: date
    holder: str
    iban: str
    text: str
    bic: str = ""
    is_once: bool = False

    @property
    def part(self) -> tuple[str, bool]:
        """What a part of the file has in common: its scheme, and whether it is collected once."""
        return self.scheme, self.is_once


def as_pain(
    number: str, creditor: Creditor, debits: Sequence[Debit], *, collect_on: date, made_at: datetime
) -> bytes:
    """The file in UTF-8, a part for each scheme and sequence; `number` (35 characters at most) names it."""
    root = etree.Element(f"{{{NAMESPACE}}}Document", nsmap={None: NAMESPACE})
    whole = _group(root, "CstmrDrctDbtInitn")
    head = _group(whole, "GrpHdr")
    _add(head, "MsgId", number)
    _add(head, "CreDtTm", made_at.strftime("%Y-%m-%dT%H:%M:%S"))
    _sums(head, debits)
    party = _group(head, "InitgPty")
    _add(party, "Nm", plain(creditor.name, 70))
    _add(_group(party, "Id", "OrgId", "Othr"), "Id", creditor.identifier)
    for (scheme, is_once), same in groupby(sorted(debits, key=_part_of), _part_of):
        _part(whole, number, creditor, list(same), scheme, is_once, collect_on)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def plain(text: str, most: int) -> str:
    """A text in the letters that every bank reads, in one line."""
    letters = unicodedata.normalize("NFKD", text)
    kept = (letter if letter in ALLOWED else " " for letter in letters if not unicodedata.combining(letter))
    return " ".join("".join(kept).split())[:most].strip()


def _part(
    whole: Any,
    number: str,
    creditor: Creditor,
    debits: Sequence[Debit],
    scheme: str,
    is_once: bool,
    collect_on: date,
) -> None:
    part = _group(whole, "PmtInf")
    _add(part, "PmtInfId", batch_name(number, scheme, is_once=is_once))
    _add(part, "PmtMtd", "DD")
    _add(part, "BtchBookg", "true")
    _sums(part, debits)
    kind = _group(part, "PmtTpInf")
    _add(_group(kind, "SvcLvl"), "Cd", "SEPA")
    _add(_group(kind, "LclInstrm"), "Cd", scheme)
    _add(kind, "SeqTp", "OOFF" if is_once else "RCUR")
    _add(part, "ReqdColltnDt", collect_on.isoformat())
    _add(_group(part, "Cdtr"), "Nm", plain(creditor.name, 70))
    _add(_group(part, "CdtrAcct", "Id"), "IBAN", creditor.iban)
    _bank(part, "CdtrAgt", creditor.bic)
    _add(part, "ChrgBr", "SLEV")
    other = _group(part, "CdtrSchmeId", "Id", "PrvtId", "Othr")
    _add(other, "Id", creditor.identifier)
    _add(_group(other, "SchmeNm"), "Prtry", "SEPA")
    for debit in debits:
        _debit(part, debit)


def _debit(part: Any, debit: Debit) -> None:
    node = _group(part, "DrctDbtTxInf")
    _add(_group(node, "PmtId"), "EndToEndId", debit.end_to_end)
    _add(node, "InstdAmt", _euro(debit.cents), Ccy="EUR")
    mandate = _group(node, "DrctDbtTx", "MndtRltdInf")
    _add(mandate, "MndtId", debit.mandate)
    _add(mandate, "DtOfSgntr", debit.signed_on.isoformat())
    _bank(node, "DbtrAgt", debit.bic)
    _add(_group(node, "Dbtr"), "Nm", plain(debit.holder, 70))
    _add(_group(node, "DbtrAcct", "Id"), "IBAN", debit.iban)
    _add(_group(node, "RmtInf"), "Ustrd", plain(debit.text, 140))


def _bank(parent: Any, name: str, bic: str) -> None:
    bank = _group(parent, name, "FinInstnId")
    if bic:
        _add(bank, "BICFI", bic)
    else:
        _add(_group(bank, "Othr"), "Id", "NOTPROVIDED")


def _sums(parent: Any, debits: Iterable[Debit]) -> None:
    amounts = [debit.cents for debit in debits]
    _add(parent, "NbOfTxs", str(len(amounts)))
    _add(parent, "CtrlSum", _euro(sum(amounts)))


def _part_of(debit: Debit) -> tuple[str, bool]:
    return debit.part


def _euro(cents: int) -> str:
    return f"{cents * CENTS:.2f}"


def _group(parent: Any, *names: str) -> Any:
    for name in names:
        parent = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    return parent


def _add(parent: Any, name: str, text: str, **attributes: str) -> None:
    etree.SubElement(parent, f"{{{NAMESPACE}}}{name}", {**attributes}).text = text
