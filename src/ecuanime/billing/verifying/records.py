"""Walks the chains of invoice records and says what is wrong: the other half of what `ecuanime verify` asks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from ecuanime.billing.documents.home_taxes import declared, sum_of
from ecuanime.billing.models import FiscalChain, FiscalRecord, Invoice
from ecuanime.billing.packs import Status
from ecuanime.billing.packs.es import WITHOUT_RECORD
from ecuanime.billing.packs.es.chain import digest_of
from ecuanime.billing.packs.es.mapping import EURO
from ecuanime.billing.packs.es.verifactu import ReadRecord, amount_text, read_record
from ecuanime.billing.packs.es.verifactu.values import date_text
from ecuanime.foundation.models import AuditEntry


def verify_records() -> Iterator[str]:
    """Say what is wrong, one sentence each; nothing when all is sound.

    Each chain runs 1..n without gap; every record gives the fingerprint that it bears, follows the one before it, is
    about its invoice as that was issued, and is byte for byte what the audit trail saw; and every invoice issued under
    the law of Spain has its record, unless it was issued before its firm was bound.
    """
    for chain in FiscalChain.objects.order_by("pk"):
        yield from wrong_in(chain)
    registered = FiscalRecord.objects.filter(invoice=OuterRef("pk"), kind=FiscalRecord.Kind.REGISTRATION)
    lawful = Invoice.objects.filter(texts__pack="ES", texts__status=Status.LEGAL.value)
    lawful = lawful.exclude(kind=Invoice.Kind.PRO_FORMA).exclude(texts__contains={WITHOUT_RECORD: True})
    for number in lawful.filter(~Exists(registered)).order_by("pk").values_list("number", flat=True):
        yield f"{number}: it was issued without a record"


def wrong_in(chain: FiscalChain) -> Iterator[str]:
    """What is wrong with one chain."""
    name, seen = _name(chain), _digests()
    last: FiscalRecord | None = None
    position = 0
    for row in chain.records.order_by("position").select_related("invoice").iterator():
        position += 1
        if row.position != position:
            yield f"{name}: record {position} is missing before {row.position}"
            position = row.position
        for fault in _wrong_record(chain, row, last, seen.get(str(row.pk), "")):
            yield f"{name}, record {row.position}: {fault}"
        last = row
    if position != chain.next_position - 1:
        yield f"{name}: it ends at record {position} and should end at {chain.next_position - 1}"


def wrong_among(chain: FiscalChain, rows: Sequence[FiscalRecord]) -> Iterator[str]:
    """What is wrong with some records of a chain, each against the one before it; for a page of the register."""
    seen = _digests([row.pk for row in rows])
    before = {row.pk: row for row in FiscalRecord.objects.filter(pk__in=[row.previous_id for row in rows])}
    for row in rows:
        last = before.get(row.previous_id) if row.previous_id else None
        for fault in _wrong_record(chain, row, last, seen.get(str(row.pk), "")):
            yield _("record %(position)s: %(fault)s") % {"position": row.position, "fault": fault}


def _wrong_record(
    chain: FiscalChain, row: FiscalRecord, last: FiscalRecord | None, digest: str
) -> Iterator[str]:
    try:
        read = read_record(row.xml)
    except ValueError:
        yield "its text cannot be read"
        return
    if not read.computed == read.huella == row.huella:
        yield "its values do not give its fingerprint: it was changed"
    if digest != digest_of(row.xml):
        yield "its text is not the one that the audit trail saw"
    if row.previous_id != (last.pk if last else None) or read.previous_huella != (
        last.huella if last else ""
    ):
        yield "it does not follow the one before it"
    if last is not None and row.generated_at < last.generated_at:
        yield "it is earlier than the one before it"
    yield from _wrong_columns(chain, row, read)


def _wrong_columns(chain: FiscalChain, row: FiscalRecord, read: ReadRecord) -> Iterator[str]:
    """What lists show of it, and its invoice, against its text."""
    invoice = row.invoice
    issued_on = date_text(invoice.issued_on) if invoice.issued_on else ""
    if (read.nif, read.serial, read.issued_on) != (chain.nif, invoice.number, issued_on):
        yield f"it is not about {invoice.number} as that was issued"
    if read.installation != chain.installation or read.is_first != (row.position == 1):
        yield "it is of another chain"
    if read.generated_at != row.written_at.isoformat():
        yield "its moment is not the one it is listed with"
    if read.is_registration is row.is_cancellation:
        yield "it is of another kind than it is listed as"
    elif read.is_registration:
        shown = (row.type, amount_text(row.quota_total), amount_text(row.total))
        if (read.type, read.quota_total, read.total) != shown:
            yield "its kind or its amounts are not those it is listed with"
        if not invoice.by_substitution and (row.quota_total, row.total) != _in_euros(invoice):
            yield f"its amounts are not those of {invoice.number}"


def _in_euros(invoice: Invoice) -> tuple[int, int]:
    """Its tax and its total as they are declared."""
    if invoice.home_total is None:
        return invoice.tax, invoice.total
    sums = sum_of(declared(row, EURO) for row in invoice.taxes.select_related("invoice"))
    return sums.amount + sums.surcharge, sums.total


def _digests(of: Sequence[int] | None = None) -> dict[str, str]:
    """What the audit trail keeps of each record, or of those of some ids, by the record's id."""
    entries = AuditEntry.objects.filter(
        object_kind=FiscalRecord._meta.label_lower, verb="fiscal_record_written"
    )
    if of is not None:
        entries = entries.filter(object_id__in=[str(pk) for pk in of])
    rows = entries.values_list("object_id", "body").iterator()
    return {key: json.loads(body)["data"]["sha256"] for key, body in rows}


def _name(chain: FiscalChain) -> str:
    return f"chain {chain.nif} {chain.system_code} {chain.installation}"
