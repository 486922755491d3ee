"""Statements as camt.053.001.02 and .08 (ISO 20022): entries that are booked, one for each transaction of theirs.

A collective entry is taken apart where its transactions have amounts that add up to it; else it stays one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ecuanime.billing.bank.values import MOST_ENTRIES, ReadEntry, UnreadableStatement, said
from ecuanime.billing.einvoice.reading.safe import Reader, Unreadable, parsed

NAMESPACES = {f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}": version for version in ("02", "08")}
LONGEST_TEXT = 1000


def read_camt(content: bytes) -> tuple[str, list[ReadEntry]]:
    """The name of the format and the booked entries, in the file's order.

    Raises UnreadableStatement: `too_large`, `hostile` (a document type), `unknown_format`, `incomplete` (an entry
    without account, day, sign or amount), `too_many`.
    """
    try:
        root = parsed(content)
        namespace = root.tag.partition("}")[0].removeprefix("{")
        if namespace not in NAMESPACES:
            raise UnreadableStatement("unknown_format")
        file = Reader(root, {"c": namespace})
        entries = [
            entry
            for statement in file.all("c:BkToCstmrStmt/c:Stmt")
            for entry in _entries_of(file, statement)
        ]
    except Unreadable as error:
        raise UnreadableStatement(error.code) from error
    if len(entries) > MOST_ENTRIES:
        raise UnreadableStatement("too_many")
    return f"camt.053.001.{NAMESPACES[namespace]}", entries


def _entries_of(file: Reader, statement: Any) -> Iterator[ReadEntry]:
    account = file.text("c:Acct/c:Id/c:IBAN", statement) or file.text("c:Acct/c:Id/c:Othr/c:Id", statement)
    if not account:
        raise UnreadableStatement("incomplete")
    for node in file.all("c:Ntry", statement):
        if (file.text("c:Sts/c:Cd", node) or file.text("c:Sts", node)) == "BOOK":
            yield from _parts(file, node, account[:34])


def _parts(file: Reader, node: Any, account: str) -> Iterator[ReadEntry]:
    """The transactions of an entry, or the entry itself."""
    amount, currency = _amount(file, node)
    booked_on = file.day("c:BookgDt/c:Dt", node) or file.day("c:BookgDt/c:DtTm", node)
    if booked_on is None:
        raise UnreadableStatement("incomplete")
    whole = ReadEntry(
        account=account,
        booked_on=booked_on,
        value_on=file.day("c:ValDt/c:Dt", node) or file.day("c:ValDt/c:DtTm", node),
        amount=amount,
        currency=currency,
        bank_reference=said(file.text("c:AcctSvcrRef", node))[:80],
        batch=said(file.text("c:NtryDtls/c:Btch/c:PmtInfId", node))[:35],
        text=file.text("c:AddtlNtryInf", node)[:LONGEST_TEXT],
    )
    details = file.all("c:NtryDtls/c:TxDtls", node)
    if len(details) == 1:
        yield _told(file, details[0], whole)
        return
    parts = [_detail_amount(file, detail, whole) for detail in details]
    if not parts or None in parts or sum(filter(None, parts)) != amount:
        yield whole
        return
    for detail, part in zip(details, parts, strict=True):
        yield _told(file, detail, replace(whole, amount=part or 0))


def _amount(file: Reader, node: Any) -> tuple[int, str]:
    """Minor units with the sign of the entry, and their currency."""
    found, side = node.find("c:Amt", file.namespaces), file.text("c:CdtDbtInd", node)
    currency = "" if found is None else found.get("Ccy", "")
    if not re.fullmatch("[A-Z]{3}", currency) or side not in ("CRDT", "DBIT"):
        raise UnreadableStatement("incomplete")
    amount = file.money("c:Amt", currency, node)
    return (amount if side == "CRDT" else -amount), currency


def _detail_amount(file: Reader, detail: Any, whole: ReadEntry) -> int | None:
    """What a transaction is of its entry, with its sign; None where it does not say, or in another currency."""
    for path in ("c:Amt", "c:AmtDtls/c:TxAmt/c:Amt"):
        found = detail.find(path, file.namespaces)
        if found is not None and found.get("Ccy") == whole.currency:
            amount = file.money(path, whole.currency, detail)
            side = file.text("c:CdtDbtInd", detail) or ("CRDT" if whole.amount > 0 else "DBIT")
            return amount if side == "CRDT" else -amount
    return None


def _told(file: Reader, detail: Any, entry: ReadEntry) -> ReadEntry:
    """The entry with what one transaction says: whoever is on the other side, and what they wrote."""
    other = ("Dbtr", "DbtrAcct") if entry.amount > 0 else ("Cdtr", "CdtrAcct")
    if return_code := file.text("c:RtrInf/c:Rsn/c:Cd", detail) or file.text("c:RtrInf/c:Rsn/c:Prtry", detail):
        other = ("Dbtr", "DbtrAcct")
    party, account = (f"c:RltdPties/c:{name}" for name in other)
    texts = [" ".join((each.text or "").split()) for each in file.all("c:RmtInf/c:Ustrd", detail)]
    more = file.text("c:AddtlTxInf", detail)
    said_all = " ".join(filter(None, [*texts, more, entry.text]))
    return replace(
        entry,
        text=said_all[:LONGEST_TEXT],
        reference=file.text("c:RmtInf/c:Strd/c:CdtrRefInf/c:Ref", detail)[:35],
        bank_reference=(said(file.text("c:Refs/c:AcctSvcrRef", detail)) or entry.bank_reference)[:80],
        end_to_end=said(file.text("c:Refs/c:EndToEndId", detail))[:35],
        mandate=said(file.text("c:Refs/c:MndtId", detail))[:35],
        batch=(said(file.text("c:Refs/c:PmtInfId", detail)) or entry.batch)[:35],
        party_name=(file.text(f"{party}/c:Nm", detail) or file.text(f"{party}/c:Pty/c:Nm", detail))[:140],
        party_account=file.text(f"{account}/c:Id/c:IBAN", detail)[:34],
        return_code=return_code[:35],
    )
