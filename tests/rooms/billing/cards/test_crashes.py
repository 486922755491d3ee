"""`kill -9` between what Stripe said and the note of it: the money is noted afterwards, and once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ecuanime.billing.models import CardEvent, Payment
from ecuanime.billing.queries.cards import events_left_behind
from ecuanime.billing.verifying.invoices import verify_invoices
from tests.crash import killed, run_script
from tests.factories.billing import MONTH_END
from tests.factories.cards import Cards
from tests.stripe import session_event

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]
WORK = f"""
from datetime import datetime
from ecuanime.billing.actions.cards.events import work_card_event
from ecuanime.billing.models import CardEvent
for event in CardEvent.objects.all():
    work_card_event(event=event, now=datetime.fromisoformat({MONTH_END.isoformat()!r}))
"""


def test_an_event_that_was_being_worked_is_worked_again_and_noted_once(cards: Cards) -> None:
    invoice = cards.issued()
    event = cards.hears(
        session_event(cards.session(invoice), "checkout.session.completed", MONTH_END), works=False
    )

    assert killed(run_script(WORK, crash_at="billing.card_event_worked"))

    event.refresh_from_db()
    assert (event.state, Payment.objects.count()) == (CardEvent.State.RECEIVED, 0)
    assert events_left_behind(MONTH_END + timedelta(hours=1)) == [event.pk]
    for _ in range(2):
        run_script(WORK)
    event.refresh_from_db()
    assert (event.state, Payment.objects.get().amount) == (CardEvent.State.NOTED, invoice.total)
    assert list(verify_invoices()) == []
