"""Regular work on lots: telling clients what will expire."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from ecuanime.entitlements.actions import tell_expiring
from ecuanime.entitlements.queries import lots_expiring
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.jobs import job
from ecuanime.foundation.rounds import work_through

TELLING = gettext_noop("Telling clients of hours that will expire")


@job(name="entitlements.tell_expiring", queue="entitlements", queueing_lock="entitlements.tell_expiring")
def tell_what_expires(timestamp: int) -> None:
    """Tell clients 30 and 7 days before what is left of their packs expires, once each."""
    now = read_clock()
    work_through(
        lots_expiring(now),
        lambda lot: tell_expiring(lot=lot, now=now),
        work=TELLING,
        page=lambda lot: f"/contratos/{lot.contract.number}/",
    )
