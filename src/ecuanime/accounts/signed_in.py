"""Who is signed in: Django's sessions and allauth's accounts, by questions that are put together once.

Every page asks them, and they took as long as reading its fifty tickets.
"""

from __future__ import annotations

from datetime import datetime

from allauth.account.auth_backends import AuthenticationBackend as Backend
from django.contrib.sessions.backends.db import SessionStore as Store
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from ecuanime.accounts.models import User
from ecuanime.foundation.prepared import prepared


class SessionStore(Store):
    """Django's sessions in the database; settings name this module as their engine."""

    def _get_session_from_db(self) -> Session | None:
        found = next(iter(_lasting(key=self.session_key or "", now=timezone.now())), None)
        if found is None:
            self._session_key = None
        return found


class AuthenticationBackend(Backend):  # type: ignore[misc]  # allauth has no types
    """allauth's accounts."""

    def get_user(self, user_id: int) -> User | None:
        """Whose session it is; nobody's once the account is closed."""
        return next(iter(_open_account(key=user_id)), None)


@prepared
def _lasting(*, key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


@prepared
def _open_account(*, key: int) -> QuerySet[User]:
    return User.objects.filter(pk=key, is_active=True)
