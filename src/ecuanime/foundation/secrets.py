"""Secrets at rest and secrets in links.

Passwords of mailboxes are sealed with a key that lives outside the database (`ECUANIME_DATA/secrets`). Tokens in
links are random; the database keeps only their hash.
"""

from __future__ import annotations

import hashlib
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unsealable(Exception):
    """A sealed secret that no key of this installation opens: the key was lost or the database is another's."""


def seal(plain: str) -> str:
    """`plain` encrypted and authenticated, as text that the database may keep; empty stays empty."""
    return _keys().encrypt(plain.encode()).decode() if plain else ""


def unseal(sealed: str) -> str:
    """What `seal` was given. Raises `Unsealable` when no key fits."""
    if not sealed:
        return ""
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unsealable from error


def new_token() -> str:
    """A token of 256 random bits for a link or an address, safe in URLs."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """The hash under which a token is kept and looked up (the token has 256 bits, so plain SHA-256 is enough)."""
    return hashlib.sha256(token.encode()).hexdigest()


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.ECUANIME_SEALING_KEYS])
