"""Regular work on lots: telling clients what will expire. Each lot stands alone; one that fails stays due."""

from __future__ import annotations

import logging

from ecuanime.entitlements.actions import tell_expiring
from ecuanime.entitlements.queries import lots_expiring
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.jobs import job

logger = logging.getLogger(__name__)


@job(name="entitlements.tell_expiring", queue="entitlements", queueing_lock="entitlements.tell_expiring")
def tell_what_expires(timestamp: int) -> None:
    """Tell clients 30 and 7 days before what is left of their packs expires, once each."""
    now = read_clock()
    for lot in lots_expiring(now):
        try:
            tell_expiring(lot=lot, now=now)
        except Exception:
            logger.exception("lot %s could not be told about; it stays due", lot)
