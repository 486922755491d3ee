"""The queues and saved views a person has at the desk."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from ecuanime.accounts.models import Role, User
from ecuanime.foundation.prepared import prepared
from ecuanime.staff.models import Team
from ecuanime.tickets.models import Queue, SavedView


def queues_for(user: User) -> QuerySet[Queue]:
    """The queues a person works on: those of their teams and those of no team; supervisors see all."""
    return _queues(user.pk, sees_all=user.has_role(Role.SUPERVISOR))


def _queues(user: int, *, sees_all: bool) -> QuerySet[Queue]:
    rows = Queue.objects.filter(is_active=True).select_related("team")
    return rows if sees_all else rows.filter(Q(team__isnull=True) | Q(team__in=_teams_of(user)))


def queue_for(user: User, key: int) -> Queue | None:
    """The queue with that id, if the person works on it."""
    return next(iter(_queue(user.has_role(Role.SUPERVISOR), user=user.pk, key=key)), None)


@prepared
def _queue(sees_all: bool, /, *, user: int, key: int) -> QuerySet[Queue]:
    return _queues(user, sees_all=sees_all).filter(pk=key)


def saved_views_for(user: User) -> QuerySet[SavedView]:
    """The saved views a person has: their own, those of their teams and everybody's."""
    return _saved_views(user.pk)


def _saved_views(user: int) -> QuerySet[SavedView]:
    of_team = Q(audience=SavedView.Audience.TEAM, team__in=_teams_of(user))
    for_all = Q(audience=SavedView.Audience.EVERYBODY)
    return SavedView.objects.filter(Q(owner=user) | of_team | for_all).select_related("owner", "team")


def saved_view_for(user: User, key: int) -> SavedView | None:
    """The saved view with that id, if the person has it."""
    return next(iter(_saved_view(user=user.pk, key=key)), None)


@prepared
def _saved_view(*, user: int, key: int) -> QuerySet[SavedView]:
    return _saved_views(user).filter(pk=key)


def _teams_of(user: int) -> QuerySet[Team, Any]:
    return Team.objects.filter(members=user).values("pk")
