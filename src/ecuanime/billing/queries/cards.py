"""Payment by card in pages: what is offered on an invoice, and what Stripe said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from ecuanime.billing.cards.amounts import to_stripe
from ecuanime.billing.models import CardCheckout, CardEvent, CardSettings, Invoice
from ecuanime.foundation.paging import Page, page_of
from ecuanime.staff.queries import the_firm

LIVES = timedelta(hours=23)
"""How long a payment page is used again: Stripe closes it after a day, and forgets what it was asked by then."""
NEWEST_FIRST = ("-received_at", "-id")


@dataclass(frozen=True)
class CardOffer:
    """What may be paid by card, in minor units; `is_pending` while a payment of it is under way."""

    amount: int
    currency: str
    is_test: bool
    is_pending: bool


def card_settings() -> CardSettings | None:
    """What is kept of Stripe; None in a demo, which never speaks to it."""
    kept = CardSettings.objects.filter(pk=1).first()
    return None if kept is None or the_firm().is_demo else kept


def may_be_paid_by_card(invoice: Invoice) -> bool:
    """Whether something of a document is owed that Stripe can charge."""
    is_open = invoice.corrects_id is None and invoice.annulled_at is None and not invoice.is_held
    return is_open and invoice.owed > 0 and to_stripe(invoice.owed, invoice.currency) is not None


def card_offer(invoice: Invoice) -> CardOffer | None:
    """What of an issued document its client may pay by card now; None where nothing is offered."""
    if not may_be_paid_by_card(invoice):
        return None
    kept = card_settings()
    if kept is None or not kept.is_on:
        return None
    pending = CardCheckout.objects.filter(invoice=invoice, state=CardCheckout.State.PENDING).exists()
    return CardOffer(invoice.owed, invoice.currency, not kept.is_live, pending)


def card_events_in(state: str = "", *, after: str = "", size: int = 50) -> Page[CardEvent]:
    """A page of what Stripe said, the latest first, with the invoices."""
    rows = CardEvent.objects.select_related("checkout__invoice__client", "settled_by")
    return page_of(rows.filter(state=state) if state else rows, order=NEWEST_FIRST, after=after, size=size)


def card_event_counts() -> dict[str, int]:
    """How many events stand in each state, in one query."""
    rows = CardEvent.objects.order_by().values_list("state").annotate(count=Count("pk"))
    return dict.fromkeys(CardEvent.State.values, 0) | dict(rows)


def card_events_to_look_at() -> int:
    """How many events wait for a person."""
    return CardEvent.objects.filter(state=CardEvent.State.TO_LOOK_AT).count()


def events_left_behind(before: datetime) -> list[int]:
    """Events that were not worked by then, or whose payment became known after they came."""
    waiting = CardEvent.objects.filter(state=CardEvent.State.RECEIVED, received_at__lt=before)
    known = CardCheckout.objects.exclude(intent="").values("intent")
    late = CardEvent.objects.filter(state=CardEvent.State.ELSEWHERE, intent__in=known)
    return sorted({*waiting.values_list("pk", flat=True)[:50], *late.values_list("pk", flat=True)[:50]})
