"""Notices that somebody has seen."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from ecuanime.accounts.models import User
from ecuanime.foundation.prepared import prepared
from ecuanime.notices.models import Notice


def mark_read(*, notice: Notice, now: datetime) -> None:
    """Its person has opened it; again nothing changes."""
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=now)


def mark_all_read(*, user: User, now: datetime) -> int:
    """The person has seen all of them; returns how many were new."""
    return Notice.objects.filter(user=user, read_at=None).update(read_at=now)


def mark_subject_read(*, user: User, subject_key: str, now: datetime) -> int:
    """The person has opened what they are about, so they know; what waits to leave about it does not leave."""
    about = _unread_about(user=user.pk, subject=subject_key)
    return Notice.objects.filter(pk__in=about, read_at=None).update(read_at=now) if about else 0


def settle_subject(*, subject_key: str, now: datetime) -> int:
    """What was told of it is news to nobody any more, since it is over; returns how much was."""
    return Notice.objects.filter(subject_key=subject_key, read_at=None).update(read_at=now)


@prepared
def _unread_about(*, user: int, subject: str) -> QuerySet[Notice, int]:
    about = Notice.objects.filter(user=user, subject_key=subject, read_at=None)
    return about.values_list("pk", flat=True)
