"""A double of Stripe on this machine: its API as documented (forms in, JSON out, `Idempotency-Key`), and its events.

The same idempotency key gives the same page again, or an error when something else is asked with it. `plan` says what
is done to the next requests, one each.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler
from itertools import count
from threading import Lock
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from ecuanime.billing.cards.signatures import signature_of
from tests.serving import Reply, served

# Put together, so that no program takes them for secrets that leaked.
LIVE_KEY, TEST_KEY = (f"sk_{mode}_{'ecuanime' * 3}" for mode in ("live", "test"))
SIGNING_SECRET = f"whsec_{'ecuanime' * 4}"
Answer = tuple[int, dict[str, Any]]
_numbers = count(1)


@dataclass
class StripeDouble:
    """`sessions` by idempotency key. `plan` may hold `lost` (makes the page, hangs up), `503` and `garbage`."""

    plan: deque[str] = field(default_factory=deque)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    sessions: dict[str, tuple[dict[str, str], dict[str, Any]]] = field(default_factory=dict)
    pages: str = "https://checkout.stripe.com/c/pay"
    url: str = ""
    _lock: Lock = field(default_factory=Lock)

    def answer(self, method: str, path: str, headers: Any, content: bytes) -> Answer | None:
        """Status and body for one request; None hangs up."""
        with self._lock:
            todo = self.plan.popleft() if self.plan else ""
            if headers["Authorization"] not in (f"Bearer {LIVE_KEY}", f"Bearer {TEST_KEY}"):
                return 401, _error("Invalid API Key provided: sk_live_********")
            if todo in ("503", "garbage"):
                return int(todo) if todo == "503" else 200, {}
            fields = dict(parse_qsl(content.decode(), keep_blank_values=True, strict_parsing=bool(content)))
            self.asked.append((f"{method} {urlsplit(path).path}", fields))
            given = self._given(method, headers, fields)
        return None if todo == "lost" else given

    def _given(self, method: str, headers: Any, fields: dict[str, str]) -> Answer:
        if method == "GET":
            return 200, {"object": "list", "data": [], "has_more": False}
        if headers["Content-Type"] != "application/x-www-form-urlencoded":
            return 400, _error("Invalid request")
        before = self.sessions.get(headers["Idempotency-Key"])
        if before is not None and before[0] != fields:
            return 400, _error("Keys for idempotent requests can only be used with the same parameters.")
        if before is None:
            live = headers["Authorization"].endswith(LIVE_KEY)
            before = self.sessions[headers["Idempotency-Key"]] = (fields, self._session(fields, live))
        return 200, before[1]

    def _session(self, fields: dict[str, str], live: bool) -> dict[str, Any]:
        found = f"cs_{'live' if live else 'test'}_{next(_numbers)}"
        return {
            "id": found,
            "object": "checkout.session",
            "amount_total": int(fields["line_items[0][price_data][unit_amount]"]),
            "client_reference_id": fields["client_reference_id"],
            "currency": fields["line_items[0][price_data][currency]"],
            "livemode": live,
            "payment_intent": None,
            "payment_status": "unpaid",
            "url": f"{self.pages}/{found}",
        }


def session_event(session: dict[str, Any], kind: str, at: datetime, **changes: Any) -> dict[str, Any]:
    """What Stripe says of a session: paid, unless said otherwise."""
    told = session | {"payment_intent": f"pi_{session['id']}", "payment_status": "paid"}
    return event(kind, told | changes, at, live=session["livemode"])


def charge_event(session: dict[str, Any], refunded: int, at: datetime) -> dict[str, Any]:
    """That so much of a session's charge was given back in all."""
    charge = {
        "id": f"ch_{session['id']}",
        "object": "charge",
        "amount": session["amount_total"],
        "amount_refunded": refunded,
        "currency": session["currency"],
        "payment_intent": f"pi_{session['id']}",
        "status": "succeeded",
    }
    return event("charge.refunded", charge, at, live=session["livemode"])


def dispute_event(
    session: dict[str, Any], kind: str, at: datetime, *, status: str = "needs_response", **changes: Any
) -> dict[str, Any]:
    """What Stripe says of a dispute about a session's charge."""
    dispute = {
        "id": f"dp_{session['id']}",
        "object": "dispute",
        "amount": session["amount_total"],
        "charge": f"ch_{session['id']}",
        "currency": session["currency"],
        "payment_intent": f"pi_{session['id']}",
        "reason": "product_not_received",
        "status": status,
    }
    return event(f"charge.dispute.{kind}", dispute | changes, at, live=session["livemode"])


def event(kind: str, told: dict[str, Any], at: datetime, *, live: bool = True) -> dict[str, Any]:
    """An event as Stripe sends it."""
    return {
        "id": f"evt_{next(_numbers)}",
        "object": "event",
        "api_version": "2024-06-20",
        "created": int(at.timestamp()),
        "data": {"object": told},
        "livemode": live,
        "type": kind,
    }


def signed(said: dict[str, Any], at: datetime, *, secret: str = SIGNING_SECRET) -> tuple[bytes, str]:
    """The body of an event and the header that signs it, beside one of a secret that is being replaced."""
    body, moment = json.dumps(said, indent=2).encode(), int(at.timestamp())
    return body, f"t={moment},v1={'0' * 64},v1={signature_of(body, moment, secret)},v0=1"


def _error(words: str) -> dict[str, Any]:
    return {"error": {"type": "invalid_request_error", "message": words}}


@contextmanager
def stripe_on_this_machine() -> Iterator[StripeDouble]:
    """The double, listening until the block ends."""
    double = StripeDouble()

    def answering(request: BaseHTTPRequestHandler, content: bytes) -> Reply | None:
        answer = double.answer(request.command, request.path, request.headers, content)
        return answer and Reply(answer[0], json.dumps(answer[1]).encode(), "application/json")

    with served(answering) as port:
        double.url = f"http://127.0.0.1:{port}"
        yield double
