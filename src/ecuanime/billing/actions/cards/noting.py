"""What an event of Stripe comes to: a payment, what was given back of it, a dispute; or why a person has to look.

A payment is noted by its checkout, a refund by how much was given back in all, a dispute by its payment: an event that
comes twice, late or before the one it follows changes nothing that stands.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecuanime.billing.actions.common import locked_client
from ecuanime.billing.actions.money.disputes import note_dispute, note_outcome
from ecuanime.billing.actions.money.held import note_deposit
from ecuanime.billing.actions.money.payments import note_payment
from ecuanime.billing.books.accounts import held_in
from ecuanime.billing.books.closed import closed_from_now
from ecuanime.billing.cards import told
from ecuanime.billing.cards.amounts import from_stripe
from ecuanime.billing.models import CardCheckout, CardEvent, Dispute, Payment
from ecuanime.foundation.crashpoints import crashpoint
from ecuanime.foundation.errors import Refused
from ecuanime.rules.calendars import local_date
from ecuanime.staff.queries import the_firm, today_at_firm

State = CardEvent.State
_INQUIRY = "warning_"
"""How the status of a dispute begins whose bank only asks: no money moves."""

WHY = {
    "mode": gettext_lazy("Stripe's tests and live payments do not fit together here. Nothing was noted."),
    "currency": gettext_lazy("This is another currency than was asked for. Nothing was noted."),
    "session": gettext_lazy("This is another payment page than the one we opened. Nothing was noted."),
    "not_paid": gettext_lazy("Stripe does not say that this was paid. Nothing was noted."),
    "too_much": gettext_lazy("More was given back than was paid. Nothing was noted."),
    "disputed": gettext_lazy("This payment is disputed. Settle the dispute first."),
    "inquiry": gettext_lazy(
        "The client's bank asks about this payment. No money has moved: answer it at Stripe."
    ),
    "outcome": gettext_lazy("Stripe does not say how this dispute ended. Nothing was noted."),
    "refunded": gettext_lazy("Part of this payment was given back already. Note the dispute by hand."),
    "no_payment": gettext_lazy("No payment is noted that this belongs to. Nothing was noted."),
    "taken_back": gettext_lazy("The payment was taken back by hand before. Nothing was noted."),
    "other_amount": gettext_lazy("This is another amount than was asked for. Nothing was noted."),
    "not_disputable": gettext_lazy(
        "The money of this payment was given back, taken back or used elsewhere meanwhile. Nothing was noted."
    ),
    "below_paid": gettext_lazy(
        "The money of this payment was given back, taken back or used elsewhere meanwhile. Nothing was noted."
    ),
    "above_held": gettext_lazy(
        "The money of this payment was given back, taken back or used elsewhere meanwhile. Nothing was noted."
    ),
}
"""By code: why an event is left for a person. What another refusal left is told in general."""


def note_event(event: CardEvent, checkout: CardCheckout | None, now: datetime) -> tuple[str, str]:
    """The state that an event comes to, and why a person has to look."""
    if checkout is None:
        return State.ELSEWHERE, ""
    try:
        _refuse_misfit(event, checkout)
        if not event.is_live:
            _try_out(event, checkout)
            return State.TEST, ""
        with transaction.atomic():
            _WORK[event.kind](event, checkout, now)
        crashpoint("billing.card_event_worked")
    except Refused as refusal:
        return State.TO_LOOK_AT, refusal.code
    return State.NOTED, ""


def _left(code: str) -> Refused:
    """Why an event is left for a person; `WHY` has the words."""
    return Refused(code, WHY[code])


def _refuse_misfit(event: CardEvent, checkout: CardCheckout) -> None:
    """Refused: `mode`, `currency`: it is not of the money that was asked for."""
    if event.is_live != checkout.is_live:
        raise _left("mode")
    if event.currency != checkout.currency:
        raise _left("currency")


def _try_out(event: CardEvent, checkout: CardCheckout) -> None:
    """A test moves no money: only the page is used up."""
    if event.kind in (told.COMPLETED, told.CAME_LATER):
        _stand(checkout, CardCheckout.State.PAID)
    elif event.kind == told.FAILED:
        _stand(checkout, CardCheckout.State.FAILED)


def _note_paid(event: CardEvent, checkout: CardCheckout, now: datetime) -> None:
    if checkout.session and event.object_id != checkout.session:
        raise _left("session")
    _refuse_amount(event, checkout)
    if checkout.payment_id is not None:
        return
    if event.status == "unpaid" and event.kind == told.COMPLETED:
        _stand(checkout, CardCheckout.State.PENDING)
        return
    if event.status != "paid" or not event.intent:
        raise _left("not_paid")
    checkout.payment = note_payment(
        invoice=checkout.invoice,
        amount=checkout.amount,
        received_on=_day(event, now),
        by=None,
        now=now,
        idempotency_key=f"card:{checkout.reference}",
        method=Payment.Method.CARD,
        reference=event.intent,
        keep_rest=True,
    )
    checkout.intent, checkout.state = event.intent, CardCheckout.State.PAID
    checkout.save(update_fields=["payment", "intent", "state"])


def _note_failed(event: CardEvent, checkout: CardCheckout, now: datetime) -> None:
    if checkout.payment_id is None:
        _stand(checkout, CardCheckout.State.FAILED)


def _note_refund(event: CardEvent, checkout: CardCheckout, now: datetime) -> None:
    """Take back what was given back since the last time; Stripe says how much that is in all."""
    payment, whole = _payment_of(checkout), from_stripe(event.amount, event.currency)
    if whole is None or whole > checkout.amount:
        raise _left("too_much")
    if whole <= checkout.refunded:
        return
    if Dispute.objects.filter(payment=payment).exists():
        raise _left("disputed")
    _give_back(checkout, payment, whole, _day(event, now), now)
    checkout.refunded = whole
    checkout.save(update_fields=["refunded"])


def _give_back(checkout: CardCheckout, payment: Payment, whole: int, on: date, now: datetime) -> None:
    """Out of what of this payment is held for the client first, then off its invoice."""
    part = whole - checkout.refunded
    client = locked_client(payment.client)
    above = checkout.amount - (payment.amount if payment.invoice_id else 0)
    from_held = max(0, min(part, above - checkout.refunded, held_in(client, payment.currency)))
    facts: dict[str, Any] = {
        "received_on": on,
        "by": None,
        "now": now,
        "method": Payment.Method.CARD,
        "reference": checkout.intent,
    }
    key = f"card-refund:{checkout.reference}:{whole}"
    if from_held:
        note_deposit(
            client=client,
            currency=payment.currency,
            amount=-from_held,
            idempotency_key=f"{key}:held",
            **facts,
        )
    if part > from_held:
        note_payment(invoice=checkout.invoice, amount=from_held - part, idempotency_key=key, **facts)


def _note_dispute(event: CardEvent, checkout: CardCheckout, now: datetime) -> None:
    if event.status.startswith(_INQUIRY):
        raise _left("inquiry")
    _disputed(event, checkout, now)


def _note_closed(event: CardEvent, checkout: CardCheckout, now: datetime) -> None:
    """Settle a dispute; one that was never heard of is noted first."""
    if event.status.startswith(_INQUIRY):
        return
    if event.status not in ("won", "lost"):
        raise _left("outcome")
    dispute = _disputed(event, checkout, now)
    note_outcome(dispute=dispute, is_won=event.status == "won", settled_on=_day(event, now), by=None, now=now)


def _disputed(event: CardEvent, checkout: CardCheckout, now: datetime) -> Dispute:
    payment = _payment_of(checkout)
    _refuse_amount(event, checkout)
    if checkout.refunded:
        raise _left("refunded")
    reason = _("Card dispute: %(reason)s") % {"reason": event.reason.replace("_", " ") or event.object_id}
    return note_dispute(payment=payment, reason=reason, disputed_on=_day(event, now), by=None, now=now)


def _payment_of(checkout: CardCheckout) -> Payment:
    """What was noted of a payment page. Refused: `no_payment`, `taken_back`."""
    if checkout.payment is None:
        raise _left("no_payment")
    if Payment.objects.filter(corrects=checkout.payment).exists():
        raise _left("taken_back")
    return checkout.payment


def _refuse_amount(event: CardEvent, checkout: CardCheckout) -> None:
    said = from_stripe(event.amount, event.currency)
    if said != checkout.amount:
        raise _left("other_amount")


def _stand(checkout: CardCheckout, state: str) -> None:
    checkout.state = state
    checkout.save(update_fields=["state"])


def _day(event: CardEvent, now: datetime) -> date:
    """The firm's day on which it happened; today's where the books are closed through that day."""
    today, on = today_at_firm(now), local_date(event.occurred_at, the_firm().time_zone)
    closed = closed_from_now()
    return today if on > today or (closed is not None and on <= closed) else on


_WORK: dict[str, Callable[[CardEvent, CardCheckout, datetime], None]] = {
    told.COMPLETED: _note_paid,
    told.CAME_LATER: _note_paid,
    told.FAILED: _note_failed,
    told.REFUNDED: _note_refund,
    told.DISPUTED: _note_dispute,
    told.WITHDRAWN: _note_dispute,
    told.CLOSED: _note_closed,
}
