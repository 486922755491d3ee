"""Statements of a bank for tests, written as banks write them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from ecuanime.accounts.models import User
from ecuanime.billing import actions
from ecuanime.billing.models import BankEntry, CollectedInvoice, Collection, Invoice, Mandate
from ecuanime.foundation.files import store
from tests.factories.billing import MONTH_END

ACCOUNT = "IE29AIBK93115212345678"


def transaction(
    amount: str = "13.53",
    text: str = "",
    *,
    name: str = "Cliente",
    account: str = "",
    reference: str = "",
    end_to_end: str = "NOTPROVIDED",
    returned: str = "",
    version: str = "08",
) -> str:
    """A transaction of an entry; `reference` is a structured creditor reference."""
    called = f"<Pty><Nm>{name}</Nm></Pty>" if version == "08" else f"<Nm>{name}</Nm>"
    paid_from = f"<DbtrAcct><Id><IBAN>{account}</IBAN></Id></DbtrAcct>" if account else ""
    structured = f"<Strd><CdtrRefInf><Ref>{reference}</Ref></CdtrRefInf></Strd>" if reference else ""
    written = f"<Ustrd>{text}</Ustrd>" if text else ""
    back = f"<RtrInf><Rsn><Cd>{returned}</Cd></Rsn></RtrInf>" if returned else ""
    return (
        f"<TxDtls><Refs><EndToEndId>{end_to_end}</EndToEndId></Refs>"
        f'<Amt Ccy="EUR">{amount}</Amt><RltdPties><Dbtr>{called}</Dbtr>{paid_from}</RltdPties>'
        f"<RmtInf>{written}{structured}</RmtInf>{back}</TxDtls>"
    )


def entry(
    amount: str = "13.53",
    *transactions: str,
    reference: str = "",
    on: str = "2026-11-30",
    side: str = "CRDT",
    status: str = "BOOK",
    version: str = "08",
) -> str:
    """An entry of a statement."""
    state = f"<Cd>{status}</Cd>" if version == "08" else status
    own = f"<AcctSvcrRef>{reference}</AcctSvcrRef>" if reference else ""
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts>{state}</Sts>'
        f"<BookgDt><Dt>{on}</Dt></BookgDt><ValDt><Dt>{on}</Dt></ValDt>{own}"
        f"<NtryDtls>{''.join(transactions)}</NtryDtls></Ntry>"
    )


def camt(*entries: str, version: str = "08", account: str = ACCOUNT) -> bytes:
    """A statement with some entries."""
    return (
        f'<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}">'
        f"<BkToCstmrStmt><GrpHdr><MsgId>1</MsgId></GrpHdr><Stmt><Id>1</Id><Acct><Id><IBAN>{account}</IBAN></Id></Acct>"
        f"{''.join(entries)}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def read(content: bytes, by: User, **fields: Any) -> list[BankEntry]:
    """Read a statement; its entries that are new, in its order."""
    filed = actions.file_statement(content=content, by=by, now=fields.pop("now", MONTH_END), **fields)
    return list(filed.file.entries.order_by("pk"))


def make_entries(by: User, amounts: Iterable[str] = ("13.53",), **fields: Any) -> list[BankEntry]:
    """Entries that wait, one for each amount, each with a reference of its own."""
    start = BankEntry.objects.count()
    made = [
        entry(
            amount,
            transaction(amount, **fields),
            reference=f"REF{start + number}",
            on=str(date(2026, 11, 30)),
        )
        for number, amount in enumerate(amounts)
    ]
    return read(camt(*made), by)


def make_collection(invoice: Invoice, by: User) -> CollectedInvoice:
    """A collection under way of one invoice, whose client has signed a mandate."""
    mandate = Mandate.objects.create(
        client=invoice.client,
        reference=f"M-{invoice.pk}",
        signed_on=MONTH_END.date(),
        holder="Cliente",
        iban="ES9121000418450200051332",
        noted_at=MONTH_END,
        noted_by=by,
    )
    collection = Collection.objects.create(
        number=f"R-{invoice.pk}",
        collect_on=MONTH_END.date(),
        file=store(b"<Document/>"),
        idempotency_key=f"collection of {invoice.pk}",
        created_at=MONTH_END,
        created_by=by,
    )
    return CollectedInvoice.objects.create(
        collection=collection,
        invoice=invoice,
        mandate=mandate,
        amount=invoice.owed,
        end_to_end=f"R-{invoice.pk}-1",
    )
