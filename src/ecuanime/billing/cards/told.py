"""What is read of Stripe's events: only what the books need. Names and addresses of who paid stay with Stripe.

Source: docs.stripe.com/api/events and the objects Checkout Session, Charge and Dispute.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

COMPLETED = "checkout.session.completed"
CAME_LATER = "checkout.session.async_payment_succeeded"
FAILED = "checkout.session.async_payment_failed"
REFUNDED = "charge.refunded"
DISPUTED = "charge.dispute.created"
WITHDRAWN = "charge.dispute.funds_withdrawn"
CLOSED = "charge.dispute.closed"

_AMOUNTS = {
    **dict.fromkeys((COMPLETED, CAME_LATER, FAILED), "amount_total"),
    REFUNDED: "amount_refunded",
    **dict.fromkeys((DISPUTED, WITHDRAWN, CLOSED), "amount"),
}
KINDS = tuple(_AMOUNTS)
"""The events that are worked; the others are acknowledged and forgotten."""


class Unreadable(Exception):
    """A body that is none of Stripe's events, though it is signed."""


@dataclass(frozen=True, slots=True)
class Told:
    """An event. `amount` is in Stripe's units, of a refund all that was given back so far; `intent` names the payment
    (pi_…), `reference` the checkout that we asked for, `status` a session's payment status or a dispute's status."""

    event_id: str
    kind: str
    occurred_at: datetime
    is_live: bool
    object_id: str
    intent: str
    reference: str
    amount: int
    currency: str
    status: str
    reason: str


def read_event(body: bytes) -> Told | None:
    """What an event says; None for a kind that is not worked. Raises `Unreadable`."""
    try:
        event = json.loads(body)
        kind = _text(event["type"])
        if kind not in _AMOUNTS:
            return None
        told = event["data"]["object"]
        return Told(
            event_id=_text(event["id"]),
            kind=kind,
            occurred_at=datetime.fromtimestamp(_whole(event["created"]), UTC),
            is_live=event["livemode"] is True,
            object_id=_text(told["id"]),
            intent=_text(told.get("payment_intent") or ""),
            reference=_text(told.get("client_reference_id") or ""),
            amount=_whole(told[_AMOUNTS[kind]]),
            currency=_text(told["currency"]).upper()[:3],
            status=_text(told.get("payment_status") or told.get("status") or ""),
            reason=_text(told.get("reason") or ""),
        )
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise Unreadable from error


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 200 or "\0" in value:
        raise ValueError("no short text")
    return value


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**53:
        raise ValueError("no amount")
    return value
