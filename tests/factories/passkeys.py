"""A passkey as a browser registers it."""

from __future__ import annotations

from hashlib import sha256

from allauth.mfa.models import Authenticator
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from ecuanime.accounts.models import User

# Any point of the curve serves as a public key; this one is the generator of P-256 (SEC 2, 2.4.2).
_X = bytes.fromhex("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296")
_Y = bytes.fromhex("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5")


def make_passkey(user: User) -> Authenticator:
    """A passkey of `user` for localhost. Nobody holds its private half."""
    ident = b"passkey of a test"
    key = ES256({1: 2, 3: -7, -1: 1, -2: _X, -3: _Y})
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    attested = AttestedCredentialData.create(Aaguid.NONE, ident, key)
    data = AuthenticatorData.create(sha256(b"localhost").digest(), flags, 0, attested)
    said = CollectedClientData.create(CollectedClientData.TYPE.CREATE, b"challenge", "http://localhost")
    credential = {
        "id": websafe_encode(ident),
        "rawId": websafe_encode(ident),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(said),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        },
        "clientExtensionResults": {},
    }
    return Authenticator.objects.create(
        user=user,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "Llave", "passwordless": True, "credential": credential},
    )
