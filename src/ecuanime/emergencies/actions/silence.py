"""The agreed silence: a client who was told that service is normal, and says nothing for so long, confirms it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from ecuanime.emergencies import notices
from ecuanime.emergencies.actions.common import lock, take, write_to_client
from ecuanime.emergencies.models import Acceptance, Emergency, Stage
from ecuanime.foundation.rounds import work_through
from ecuanime.rules.express import Act

BATCH = 200
CONFIRMING = gettext_noop("Confirming by silence that service is normal")
CONFIRMED_SAID = gettext_noop(
    "Nobody has said otherwise, so it counts as agreed that service is normal: we go on with the causes. "
    "If it happens again, tell us on the page of your emergency."
)


def agreed_silence(emergency: Emergency) -> int:
    """After how many hours of silence the client confirms, as they accepted it; 0: never."""
    found = Acceptance.objects.filter(emergency=emergency).values_list("silence_hours", flat=True).first()
    return found or 0


def confirm_silent_cases(*, now: datetime) -> int:
    """Confirm what silence confirms by now, each case by itself; returns how many were."""
    due = Emergency.objects.filter(silence_at__isnull=False, silence_at__lte=now).order_by("silence_at")
    return sum(
        work_through(
            due.only("number")[:BATCH],
            lambda emergency: confirm_silent_case(emergency=emergency, now=now),
            work=CONFIRMING,
            page=notices.page_of,
        )
    )


@transaction.atomic
def confirm_silent_case(*, emergency: Emergency, now: datetime) -> bool:
    """Confirm in the client's name that service is normal, if the time agreed is over and nobody has objected.

    Under the case's lock and by its own moment, so that twice or at once it is done once. Both sides are told.
    """
    emergency = lock(emergency)
    if emergency.silence_at is None or emergency.silence_at > now:
        return False
    emergency.silence_at = None
    if emergency.stage != Stage.NORMALISED:
        emergency.save(update_fields=["silence_at"])
        return False
    emergency = take(emergency, Act.ACKNOWLEDGE_NORMAL, now=now)
    notices.tell_answer(emergency, "silence", now=now)
    if emergency.lead is not None:
        write_to_client(emergency, emergency.lead, CONFIRMED_SAID, now)
    return True
