"""Asking the SAT to cancel a CFDI: the signed request, which the outbox hands over."""

from __future__ import annotations

from datetime import datetime

from ecuanime.accounts.models import User
from ecuanime.billing.models import Cfdi, CfdiCancellation
from ecuanime.billing.packs.mx.cfdi.cancelling import cancellation_request
from ecuanime.billing.packs.mx.mapping import local_time
from ecuanime.billing.packs.mx.naming import question_of
from ecuanime.billing.packs.mx.sealing import csd_of, usable_seal
from ecuanime.foundation.audit import record


def ask_to_cancel(cfdi: Cfdi, reason: str, substitute: str, by: User, now: datetime) -> CfdiCancellation:
    """Sign a request and let it be sent; the caller has looked that it may be asked. Refused: as `usable_seal`."""
    rfc = question_of(cfdi).issuer
    csd = csd_of(usable_seal(rfc, now))
    request = cancellation_request(rfc, cfdi.uuid, reason, substitute, local_time(now), csd)
    asked = CfdiCancellation.objects.create(
        cfdi=cfdi,
        reason=reason,
        substitute=substitute,
        request=request.decode(),
        not_before=now,
        requested_at=now,
        requested_by=by,
    )
    record("cfdi_cancellation_asked", cfdi, now=now, uuid=cfdi.uuid, reason=reason, substitute=substitute)
    return asked
