"""What the register of invoice records shows."""

from __future__ import annotations

from dataclasses import dataclass

from ecuanime.billing.models import FiscalChain, FiscalRecord

PAGE = 50


@dataclass(frozen=True)
class RecordPage:
    """Some records of a chain, the newest first; `before` leads to older ones, 0 when there are none."""

    rows: list[FiscalRecord]
    before: int


def chains() -> list[FiscalChain]:
    """Every chain, the newest first: one for each installation there ever was."""
    return list(FiscalChain.objects.order_by("-pk")[:50])


def page_of_records(chain: FiscalChain, before: str = "") -> RecordPage:
    """The newest records, or those before a position."""
    rows = chain.records.select_related("invoice__client").order_by("-position")
    if before.isascii() and before.isdigit() and len(before) < 10:
        rows = rows.filter(position__lt=int(before))
    found = list(rows[:PAGE])
    last = found[-1].position if found else 1
    return RecordPage(found, last if last > 1 else 0)


def records_of(invoice_id: int) -> list[FiscalRecord]:
    """The records of a document, in the order of the chain."""
    return list(FiscalRecord.objects.filter(invoice=invoice_id).order_by("pk"))
