"""Walks the CFDIs of Mexico and says what is wrong: what `ecuanime verify` asks of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q

from ecuanime.billing.models import Cfdi, Invoice, MexicoSettings
from ecuanime.billing.packs import Status
from ecuanime.billing.packs.mx.cfdi import Unreadable, read_stamp, same_document
from ecuanime.foundation.models import AuditEntry


def verify_cfdis() -> Iterator[str]:
    """Say what is wrong, one sentence each; nothing when all is sound.

    What was sealed is byte for byte what the audit trail saw; what was stamped is what was sealed, under the UUID that
    it is listed with; what clients may see is stamped in earnest; and every invoice issued under the law of Mexico was
    sealed, but for those to the public, which a global invoice names.
    """
    seen = _digests()
    for row in Cfdi.objects.select_related("invoice").order_by("pk").iterator(chunk_size=200):
        name = f"{row.name}, CFDI {row.pk}"
        if seen.get(str(row.pk)) != hashlib.sha256(row.sealed.encode()).hexdigest():
            yield f"{name}: what was sealed is not what the audit trail saw"
        if row.state == Cfdi.State.STAMPED:
            yield from (f"{name}: {fault}" for fault in _wrong_stamp(row))
    own = Cfdi.objects.filter(invoice=OuterRef("pk"), payment=None)
    lawful = Invoice.objects.filter(texts__pack="MX", texts__status=Status.LEGAL.value)
    lawful = lawful.exclude(kind=Invoice.Kind.PRO_FORMA).order_by("pk")
    to_public = Q(public_sale__isnull=False) | Q(corrects__public_sale__isnull=False)
    lawful = lawful.exclude(to_public)
    for number in lawful.filter(~Exists(own)).values_list("number", flat=True):
        yield f"{number}: it was issued without being sealed"
    stamped = own.filter(
        state=Cfdi.State.STAMPED, superseded_at=None, environment=MexicoSettings.Environment.PRODUCTION
    )
    for number in lawful.filter(~Exists(stamped), is_held=False).values_list("number", flat=True):
        yield f"{number}: clients may see it though it is not stamped"


def _wrong_stamp(row: Cfdi) -> Iterator[str]:
    try:
        stamp = read_stamp(row.stamped.encode())
    except Unreadable:
        yield "its stamp cannot be read"
        return
    if stamp.uuid != row.uuid:
        yield "its UUID is not the one it is listed with"
    if not same_document(row.sealed.encode(), row.stamped.encode()):
        yield "what was stamped is not what was sealed"


def _digests() -> dict[str, str]:
    """What the audit trail keeps of each CFDI, by its id."""
    entries = AuditEntry.objects.filter(object_kind=Cfdi._meta.label_lower, verb="cfdi_sealed")
    rows = entries.values_list("object_id", "body").iterator()
    return {key: json.loads(body)["data"]["sha256"] for key, body in rows}
