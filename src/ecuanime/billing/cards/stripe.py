"""Asking Stripe's API, as docs.stripe.com/api documents it: forms out, JSON back, through the guarded fetch."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from ecuanime.foundation.outgoing import NotFetched, Question, ask, origin_of

VERSION = "2024-06-20"
"""The version of the API whose answers are read here; Stripe keeps to it whatever the account's own is."""
PAGES = "https://checkout.stripe.com"
"""Where Stripe's payment pages are. Nobody is sent anywhere else."""
SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Service:
    """Where the API is. `is_internal` allows a place that is not on the open Internet: a test's own."""

    url: str
    is_internal: bool = False


SERVICE = Service("https://api.stripe.com")


class NotDone(Exception):
    """Stripe did not do what was asked: a code of ours, and its own words where it gave some.

    `no_answer`: whether it was done is not known. `key`: it does not know the key. `permission`: the key may not do
    that. `refused`: it says why in words. `busy`, `unreadable`.
    """

    def __init__(self, code: str, words: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.words = words


@dataclass(frozen=True, slots=True)
class Order:
    """A payment page to be made: `amount` in Stripe's units, `reference` ours, which makes it the same page again."""

    reference: str
    amount: int
    currency: str
    title: str
    language: str
    success_url: str
    cancel_url: str
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Session:
    """A payment page: its id with Stripe and its address."""

    id: str
    url: str


def open_session(order: Order) -> Session:
    """A payment page for an order; the same order again gives the same page. Raises `NotDone`."""
    fields = {
        "mode": "payment",
        "client_reference_id": order.reference,
        "payment_method_types[0]": "card",
        "line_items[0][quantity]": "1",
        "line_items[0][price_data][currency]": order.currency.lower(),
        "line_items[0][price_data][unit_amount]": str(order.amount),
        "line_items[0][price_data][product_data][name]": order.title,
        "payment_intent_data[description]": order.title,
        "locale": order.language,
        "success_url": order.success_url,
        "cancel_url": order.cancel_url,
    }
    answer = _answer("POST", "/v1/checkout/sessions", order.key, fields, order.reference)
    found, url = answer.get("id"), answer.get("url")
    if not isinstance(found, str) or not isinstance(url, str) or not url.startswith(f"{PAGES}/"):
        raise NotDone("unreadable")
    return Session(found[:200], url)


def try_key(key: str) -> None:
    """Ask for something small, to see that a key works. Raises `NotDone`."""
    _answer("GET", "/v1/checkout/sessions?limit=1", key)


def _answer(
    method: str, path: str, key: str, fields: dict[str, str] | None = None, once: str = ""
) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {key}", "Stripe-Version": VERSION}
    if fields is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    if once:
        headers["Idempotency-Key"] = once
    body = urlencode(fields).encode() if fields is not None else None
    internal = frozenset({origin_of(SERVICE.url)} if SERVICE.is_internal else ())
    try:
        question = Question(method, headers, body, None, SECONDS)
        status, content = ask(SERVICE.url + path, question, internal=internal)
    except NotFetched as error:
        raise NotDone("no_answer") from error
    if status != 200:
        raise _fault(status, content)
    return _read(content)


def _fault(status: int, content: bytes) -> NotDone:
    code = {400: "refused", 401: "key", 402: "refused", 403: "permission"}.get(status, "busy")
    if code != "refused":
        return NotDone(code)  # its words may quote a part of the key
    error = _read(content).get("error")
    words = error.get("message") if isinstance(error, dict) else ""
    return NotDone(code, " ".join(str(words or "").split())[:300])


def _read(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise NotDone("unreadable") from error
    if not isinstance(found, dict):
        raise NotDone("unreadable")
    return found
