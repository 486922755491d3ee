"""Whether an event comes from Stripe: its header `Stripe-Signature`, as docs.stripe.com/webhooks/signature says.

The header holds a moment `t` and one or more signatures `v1`: HMAC-SHA256 of the moment, a dot and the body.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

TOLERANCE = 300
"""Seconds that a signature's moment may be away from ours, both ways: an old event cannot be played again."""
_LONGEST = 2000


def is_signed(body: bytes, header: str, secret: str, now: datetime) -> bool:
    """Whether one of the header's signatures is the secret's, of this body and made within the tolerance."""
    moment, signatures = _read(header)
    if moment is None or not secret or abs(now.timestamp() - moment) > TOLERANCE:
        return False
    expected = signature_of(body, moment, secret)
    # All are compared, each in constant time: how long it takes says nothing of which was near.
    fits = [hmac.compare_digest(expected.encode(), each.encode()) for each in signatures]
    return any(fits)


def signature_of(body: bytes, moment: int, secret: str) -> str:
    """The signature `v1` of a body at a moment (Unix seconds)."""
    return hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()


def _read(header: str) -> tuple[int | None, list[str]]:
    moment, signatures = None, []
    for part in header[:_LONGEST].split(","):
        name, _equals, value = part.strip().partition("=")
        if name == "t" and value.isascii() and value.isdigit() and len(value) < 13:
            moment = int(value)
        elif name == "v1":
            signatures.append(value)
    return moment, signatures
