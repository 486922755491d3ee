"""Speaking to a PAC: one request over TLS to a public address, bounded in time and size; no redirect is followed."""

from __future__ import annotations

from ecuanime.billing.packs.mx.pac.contract import NotStamped, Service
from ecuanime.foundation.outgoing import NotFetched, Question, ask, origin_of

SECONDS = 60.0
"""For the whole of a request; a claim outlasts the two that a recovery takes."""


def reach(service: Service, message: bytes, operation: str) -> bytes:
    """The body of the answer; SOAP faults, which come with an error status, are answers too. Raises `NotStamped`."""
    headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{operation}"'}
    internal = frozenset({origin_of(service.url)} if service.is_internal else ())
    try:
        status, body = ask(service.url, Question("POST", headers, message, None, SECONDS), internal=internal)
    except NotFetched as error:
        raise NotStamped(str(error)) from error
    if status != 200 and not (status == 500 and b"Fault" in body):
        raise NotStamped(f"status_{status}")
    return body
