"""Shared reads about notices."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from ecuanime.accounts.models import Role, User
from ecuanime.foundation.paging import Page, page_of
from ecuanime.foundation.prepared import prepared
from ecuanime.notices.models import FOR_ADMINISTRATORS, Bundle, Kind, Notice, Preference, Quiet
from ecuanime.notices.notifiers.registry import NOTIFIERS
from ecuanime.rules.quiet import QuietHours
from ecuanime.staff.queries import current_firm

NEWEST_FIRST = ("-created_at", "-id")
COUNTED_UP_TO = 99
MOST_AT_ONCE = 200


def notices_of(user: User, *, after: str = "", size: int = 50) -> Page[Notice]:
    """What somebody was told, the newest first."""
    return page_of(Notice.objects.filter(user=user), order=NEWEST_FIRST, after=after, size=size)


def unread_count(user: User) -> int:
    """Of how many things they have not seen something, however much of each; counted to one more than 99."""
    return len(_unread_subjects(user=user.pk))


@prepared
def _unread_subjects(*, user: int) -> QuerySet[Notice, str]:
    unread = Notice.objects.filter(user=user, read_at=None).order_by()
    about = unread.annotate(about=Coalesce(NullIf("subject_key", Value("")), "event_id"))
    return about.values_list("about", flat=True).distinct()[: COUNTED_UP_TO + 1]


def due_bundles(*, now: datetime) -> list[int]:
    """The ids of the bundles that are due, the one that waits the longest first; at most 200."""
    due = Bundle.objects.filter(next_due_at__lte=now).order_by("next_due_at", "pk")
    return list(due.values_list("pk", flat=True)[:MOST_AT_ONCE])


def kinds_for(user: User) -> list[str]:
    """The kinds of notices that this person may get: some concern administrators alone."""
    return [
        kind for kind in Kind.values if kind not in FOR_ADMINISTRATORS or user.has_role(Role.ADMINISTRATOR)
    ]


def wishes_of(user: User) -> dict[tuple[str, str], bool]:
    """Whether each kind is wanted by each notifier: the person's choice, else what is usual."""
    usual = {
        (kind, notifier.key): kind in notifier.usual_for
        for kind in Kind.values
        for notifier in NOTIFIERS.values()
    }
    rows = Preference.objects.filter(user=user).values_list("kind", "notifier", "wanted")
    chosen = {(kind, notifier): wanted for kind, notifier, wanted in rows if (kind, notifier) in usual}
    return usual | chosen


def quiet_hours_of(user: User) -> QuietHours | None:
    """The part of the day in which they want to be left alone."""
    row = Quiet.objects.filter(user=user).first()
    if row is None:
        return None
    firm = current_firm()
    return QuietHours(row.begins, row.ends, user.time_zone or (firm.time_zone if firm else "UTC"))


def loud_from(user: User, at: datetime) -> datetime:
    """When somebody may be disturbed: `at`, or the end of their quiet hours."""
    quiet = quiet_hours_of(user)
    return quiet.loud_from(at) if quiet else at
