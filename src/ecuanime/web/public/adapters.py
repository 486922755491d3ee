"""How the sign-in library fits this product."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from ecuanime.web.addresses import client_address


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the firm: nobody signs up. Mail goes through the outbox like all other."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that limits are counted by: never one that a visitor can make up."""
        return client_address(request) or "0.0.0.0"  # noqa: S104  # a name for "unknown", nothing is bound
