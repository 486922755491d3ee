"""Alerting experts in their order: each once, until one takes the case on; and what else falls due in a case."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from ecuanime.emergencies import notices
from ecuanime.emergencies.actions.common import lock
from ecuanime.emergencies.actions.rhythm import press_for_news
from ecuanime.emergencies.conditions import the_service
from ecuanime.emergencies.models import UNANSWERED, WORKED, Alert, Emergency, Stage
from ecuanime.emergencies.queries import AHEAD, experts_left, express_hours
from ecuanime.foundation.crashpoints import crashpoint
from ecuanime.foundation.rounds import work_through
from ecuanime.rules.calendars import open_intervals
from ecuanime.rules.express import ANSWER_MINUTES, covered_after

BATCH = 200
LOOKING = gettext_noop("Looking at emergencies in which something is due")


def alert_next(emergency: Emergency, *, now: datetime) -> Alert | None:
    """Alert the next expert of a locked case, if the Express hours are open; the supervisors when none is left.

    It notes when the case is to be looked at again.
    """
    hours = express_hours(now)
    if hours is not None and not hours.covers(now):
        opens = next(open_intervals(hours, now, now + AHEAD), None)
        _look_again(emergency, opens[0] if opens else None)
        return None
    left = experts_left(emergency)
    if not left:
        notices.tell_nobody_left(emergency, now=now)
        _look_again(emergency, None if emergency.breached_at else emergency.answer_due_at)
        return None
    due_at = covered_after(now, the_service().alert_minutes, hours)
    alert = Alert.objects.create(emergency=emergency, user=left[0], sent_at=now, due_at=due_at)
    crashpoint("emergencies.alerted")
    notices.tell_alerted(alert, now=now)
    _look_again(emergency, due_at)
    return alert


def end_alerts(emergency: Emergency, *, now: datetime, said: str) -> None:
    """Note what became of the alerts that nobody has answered."""
    emergency.alerts.filter(said=Alert.Said.NOTHING).update(said=said, said_at=now)


def _look_again(emergency: Emergency, at: datetime | None) -> None:
    """When something falls due next: at `at`, or when the hour is up if that comes before."""
    due = emergency.answer_due_at if emergency.breached_at is None else None
    emergency.next_due_at = _first(at, due)
    emergency.save(update_fields=["next_due_at"])


def _first(*moments: datetime | None) -> datetime | None:
    return min((each for each in moments if each is not None), default=None)


def take_due_cases(*, now: datetime) -> int:
    """Look at the cases in which something has fallen due, each by itself; returns in how many something had.

    Those that wait for their answer are looked at every time: what was noted for later is worth nothing once the clock
    was set back.
    """
    due = Emergency.objects.filter(Q(next_due_at__lte=now) | Q(stage__in=UNANSWERED)).order_by("next_due_at")
    cases = due.only("number")[:BATCH]
    return sum(work_through(cases, lambda each: _take_due(each, now), work=LOOKING, page=notices.page_of))


def _take_due(emergency: Emergency, now: datetime) -> bool:
    done = take_due_case(emergency=emergency, now=now)
    crashpoint("emergencies.looked_at")
    return done


@transaction.atomic
def take_due_case(*, emergency: Emergency, now: datetime) -> bool:
    """Do what has fallen due in a case: tell that the hour is up, pass a silent expert's alert on, ask for news.

    Under its lock and by its own moment, so that twice or at once it is done once.
    """
    emergency = lock(emergency)
    if emergency.stage in UNANSWERED:
        keep_bounds(emergency, now=now)
    if emergency.next_due_at is None or emergency.next_due_at > now:
        return False
    if emergency.stage in UNANSWERED:
        _press_for_answer(emergency, now)
    elif emergency.stage in WORKED:
        press_for_news(emergency, now=now)
    else:
        emergency.next_due_at = None
        emergency.save(update_fields=["next_due_at"])
    return True


def keep_bounds(emergency: Emergency, *, now: datetime) -> None:
    """See to it that nothing of a locked case that waits for its answer is due later than if it began now.

    So it would be after the clock was set back. It is due at once where somebody could be alerted and nobody is.
    """
    hours, before = express_hours(now), (emergency.answer_due_at, emergency.next_due_at)
    emergency.answer_due_at = _first(emergency.answer_due_at, covered_after(now, ANSWER_MINUTES, hours))
    if emergency.breached_at is None:
        emergency.next_due_at = _first(emergency.next_due_at, emergency.answer_due_at)
    waiting = emergency.alerts.filter(said=Alert.Said.NOTHING)
    latest = covered_after(now, the_service().alert_minutes, hours)
    if latest is not None and waiting.filter(due_at__gt=latest).update(due_at=latest):
        emergency.next_due_at = _first(emergency.next_due_at, latest)
    could_alert = emergency.stage == Stage.DECLARED and (hours is None or hours.covers(now))
    if could_alert and not waiting.exists() and experts_left(emergency):
        emergency.next_due_at = now
    if (emergency.answer_due_at, emergency.next_due_at) != before:
        emergency.save(update_fields=["answer_due_at", "next_due_at"])


def _press_for_answer(emergency: Emergency, now: datetime) -> None:
    is_up = emergency.answer_due_at is not None and emergency.answer_due_at <= now
    if is_up and emergency.breached_at is None:
        emergency.breached_at = now
        emergency.save(update_fields=["breached_at"])
        notices.tell_late(emergency, now=now)
    if emergency.stage == Stage.EVALUATING:
        _look_again(emergency, None)
        return
    silent = emergency.alerts.filter(said=Alert.Said.NOTHING)
    if silent.filter(due_at__gt=now).exists():
        _look_again(emergency, silent.order_by("due_at").values_list("due_at", flat=True)[0])
        return
    end_alerts(emergency, now=now, said=Alert.Said.SILENT)
    alert_next(emergency, now=now)
