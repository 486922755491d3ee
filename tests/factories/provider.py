"""A provider of OpenID Connect on loopback, speaking the protocol: discovery, keys, code with PKCE, signed ID tokens.

What it says can be bent for one test: `bent` changes claims, `signed_with` and `method` the signature.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from ecuanime.foundation.sign_in_providers import Provider

CLIENT, SECRET = "ecuanime", "s3cret:with/marks"
KEY_NAME = "of this year"


@cache
def signing_key(name: str = KEY_NAME) -> rsa.RSAPrivateKey:
    """A key for each name; two names are two keys."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Double:
    """The provider: who is signed in there, what it gave out, and what it was asked."""

    issuer: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    bent: dict[str, Any] = field(default_factory=dict)
    signed_with: Any = None
    method: str = "RS256"
    metadata: dict[str, Any] = field(default_factory=dict)
    told_apart: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def as_provider(self, **more: Any) -> Provider:
        """How the product is told of it."""
        return Provider(
            key="casa", name="Casa", issuer=self.issuer, client_id=CLIENT, client_secret=SECRET, **more
        )

    def visit(self, address: str) -> str:
        """What the browser does there: signs in, and is sent back. Where to."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def described(self) -> dict[str, Any]:
        """The discovery document."""
        places = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
        }
        return places | self.metadata

    def keys(self) -> dict[str, Any]:
        """The public half of its key."""
        public = RSAAlgorithm.to_jwk(signing_key().public_key(), as_dict=True)
        return {"keys": [public | {"kid": KEY_NAME, "use": "sig"}]}

    def redeem(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Tokens for a code, once, for whoever holds the secret and the verifier."""
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or not self._knows(form, authorization):
            return 400, {"error": "invalid_grant"}
        hashed = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(hashed).rstrip(b"=").decode() != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        if form["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        return 200, {
            "access_token": "access",
            "token_type": "Bearer",
            "id_token": self._token(asked["nonce"]),
        }

    def _knows(self, form: dict[str, str], authorization: str) -> bool:
        if form.get("client_id"):
            return (form["client_id"], form.get("client_secret")) == (CLIENT, SECRET)
        pair = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        return pair == f"{CLIENT}:s3cret%3Awith%2Fmarks"

    def _token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce}
        claims |= self.person | self.bent
        said = {name: value for name, value in claims.items() if value is not None}
        key = signing_key() if self.signed_with is None else self.signed_with
        return jwt.encode(said, key, algorithm=self.method, headers={"kid": KEY_NAME})


@contextmanager
def running_provider() -> Iterator[Double]:
    """It listens on loopback until the block ends."""
    double = Double()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            double.asked.append(self.path)
            place = urlsplit(self.path).path
            if place == "/authorize":
                self.send_response(302)
                self.send_header("Location", double.visit(self.path))
                self.end_headers()
                return
            known = {
                "/.well-known/openid-configuration": double.described,
                "/keys": double.keys,
                "/userinfo": lambda: double.told_apart,
            }
            self._say(*((200, known[place]()) if place in known else (404, {})))

        def do_POST(self) -> None:
            double.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._say(*double.redeem(form, self.headers.get("Authorization", "")))

        def _say(self, status: int, said: dict[str, Any]) -> None:
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    double.issuer = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield double
    finally:
        server.shutdown()
        server.server_close()
