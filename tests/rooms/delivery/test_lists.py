"""The outbox as screens, health check and doctor read it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ecuanime.delivery.actions import FileToSend, queue_mail
from ecuanime.delivery.models import OutgoingMail
from ecuanime.delivery.queries import (
    bounced_mails,
    captured_mails,
    default_mailbox,
    failed_mails,
    outbox_health,
    own_addresses,
    waiting_mails,
)
from ecuanime.foundation.files import store
from tests.factories import NOW, make_mailbox

pytestmark = pytest.mark.django_db

State = OutgoingMail.State


def mail_in(state: str, at: datetime = NOW, **fields: object) -> OutgoingMail:
    files = [FileToSend(store(b"x"), "x.pdf", "application/pdf")]
    mail = queue_mail(
        kind="personal", purpose="reply", to=["ana@uno.example"], subject="s", text="t", files=files, now=at
    )
    waits = state in (State.QUEUED, State.SENDING)
    OutgoingMail.objects.filter(pk=mail.pk).update(
        state=state, **({"next_due_at": at if waits else None} | fields)
    )
    return mail


def test_each_list_holds_its_own_newest_first() -> None:
    made = {state: [mail_in(state), mail_in(state, NOW + timedelta(hours=1))] for state in State}
    for page, states in [
        (captured_mails(), [State.CAPTURED]),
        (failed_mails(), [State.FAILED]),
        (bounced_mails(), [State.BOUNCED]),
        (waiting_mails(), [State.QUEUED, State.SENDING]),
    ]:
        assert {mail.pk for mail in page.rows} == {mail.pk for state in states for mail in made[state]}
        assert [mail.created_at for mail in page.rows] == sorted(
            (m.created_at for m in page.rows), reverse=True
        )


def test_pages_cost_the_same_for_one_and_three_and_join() -> None:
    costs, seen = [], []
    for more in (1, 2):
        for _ in range(more):
            mail_in(State.CAPTURED)
        with CaptureQueriesContext(connection) as queries:
            assert all(list(mail.attachments.all()) for mail in captured_mails().rows)
        costs.append(len(queries))
    assert costs == [2, 2]
    page = captured_mails(size=2)
    seen += page.rows
    seen += captured_mails(size=2, after=page.next).rows
    assert [mail.pk for mail in seen] == sorted((mail.pk for mail in seen), reverse=True)
    assert len(seen) == 3


def test_health_says_what_waits_since_when_and_why() -> None:
    assert outbox_health(NOW).is_well
    mail_in(State.QUEUED, NOW - timedelta(minutes=29))
    assert outbox_health(NOW).is_well
    mail_in(State.SENDING, NOW - timedelta(hours=1), error="452 full")
    mail_in(State.FAILED, NOW - timedelta(days=6))
    mail_in(State.FAILED, NOW - timedelta(days=8))
    mail_in(State.SENT)
    health = outbox_health(NOW)
    assert (health.waiting, health.late, health.failed_last_week) == (2, 1, 1)
    assert (health.oldest_at, health.last_error) == (NOW - timedelta(hours=1), "452 full")
    assert not health.is_well


def test_the_mailbox_to_write_from_and_all_of_ours() -> None:
    assert default_mailbox() is None
    mailbox = make_mailbox(address="Soporte@nodoalisio.example")
    assert default_mailbox() == mailbox
    assert own_addresses() == {"soporte@nodoalisio.example"}
    mailbox.is_active = False
    mailbox.save()
    assert default_mailbox() is None
    assert own_addresses()
