"""A new address sends little at first: what waits, what never does, and when it is over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ecuanime.delivery.actions import queue_mail
from ecuanime.delivery.limits import FIRST_DAY, has_room
from ecuanime.delivery.models import Mailbox, OutgoingMail
from ecuanime.delivery.outbox import send_mail
from tests.factories import NOW
from tests.rooms.delivery.conftest import PostOffice

pytestmark = pytest.mark.django_db


def sent(box: Mailbox, number: int) -> None:
    """So many mails that left an hour ago."""
    OutgoingMail.objects.bulk_create(
        OutgoingMail(
            mailbox=box,
            kind="personal",
            purpose="reply",
            to=["a@uno.example"],
            message_id=f"<{box.pk}.{each}@x>",
            state="sent",
            created_at=NOW,
            sent_at=NOW - timedelta(hours=1),
        )
        for each in range(number)
    )


@pytest.mark.parametrize(
    ("days", "already", "kind", "purpose", "room"),
    [
        (0, FIRST_DAY - 1, "personal", "reply", True),
        (0, FIRST_DAY, "personal", "reply", False),
        (0, FIRST_DAY * 4 // 5 - 1, "automatic", "acknowledgement", True),
        (0, FIRST_DAY * 4 // 5, "automatic", "acknowledgement", False),
        (0, FIRST_DAY, "automatic", "account", True),
        (1, FIRST_DAY, "personal", "reply", True),
        (1, 2 * FIRST_DAY, "personal", "reply", False),
        (10, 2 * FIRST_DAY, "personal", "reply", True),
        (None, 2 * FIRST_DAY, "personal", "reply", True),
    ],
)
def test_room_doubles_each_day_and_machines_leave_some_to_people(
    mailbox: Mailbox, days: int | None, already: int, kind: str, purpose: str, room: bool
) -> None:
    mailbox.warms_up_since = None if days is None else NOW - timedelta(days=days)
    sent(mailbox, already)
    assert has_room(OutgoingMail(kind=kind, purpose=purpose), mailbox, NOW) is room


def test_a_mail_without_room_waits_says_why_and_leaves_later(
    mailbox: Mailbox, post_office: PostOffice
) -> None:
    Mailbox.objects.filter(pk=mailbox.pk).update(warms_up_since=NOW)
    sent(mailbox, FIRST_DAY)
    mail = queue_mail(
        kind="personal",
        purpose="reply",
        to=["b@uno.example"],
        subject="s",
        text="t",
        now=NOW,
        mailbox=mailbox,
    )
    send_mail(mail.pk, NOW)
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, bool(mail.error)) == ("queued", 0, True)
    assert not post_office.arrived
    send_mail(mail.pk, NOW + timedelta(days=1))
    mail.refresh_from_db()
    assert mail.state == "sent"
