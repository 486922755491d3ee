"""What Stripe says: kept once, then noted, or shown to a person."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.cards.noting import note_event
from ecuanime.billing.actions.common import require_biller, require_reason
from ecuanime.billing.cards import told
from ecuanime.billing.cards.signatures import is_signed
from ecuanime.billing.events import CardEventReceived
from ecuanime.billing.models import CardCheckout, CardEvent, CardSettings
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish
from ecuanime.foundation.secrets import Unsealable, unseal
from ecuanime.staff.queries import the_firm

State = CardEvent.State
_OPEN = (State.RECEIVED, State.ELSEWHERE)


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
        found.state, found.trouble = note_event(found, checkout, now)
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


def _wake(intent: str) -> None:
    """Have worked what came before its payment was known."""
    for pk in CardEvent.objects.filter(intent=intent, state=State.ELSEWHERE).values_list("pk", flat=True):
        publish(CardEventReceived(card_event_id=pk))
