"""The door: a token in the header, and nothing else. A session's cookie opens nothing here."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import translation
from ninja.security import HttpBearer

from ecuanime.accounts.actions import use_api_token
from ecuanime.api.errors import TooMany
from ecuanime.api.limits import count_use
from ecuanime.api.reader import Reader
from ecuanime.clients.queries import contact_of
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.secrets import token_hash


class Token(HttpBearer):
    """A person's token. From here on the answer speaks their language, until the request ends."""

    def authenticate(self, request: HttpRequest, token: str) -> Reader | None:
        """Whom the token opens for, counted; None when it opens for nobody. Raises `TooMany`."""
        now = read_clock()
        user = use_api_token(secret=token, now=now)
        if user is None:
            return None
        translation.activate(user.language)  # web.middleware.person puts the former one back
        if wait := count_use(token_hash=token_hash(token), now=now):
            raise TooMany(wait)
        return Reader(user, None if user.is_of_firm else contact_of(user))
