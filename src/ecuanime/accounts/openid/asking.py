"""The two halves of asking a provider: sending somebody there, and reading what they bring back."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlencode

from ecuanime.accounts.openid.errors import Unproven, Unreachable
from ecuanime.accounts.openid.places import Places, asked_for_json, places_of
from ecuanime.accounts.openid.tokens import Claims, proved_claims, read_claims
from ecuanime.foundation.secrets import new_token
from ecuanime.foundation.sign_in_providers import Provider


@dataclass(frozen=True)
class Attempt:
    """What the browser's session keeps while somebody is at the provider: each secret serves once."""

    provider: str
    state: str
    nonce: str
    verifier: str
    begun_at: float
    goes_to: str = ""
    links_to: int | None = None
    """The account that asked to be linked; None when somebody signs in."""


def new_attempt(
    provider: Provider, *, begun_at: float, goes_to: str = "", links_to: int | None = None
) -> Attempt:
    """An attempt with secrets of its own; `begun_at` in seconds since 1970."""
    return Attempt(provider.key, new_token(), new_token(), new_token(), begun_at, goes_to, links_to)


def address_at_provider(provider: Provider, attempt: Attempt, redirect_uri: str) -> str:
    """Where to send the person. Raises `Unreachable`."""
    place = places_of(provider).authorization
    hashed = hashlib.sha256(attempt.verifier.encode()).digest()
    query = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri,
        "scope": "openid email profile",
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": base64.urlsafe_b64encode(hashed).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    return f"{place}{'&' if '?' in place else '?'}{urlencode(query)}"


def who_came_back(
    provider: Provider, attempt: Attempt, *, state: str, code: str, issuer: str | None, redirect_uri: str
) -> Claims:
    """The person whom the provider sent back with `code`. Raises `Unproven` and `Unreachable`.

    `state` and `issuer` are what stood beside the code; a provider that promises to name itself must.
    """
    if attempt.provider != provider.key or not secrets.compare_digest(attempt.state.encode(), state.encode()):
        raise Unproven("other_state")
    places = places_of(provider)
    if issuer != provider.issuer and (issuer is not None or places.names_itself):
        raise Unproven("other_issuer")
    tokens = _redeemed(provider, attempt, places, code, redirect_uri)
    id_token = tokens.get("id_token")
    if not isinstance(id_token, str):
        raise Unproven("no_id_token")
    said = proved_claims(id_token, asked_for_json(places.keys), provider=provider, nonce=attempt.nonce)
    if "email" not in said:
        said |= _told_apart(places, tokens, said["sub"])
    return read_claims(said, provider)


def _redeemed(
    provider: Provider, attempt: Attempt, places: Places, code: str, redirect_uri: str
) -> dict[str, Any]:
    """What the provider gives for the code. That it refuses one (used, not for us) proves nobody."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": attempt.verifier,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if places.wants_secret_in_body or not provider.client_secret:
        form |= {"client_id": provider.client_id}
        form |= {"client_secret": provider.client_secret} if provider.client_secret else {}
    else:
        pair = f"{quote_plus(provider.client_id)}:{quote_plus(provider.client_secret)}"
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    try:
        return asked_for_json(places.token, method="POST", headers=headers, body=urlencode(form).encode())
    except Unreachable as error:
        if str(error) in ("status_400", "status_401", "status_403"):
            raise Unproven(f"code_refused_{error}") from error
        raise


def _told_apart(places: Places, tokens: dict[str, Any], subject: str) -> dict[str, Any]:
    """The address of a provider whose ID tokens leave it out, if it tells it of the same person."""
    access = tokens.get("access_token")
    if not places.userinfo or not isinstance(access, str) or not access.isascii() or not access.isprintable():
        return {}
    told = asked_for_json(places.userinfo, headers={"Authorization": f"Bearer {access}"})
    if told.get("sub") != subject:
        raise Unproven("other_subject")
    return {name: told[name] for name in ("email", "email_verified") if name in told}
