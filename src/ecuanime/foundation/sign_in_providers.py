"""Who outside may vouch for people who sign in: providers of OpenID Connect, read from the environment.

Each has a short name in `ECUANIME_OIDC_PROVIDERS`, and its settings under that name; docs/how-to/sign-in.md lists them.
Nothing here imports Django: the settings stand on it, so a wrong value stops the start with one line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ecuanime.foundation import environment
from ecuanime.foundation.environment import ConfigurationError
from ecuanime.foundation.outgoing import NotFetched, origin_of

_KEY = re.compile(r"[a-z][a-z0-9_]{0,29}")


@dataclass(frozen=True)
class Provider:
    """One provider: where it is, who we are to it, and how far its word goes."""

    key: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    does_second_factor: bool = False
    domains: tuple[str, ...] = ()
    """The domains whose addresses it may vouch for; empty: any."""

    def may_vouch_for(self, email: str) -> bool:
        """Whether its word about this address counts."""
        return not self.domains or email.rpartition("@")[2].lower() in self.domains


def configured_providers() -> tuple[Provider, ...]:
    """The providers the firm has set, in its order. Raises `ConfigurationError`."""
    found = tuple(_provider(key) for key in environment.words("ECUANIME_OIDC_PROVIDERS"))
    if len({provider.key for provider in found}) < len(found):
        raise ConfigurationError("ECUANIME_OIDC_PROVIDERS names a provider twice: name each once.")
    if len({provider.issuer for provider in found}) < len(found):
        raise ConfigurationError("Two providers have the same issuer: leave one of them out.")
    return found


def internal_origins() -> frozenset[str]:
    """Origins (scheme, host, port) inside the firm's network that a provider may be at (`ECUANIME_OIDC_INTERNAL`)."""
    return frozenset(_origin(word) for word in environment.words("ECUANIME_OIDC_INTERNAL"))


def _provider(key: str) -> Provider:
    if not _KEY.fullmatch(key):
        raise ConfigurationError(
            f"ECUANIME_OIDC_PROVIDERS names {key!r}: use lower-case letters, digits and _, letter first."
        )
    prefix = f"ECUANIME_OIDC_{key.upper()}_"
    return Provider(
        key=key,
        name=environment.text(f"{prefix}LABEL") or key.capitalize(),
        issuer=_issuer(f"{prefix}ISSUER"),
        client_id=_required(f"{prefix}CLIENT_ID"),
        client_secret=environment.text(f"{prefix}CLIENT_SECRET"),
        does_second_factor=environment.flag(f"{prefix}SECOND_FACTOR"),
        domains=tuple(domain.lower() for domain in environment.words(f"{prefix}DOMAINS")),
    )


def _required(name: str) -> str:
    value = environment.text(name)
    if not value:
        raise ConfigurationError(f"{name} is empty: write what the sign-in provider gave you.")
    return value


def _issuer(name: str) -> str:
    """The issuer as the provider writes it: it is compared letter by letter."""
    issuer = _required(name)
    parts = urlsplit(issuer)
    is_address = (
        parts.scheme in {"https", "http"} and parts.hostname and not parts.query and not parts.fragment
    )
    if not is_address or (parts.scheme == "http" and _origin(issuer) not in internal_origins()):
        raise ConfigurationError(f"{name} is {issuer!r}: set it to something like https://id.example.com.")
    return issuer


def _origin(address: str) -> str:
    try:
        return origin_of(address)
    except NotFetched as error:
        raise ConfigurationError(
            f"{address!r} is no address: set it to something like https://id.intranet.example:8443."
        ) from error
