"""Speaking to the agency: one request over TLS in which both sides show a certificate.

The server's is checked against the system's authorities and its name; ours is shown once it has been. Time and size
are bounded, and no redirect is followed.
"""

from __future__ import annotations

import os
import secrets
import ssl
import tempfile
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from ecuanime.billing.packs.es.agency.services import Service
from ecuanime.foundation.outgoing import NotFetched, Question, ask, origin_of

SECONDS = 100.0
"""For the whole of a request: a thousand records take the agency a while, and a claim outlasts it."""
_HEADERS = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""', "Accept": "text/xml"}


class NotReached(Exception):
    """There was no answer. `may_have_arrived` is False when nothing of the request can have left."""

    def __init__(self, code: str, *, may_have_arrived: bool) -> None:
        super().__init__(code)
        self.code = code
        self.may_have_arrived = may_have_arrived


@dataclass(frozen=True, slots=True)
class Credentials:
    """The certificate's chain and its key, both in PEM; the key is never shown. Seals have a host of their own."""

    pem: str
    key_pem: str = field(repr=False)
    is_seal: bool = False


def call(
    service: Service, message: bytes, credentials: Credentials, *, seconds: float | None = None
) -> bytes:
    """The body of the service's answer; SOAP faults, which come with an error status, are answers too.

    Raises `NotReached`: `unknown_name`, `not_public`, `no_connection`, `not_trusted`, `no_answer`, `too_slow`,
    `too_large`, or the status as in `status_503`.
    """
    question = Question("POST", _HEADERS, message, _context(service, credentials), seconds or SECONDS)
    internal = frozenset({origin_of(service.url)} if service.is_internal else ())
    try:
        status, body = ask(service.url, question, internal=internal)
    except NotFetched as error:
        raise _not_reached(error) from error
    if status != 200 and not (status == 500 and b"Fault" in body):
        raise NotReached(f"status_{status}", may_have_arrived=True)
    return body


def _not_reached(error: NotFetched) -> NotReached:
    """What stood in the way, and whether the request can have been on its way."""
    code = str(error)
    if code == "no_connection" and isinstance(error.__cause__, ssl.SSLError):
        return NotReached("not_trusted", may_have_arrived=False)
    return NotReached(code, may_have_arrived=code in ("no_answer", "too_slow", "too_large"))


def _context(service: Service, credentials: Credentials) -> ssl.SSLContext:
    context = ssl.create_default_context(cadata=service.authorities or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.post_handshake_auth = True
    _load(context, credentials)
    return context


def _load(context: ssl.SSLContext, credentials: Credentials) -> None:
    """OpenSSL reads certificates from files alone: for that moment there is one, its key under a passing password."""
    password = secrets.token_hex(16)
    key = load_pem_private_key(credentials.key_pem.encode(), None)
    sealed = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password.encode()))
    handle, path = tempfile.mkstemp(prefix="ecuanime-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(sealed + credentials.pem.encode())
        context.load_cert_chain(path, password=password)
    finally:
        os.unlink(path)
