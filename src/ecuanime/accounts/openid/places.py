"""Where a provider is reached, as it says itself (OpenID Connect Discovery 1.0), through the guarded fetch."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache

from ecuanime.accounts.openid.errors import Unreachable
from ecuanime.foundation.outgoing import NotFetched, Question, ask, origin_of
from ecuanime.foundation.sign_in_providers import Provider

KEPT_SECONDS = 600
_WELL_KNOWN = "/.well-known/openid-configuration"


@dataclass(frozen=True)
class Places:
    """The addresses of a provider, and how it wants to be told who we are."""

    authorization: str
    token: str
    keys: str
    userinfo: str
    wants_secret_in_body: bool
    names_itself: bool
    """Whether it promises `iss` beside the code (RFC 9207)."""


def places_of(provider: Provider) -> Places:
    """The provider's addresses, asked for at most every ten minutes. Raises `Unreachable`."""
    key = "oidc:" + hashlib.sha256(provider.issuer.encode()).hexdigest()
    kept = cache.get(key)
    if kept is None:
        kept = asdict(_read(provider, asked_for_json(provider.issuer.rstrip("/") + _WELL_KNOWN)))
        cache.set(key, kept, KEPT_SECONDS)
    return Places(**kept)


def asked_for_json(
    url: str, *, method: str = "GET", headers: Mapping[str, str] | None = None, body: bytes | None = None
) -> dict[str, Any]:
    """The JSON object behind an address of a provider. Raises `Unreachable`."""
    question = Question(method, {"Accept": "application/json"} | dict(headers or {}), body)
    try:
        status, answer = ask(url, question, internal=settings.ECUANIME_OIDC_INTERNAL)
    except NotFetched as error:
        raise Unreachable(str(error)) from error
    if status != 200:
        raise Unreachable(f"status_{status}")
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise Unreachable("no_json") from error
    if not isinstance(found, dict):
        raise Unreachable("no_object")
    return found


def _read(provider: Provider, said: dict[str, Any]) -> Places:
    if said.get("issuer") != provider.issuer:
        raise Unreachable("other_issuer")
    methods = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return Places(
        authorization=_for_browsers(said.get("authorization_endpoint")),
        token=_text(said.get("token_endpoint")),
        keys=_text(said.get("jwks_uri")),
        userinfo=_text(said.get("userinfo_endpoint") or ""),
        wants_secret_in_body="client_secret_basic" not in methods,
        names_itself=said.get("authorization_response_iss_parameter_supported") is True,
    )


def _for_browsers(value: object) -> str:
    """An address that people may be sent to: encrypted, unless it is one of the firm's own network."""
    url = _text(value)
    try:
        origin = origin_of(url)
    except NotFetched as error:
        raise Unreachable("bad_places") from error
    if urlsplit(url).scheme != "https" and origin not in settings.ECUANIME_OIDC_INTERNAL:
        raise Unreachable("bad_places")
    return url


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Unreachable("bad_places")
    return value
