"""The doors: a token in the header, and nothing else. A session's cookie opens nothing here."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.utils import translation
from ninja.security import HttpBearer

from ecuanime.accounts.actions import use_api_token
from ecuanime.accounts.models import ApiToken
from ecuanime.api.errors import NotAllowed, ReadOnly, TooMany
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
        used = use_api_token(secret=token, now=now)
        if used is None:
            return None
        user = used.user
        translation.activate(user.language)  # web.middleware.person puts the former one back
        if wait := count_use(token_hash=token_hash(token), now=now):
            raise TooMany(wait)
        return Reader(user, None if user.is_of_firm else contact_of(user), used)


class WriteToken(Token):
    """The door to an operation that writes: the token says so, and `may` says that its person may do such things."""

    def __init__(self, may: Callable[[Reader], bool]) -> None:
        super().__init__()
        self.may = may

    def authenticate(self, request: HttpRequest, token: str) -> Reader | None:
        """As `Token`. Raises `ReadOnly` and `NotAllowed` too, before anything that was sent is looked at."""
        reader = super().authenticate(request, token)
        if reader is None:
            return None
        if reader.token.scope != ApiToken.Scope.WRITE:
            raise ReadOnly
        if not self.may(reader):
            raise NotAllowed
        return reader
