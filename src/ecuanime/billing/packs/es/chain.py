"""Appending to the chain: one record after the other under the chain's lock, in the transaction of the caller."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from django.utils.translation import gettext as _

from ecuanime.billing.models import FiscalChain, FiscalRecord, Invoice
from ecuanime.billing.packs.es.mapping import invoice_id
from ecuanime.billing.packs.es.verifactu import (
    Cancellation,
    Fault,
    Link,
    Registration,
    System,
    faults_of,
    sealed,
    xml_of,
)
from ecuanime.billing.packs.es.verifactu.checks import is_nif
from ecuanime.billing.packs.es.words import sentences
from ecuanime.foundation.audit import record as note_down
from ecuanime.foundation.crashpoints import crashpoint
from ecuanime.foundation.errors import Refused
from ecuanime.staff.queries import the_firm

CLOCK_MAY_DIFFER = timedelta(hours=1)
"""By so much the last record may be ahead of the clock: whoever waited for its turn read the clock earlier."""

R = TypeVar("R", Registration, Cancellation)


def append(
    invoice: Invoice,
    system: System,
    make: Callable[[Link | None, datetime], R],
    now: datetime,
    *,
    is_demo: bool,
    reason: str = "",
) -> FiscalRecord:
    """Write the next record of the chain; `make` gives it from the one before and its moment.

    Nothing is written unless the whole record passes. Refused: `clock_back`, and each code of `faults_of`.
    """
    nif = invoice_id(invoice).nif
    if not is_nif(nif):
        raise Refused("nif", sentences([Fault("nif", nif)]))
    chain = locked_chain(nif, system, now, is_demo=is_demo)
    last = chain.records.filter(position=chain.next_position - 1).select_related("invoice").first()
    record = make(_link(last), _moment(last, now))
    if faults := faults_of(record):
        raise Refused(faults[0].code, sentences(faults))
    row = _write(chain, last, invoice, sealed(record), reason)
    chain.next_position += 1
    chain.save(update_fields=["next_position"])
    note_down(
        "fiscal_record_written",
        row,
        now=now,
        number=invoice.number,
        position=row.position,
        kind=row.kind,
        huella=row.huella,
        sha256=digest_of(row.xml),
    )
    crashpoint("billing.record_written")
    return row


def digest_of(xml: str) -> str:
    """What the audit trail keeps of a record: SHA-256 of all its bytes, where the fingerprint covers a few fields."""
    return hashlib.sha256(xml.encode()).hexdigest()


def locked_chain(nif: str, system: System, now: datetime, *, is_demo: bool) -> FiscalChain:
    """The chain of an issuer, program and installation, begun if need be and locked until the commit."""
    which = {"nif": nif, "system_code": system.code, "installation": system.installation}
    FiscalChain.objects.get_or_create(**which, defaults={"is_demo": is_demo, "created_at": now})
    return FiscalChain.objects.select_for_update(no_key=True).get(**which)


def _link(last: FiscalRecord | None) -> Link | None:
    return None if last is None else Link(invoice_id(last.invoice), last.huella)


def _moment(last: FiscalRecord | None, now: datetime) -> datetime:
    """The moment of the record in the firm's time, to the second, never before the last one's."""
    ahead = max(now, last.generated_at) if last else now
    if ahead - now > CLOCK_MAY_DIFFER:
        raise Refused(
            "clock_back",
            _(
                "The last record was written on %(at)s, later than now by this machine's clock. Set the clock right: "
                "records are chained in the order of time."
            )
            % {"at": ahead.astimezone(the_firm().zone).strftime("%Y-%m-%d %H:%M")},
        )
    return ahead.astimezone(the_firm().zone).replace(microsecond=0)


def _write(
    chain: FiscalChain,
    last: FiscalRecord | None,
    invoice: Invoice,
    record: Registration | Cancellation,
    reason: str,
) -> FiscalRecord:
    offset = record.generated_at.utcoffset() or timedelta(0)
    row = FiscalRecord(
        chain=chain,
        position=chain.next_position,
        kind=FiscalRecord.Kind.CANCELLATION,
        invoice=invoice,
        previous=last,
        previous_rejection=record.previous_rejection,
        reason=reason,
        huella=record.huella,
        xml=xml_of(record),
        generated_at=record.generated_at,
        utc_offset_minutes=int(offset.total_seconds() // 60),
    )
    if isinstance(record, Registration):
        row.kind, row.type = FiscalRecord.Kind.REGISTRATION, record.type.value
        row.quota_total, row.total, row.is_amendment = record.quota_total, record.total, record.is_amendment
    row.save(force_insert=True)
    return row
