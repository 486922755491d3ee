"""What Stripe says: kept once, then worked into payments, refunds and disputes, or shown to a person.

A payment is noted by its checkout, a refund by how much was given back in all, a dispute by its payment: an event that
comes twice, late or before the one it follows changes nothing that stands.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecuanime.accounts.models import User
from ecuanime.billing.actions.common import locked_client, require_biller, require_reason
from ecuanime.billing.actions.money.disputes import note_dispute, note_outcome
from ecuanime.billing.actions.money.held import note_deposit
from ecuanime.billing.actions.money.payments import note_payment
from ecuanime.billing.books.accounts import held_in
from ecuanime.billing.books.closed import closed_from_now
from ecuanime.billing.cards import told
from ecuanime.billing.cards.amounts import from_stripe
from ecuanime.billing.cards.signatures import is_signed
from ecuanime.billing.events import CardEventReceived
from ecuanime.billing.models import CardCheckout, CardEvent, CardSettings, Dispute, Payment
from ecuanime.foundation.audit import record
from ecuanime.foundation.crashpoints import crashpoint
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish
from ecuanime.foundation.secrets import Unsealable, unseal
from ecuanime.rules.calendars import local_date
from ecuanime.staff.queries import the_firm, today_at_firm

State = CardEvent.State
_OPEN = (State.RECEIVED, State.ELSEWHERE)
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


@transaction.atomic
def receive_card_event(*, body: bytes, signature: str, now: datetime) -> CardEvent | None:
    """Keep what Stripe says, once, and have it worked; None for what is not worked, and for one that is known.

    Heard while card payments are off too: a payment may be under way. Refused: `not_set_up`, `bad_signature`,
    `unreadable`.
    """
    if not is_signed(body, signature, _signing_secret(), now):
        raise Refused("bad_signature", "The signature does not fit, or is too old.")
    try:
        event = told.read_event(body)
    except told.Unreadable as error:
        raise Refused("unreadable", "This is no event that can be read.") from error
    if event is None:
        return None
    facts = {name: getattr(event, name) for name in event.__slots__ if name != "event_id"}
    kept, is_new = CardEvent.objects.get_or_create(
        event_id=event.event_id, defaults=facts | {"received_at": now}
    )
    if not is_new:
        return None
    publish(CardEventReceived(card_event_id=kept.pk))
    return kept


@transaction.atomic
def work_card_event(*, event: CardEvent, now: datetime) -> CardEvent:
    """Do what an event says; one that was worked stays as it is. What does not fit is left for a person to look at."""
    found = CardEvent.objects.select_for_update(no_key=True).get(pk=event.pk)
    if found.state not in _OPEN:
        return found
    checkout = _checkout_of(found)
    found.checkout, found.worked_at = checkout, now
    with translation.override(the_firm().language):  # what is written on payments is the firm's
        found.state, found.trouble = _worked(found, checkout, now)
    found.save(update_fields=["checkout", "worked_at", "state", "trouble"])
    facts = {"event": found.event_id, "kind": found.kind, "state": found.state}
    record("card_event_worked", checkout.invoice if checkout else found, now=now, **facts)
    if checkout is not None and checkout.intent:
        _wake(checkout.intent)
    return found


@transaction.atomic
def work_again(*, event: CardEvent, by: User, now: datetime) -> CardEvent:
    """Try an event again that waits for a person. Refused: `not_allowed`, `not_to_look_at`."""
    require_biller(by)
    found = _to_look_at(event)
    found.state = State.RECEIVED
    found.save(update_fields=["state"])
    return work_card_event(event=found, now=now)


@transaction.atomic
def settle_card_event(*, event: CardEvent, note: str, by: User, now: datetime) -> CardEvent:
    """Say what became of an event that could not be worked. Refused: `not_allowed`, `no_reason`, `not_to_look_at`."""
    require_biller(by)
    note = require_reason(note)
    found = _to_look_at(event)
    found.state, found.note, found.settled_by, found.settled_at = State.SETTLED, note, by, now
    found.save(update_fields=["state", "note", "settled_by", "settled_at"])
    record("card_event_settled", found, now=now, event=found.event_id, note=note)
    return found


def _to_look_at(event: CardEvent) -> CardEvent:
    found = CardEvent.objects.select_for_update(no_key=True).get(pk=event.pk)
    if found.state != State.TO_LOOK_AT:
        raise Refused("not_to_look_at", _("This was dealt with meanwhile."))
    return found


def _signing_secret() -> str:
    kept = CardSettings.objects.filter(pk=1).first()
    try:
        secret = unseal(kept.signing_sealed) if kept else ""
    except Unsealable:
        secret = ""
    if not secret or the_firm().is_demo:
        raise Refused("not_set_up", "Card payments are not set up.")
    return secret


def _checkout_of(event: CardEvent) -> CardCheckout | None:
    """The payment page that an event is about, locked: sessions name our reference, the others their payment."""
    rows = CardCheckout.objects.select_for_update(of=("self",), no_key=True)
    rows = rows.select_related("invoice__client", "payment__client")
    if event.reference:
        return rows.filter(reference=event.reference).first()
    return rows.filter(intent=event.intent).first() if event.intent else None


def _worked(event: CardEvent, checkout: CardCheckout | None, now: datetime) -> tuple[str, str]:
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


def _wake(intent: str) -> None:
    """Have worked what came before its payment was known."""
    for pk in CardEvent.objects.filter(intent=intent, state=State.ELSEWHERE).values_list("pk", flat=True):
        publish(CardEventReceived(card_event_id=pk))


_WORK: dict[str, Callable[[CardEvent, CardCheckout, datetime], None]] = {
    told.COMPLETED: _note_paid,
    told.CAME_LATER: _note_paid,
    told.FAILED: _note_failed,
    told.REFUNDED: _note_refund,
    told.DISPUTED: _note_dispute,
    told.WITHDRAWN: _note_dispute,
    told.CLOSED: _note_closed,
}
