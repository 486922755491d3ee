"""An event delivered twice at once, two events of one payment worked at once, a button pressed twice at once."""

from __future__ import annotations

import pytest

from ecuanime.billing.actions.cards.events import receive_card_event, work_card_event
from ecuanime.billing.models import CardCheckout, CardEvent, Payment
from tests.factories.billing import MONTH_END
from tests.factories.cards import Cards
from tests.races import at_once
from tests.stripe import session_event, signed

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
KINDS = ("checkout.session.completed", "checkout.session.async_payment_succeeded")


def test_one_page_one_event_and_one_payment(cards: Cards) -> None:
    invoice = cards.issued()
    pages = at_once([lambda: cards.start(invoice)] * 4)
    assert len(set(pages)) == CardCheckout.objects.count() == len(cards.stripe.sessions) == 1

    session = cards.session(invoice)
    for kind in KINDS:
        body, signature = signed(session_event(session, kind, MONTH_END), MONTH_END)

        def receive(body: bytes = body, signature: str = signature) -> CardEvent | None:
            return receive_card_event(body=body, signature=signature, now=MONTH_END)

        kept = at_once([receive] * 4)
        assert (kept.count(None), sum(isinstance(each, CardEvent) for each in kept)) == (3, 1)

    events = list(CardEvent.objects.all())
    worked = at_once(
        [lambda event=event: work_card_event(event=event, now=MONTH_END) for event in events * 2]
    )
    assert {each.state for each in worked if isinstance(each, CardEvent)} == {"noted"}
    assert len(worked) == 4
    assert Payment.objects.get().amount == invoice.total
    invoice.refresh_from_db()
    assert invoice.paid == invoice.total
