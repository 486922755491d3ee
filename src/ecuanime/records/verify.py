"""Verify: prove that hours, invoices, files and the audit trail still agree with themselves. Changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ecuanime.billing.verifying.cfdis import verify_cfdis
from ecuanime.billing.verifying.invoices import verify_invoices
from ecuanime.billing.verifying.received import verify_received
from ecuanime.billing.verifying.records import verify_records
from ecuanime.entitlements.verification import verify_ledger
from ecuanime.foundation import files
from ecuanime.foundation.audit import broken_links
from ecuanime.foundation.models import StoredFile
from ecuanime.foundation.witness import cut_off


@dataclass(frozen=True)
class Check:
    """One thing to prove: its name, and a way to list its faults."""

    name: str
    faults: Callable[[], Iterator[str]]


def verify_files() -> Iterator[str]:
    """Stored files that are missing or whose bytes no longer have their hash."""
    for digest in StoredFile.objects.order_by("sha256").values_list("sha256", flat=True).iterator():
        if not files.is_whole(digest):
            yield f"file {digest} is missing or altered"


def verify_audit_trail() -> Iterator[str]:
    """Entries that were changed or taken out of the chain, at its end too."""
    yield from broken_links()
    yield from cut_off()


CHECKS = (
    Check("hours ledger", verify_ledger),
    Check("invoices", verify_invoices),
    Check("invoice records", verify_records),
    Check("received invoices", verify_received),
    Check("CFDIs", verify_cfdis),
    Check("stored files", verify_files),
    Check("audit trail", verify_audit_trail),
)
