"""Holding CFDIs against the SAT's own files before they are sent for the first time, where the firm has these.

What would be turned away is not sent: it is rejected as if the PAC had said so, corrected, and sealed anew. What was
sent once may be stamped, so it is the PAC's to judge. A judge that fails stops nothing: the PAC judges too.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from ecuanime.billing.models import Cfdi
from ecuanime.billing.packs.mx.declared import mexico_settings
from ecuanime.billing.packs.mx.keys import is_checked
from ecuanime.billing.packs.mx.official import NAME, JudgeFailed, faults_of_each, version
from ecuanime.billing.packs.mx.pac.noting import reject, waiting

logger = logging.getLogger(__name__)

Fault = tuple[str, str]


def check_unsent(ids: Sequence[int], now: datetime) -> None:
    """Judge those of these CFDIs that were never sent, all in one process; no transaction is open meanwhile."""
    if not is_checked(mexico_settings()):
        return
    rows = list(Cfdi.objects.filter(pk__in=ids, tries=0, checked_by="").order_by("pk"))
    if not rows:
        return
    try:
        found = faults_of_each([row.sealed for row in rows])
    except JudgeFailed:
        logger.exception("CFDIs go to the PAC without being held against the SAT's files")
        return
    for row, faults in zip(rows, found, strict=True):
        try:
            _note(row, faults, now)
        except Exception:
            logger.exception("what was found of CFDI %s could not be noted", row.pk)


@transaction.atomic
def _note(row: Cfdi, faults: Sequence[Fault], now: datetime) -> None:
    found = waiting(row)
    if found is None or found.tries:
        return
    found.checked_by = f"{NAME} {version()}"
    if faults:
        reject(found, faults[0][0], " ".join(words for _code, words in faults), now)
    else:
        found.save(update_fields=["checked_by"])
