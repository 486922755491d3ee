"""What may be spent in a case: the client raises it, and the team is warned before it is used up."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from ecuanime.clients.models import Contact
from ecuanime.emergencies import notices
from ecuanime.emergencies.access import may_answer_for_client
from ecuanime.emergencies.actions.common import lock
from ecuanime.emergencies.actions.room import log
from ecuanime.emergencies.models import WORKED, Acceptance, CeilingRaise, Emergency, Happening
from ecuanime.emergencies.pool import WARNINGS, ceiling_of, pool_of
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.rounds import work_through

WATCHING = gettext_noop("Watching what may be spent in emergencies")


@transaction.atomic
def raise_ceiling(
    *, emergency: Emergency, contact: Contact, amount: int, address: str | None, now: datetime
) -> CeilingRaise:
    """A project lead lets up to `amount` be spent in all, in minor units before tax: a consent, not another invoice.

    Refused: `not_allowed`, `not_now` (no work is open), `no_ceiling` (there is no limit), `bad_ceiling` (not above the
    one that holds).
    """
    emergency = lock(emergency)
    if not may_answer_for_client(contact, emergency):
        raise Refused("not_allowed", _("That is not for you to decide in this case."))
    if emergency.stage not in WORKED:
        raise Refused("not_now", _("No work is open in this case."))
    held = ceiling_of(emergency)
    if held is None:
        raise Refused("no_ceiling", _("There is no limit to raise in this case."))
    if amount <= held:
        raise Refused("bad_ceiling", _("Give an amount above the one that holds now."))
    accepted = Acceptance.objects.get(emergency=emergency)
    raised = CeilingRaise.objects.create(
        emergency=emergency,
        contact=contact,
        name=contact.name,
        amount=amount,
        currency=accepted.currency,
        at=now,
        address=address,
    )
    log(emergency, "ceiling", str(amount), contact=contact, now=now)
    audit.record(
        "emergency_ceiling_raised", emergency, now=now, number=emergency.number, before=held, after=amount
    )
    notices.tell_answer(emergency, "ceiling", now=now)
    return raised


def watch_pools(*, now: datetime) -> int:
    """Warn, once for each share and ceiling, where what may be spent is nearly or wholly used up; returns how often."""
    limited = Emergency.objects.filter(stage__in=WORKED, acceptance__ceiling__isnull=False)
    return sum(
        work_through(
            limited.only("number").order_by("id"),
            lambda emergency: watch_pool(emergency=emergency, now=now),
            work=WATCHING,
            page=notices.page_of,
        )
    )


@transaction.atomic
def watch_pool(*, emergency: Emergency, now: datetime) -> int:
    """Warn the lead and supervisors of a case, with a line that both sides read; returns how many warnings are new."""
    emergency = lock(emergency)
    pool = pool_of(emergency, now=now) if emergency.stage in WORKED else None
    if pool is None:
        return 0
    warned = 0
    for act, share in WARNINGS.items():
        key = f"{act}:{pool.ceiling}"
        if pool.used < share or Happening.objects.filter(emergency=emergency, key=key).exists():
            continue
        log(emergency, act, str(pool.ceiling), key=key, now=now)
        notices.tell_pool(emergency, act, pool.ceiling, now=now)
        warned += 1
    return warned
