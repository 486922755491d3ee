"""The macros a person has."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from ecuanime.accounts.models import User
from ecuanime.tickets.models import Macro


def macros_for(user: User, *, with_unused: bool = False) -> QuerySet[Macro]:
    """Their own and everybody's, those that are put away only when asked for."""
    rows = Macro.objects.filter(Q(owner=user) | Q(owner=None))
    return rows if with_unused else rows.filter(is_active=True)
