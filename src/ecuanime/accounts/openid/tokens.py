"""Checking an ID token: OpenID Connect Core 1.0, section 3.1.3.7, and always its signature, wherever it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jwt

from ecuanime.accounts.openid.errors import Unproven
from ecuanime.foundation.sign_in_providers import Provider

# Signatures by a key of the provider's alone: neither "none" nor a secret that we share.
ALGORITHMS = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
)  # fmt: skip
LEEWAY_SECONDS = 60
LONGEST = 255


@dataclass(frozen=True)
class Claims:
    """Who somebody is, as the provider proved it; `email` is empty unless it vouches for the address."""

    issuer: str
    subject: str
    email: str = ""


def proved_claims(id_token: str, keys: dict[str, Any], *, provider: Provider, nonce: str) -> dict[str, Any]:
    """What the token says, once signature, issuer, audience, times and nonce are right. Raises `Unproven`."""
    try:
        said = jwt.decode(
            id_token,
            _key_for(id_token, keys),
            algorithms=ALGORITHMS,
            audience=provider.client_id,
            issuer=provider.issuer,
            leeway=LEEWAY_SECONDS,
            options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"]},
        )
    except (jwt.PyJWTError, ValueError, KeyError, TypeError) as error:  # the last three: keys that are none
        raise Unproven(type(error).__name__) from error
    if said["nonce"] != nonce:
        raise Unproven("other_nonce")
    several = isinstance(said["aud"], list) and len(said["aud"]) > 1
    if said.get("azp", None if several else provider.client_id) != provider.client_id:
        raise Unproven("for_another_party")
    return said


def read_claims(said: dict[str, Any], provider: Provider) -> Claims:
    """The person of proved claims; an address counts only when the provider says that it has verified it."""
    verified = said.get("email_verified")  # some providers write it as a word
    email = said.get("email") if verified is True or verified == "true" else ""
    email = email if isinstance(email, str) and _is_plain(email) and provider.may_vouch_for(email) else ""
    if not said["sub"] or not _is_plain(said["sub"]):
        raise Unproven("bad_subject")
    return Claims(issuer=provider.issuer, subject=said["sub"], email=email.strip().lower())


def _is_plain(text: str) -> bool:
    return len(text) <= LONGEST and text.isprintable()


def _key_for(id_token: str, keys: dict[str, Any]) -> jwt.PyJWK:
    """The provider's key that the token names, to be used with the token's method and no other."""
    header = jwt.get_unverified_header(id_token)
    method, name = header.get("alg"), header.get("kid")
    listed = keys.get("keys")
    fitting = [
        key
        for key in (listed if isinstance(listed, list) else [])
        if isinstance(key, dict)
        and key.get("use", "sig") == "sig"
        and key.get("alg", method) == method
        and (name is None or key.get("kid") == name)
    ]
    if method not in ALGORITHMS or len(fitting) != 1:
        raise Unproven("no_key")
    return jwt.PyJWK(fitting[0], algorithm=method)
