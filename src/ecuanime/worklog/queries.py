"""Shared reads about time."""

from __future__ import annotations

from ecuanime.accounts.models import User
from ecuanime.worklog.models import Timer


def running_timer(user: User) -> Timer | None:
    """The person's running timer with its ticket and client, or None."""
    return Timer.objects.select_related("ticket__client", "work_type").filter(user=user).first()
