"""How often the client is told how it goes, and asking the lead when they are due news."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.emergencies import notices
from ecuanime.emergencies.access import parties_of
from ecuanime.emergencies.actions.common import lock
from ecuanime.emergencies.models import WORKED, Emergency, Happening
from ecuanime.emergencies.news import RHYTHM_MINUTES, news_due_at, rhythm_of
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.rules.express import Party


@transaction.atomic
def set_rhythm(*, emergency: Emergency, minutes: int, by: User, now: datetime) -> Emergency:
    """The lead notes how often the client wants news; both sides see it. The same again changes nothing.

    Refused: `not_allowed`, `not_now` (no work is open), `bad_rhythm` (below five minutes or above a week).
    """
    emergency = lock(emergency)
    if Party.LEAD not in parties_of(by, emergency):
        raise Refused("not_allowed", _("That is not for you to decide in this case."))
    if emergency.stage not in WORKED:
        raise Refused("not_now", _("News is agreed while work is open."))
    if minutes not in RHYTHM_MINUTES:
        raise Refused("bad_rhythm", _("Between five minutes and a week."))
    if minutes == rhythm_of(emergency):
        return emergency
    emergency.update_minutes = minutes
    emergency.version += 1
    emergency.save(update_fields=["update_minutes", "version"])
    _remind_next(emergency, news_due_at(emergency))
    Happening.objects.create(emergency=emergency, act="rhythm", at=now, user=by, text=str(minutes))
    audit.record("emergency_rhythm", emergency, now=now, number=emergency.number, minutes=minutes)
    return emergency


def press_for_news(emergency: Emergency, *, now: datetime) -> None:
    """Ask the lead of a locked case for the news that is due, once for each that was, and note when the next one is."""
    due = news_due_at(emergency)
    if due is not None and due <= now:
        rhythm = timedelta(minutes=rhythm_of(emergency))
        due += rhythm * ((now - due) // rhythm)
        notices.tell_news_due(emergency, due=due, now=now)
        due += rhythm
    _remind_next(emergency, due)


def _remind_next(emergency: Emergency, at: datetime | None) -> None:
    emergency.next_due_at = at
    emergency.save(update_fields=["next_due_at"])
