"""How the sign-in library fits this product."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from qrcode.image.svg import SvgPathFillImage

from ecuanime.accounts.models import User
from ecuanime.foundation.addresses import client_address
from ecuanime.foundation.audit import Actor, acting_as, record
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.secrets import seal, unseal
from ecuanime.staff.queries import current_firm


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the firm: nobody signs up. What the library does to accounts is in the audit trail too."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that limits are counted by: never one that a visitor can make up."""
        return client_address(request) or "0.0.0.0"  # noqa: S104  # a name for "unknown", nothing is bound

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign the person in, and note it as theirs."""
        super().login(request, user)
        _note("signed_in", user, request)

    def set_password(self, user: User, password: str) -> None:
        """Keep another password; all other sessions and all links of the account die with the old one."""
        super().set_password(user, password)
        _note("password_changed", user, self.request)

    def is_safe_url(self, url: str | None) -> bool:
        """Only paths of this site: an address of any other host, or without a path, is not gone to."""
        return bool(url) and str(url).startswith("/") and bool(super().is_safe_url(url))


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors: their secrets are sealed, and their square code can be read in the dark theme too."""

    def encrypt(self, text: str) -> str:
        """Seal with the key that lives outside the database."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """What was sealed."""
        return unseal(encrypted_text)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys belong to the firm's own address, whatever a request calls it."""
        firm = current_firm()
        host = urlsplit(settings.ECUANIME_URL).hostname or "localhost"
        return {"id": host, "name": firm.name if firm else "Ecuánime"}

    def build_totp_svg(self, url: str) -> str:
        """The code on white."""
        drawn = BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(drawn)
        return drawn.getvalue().decode()


def _note(verb: str, user: User, request: Any) -> None:
    address = client_address(request) if request is not None else None
    with acting_as(Actor(user.pk, str(user), address)):
        record(verb, user, now=read_clock())
