"""`kill -9` around the hand-over of a mail: none is lost, and a repeat is the same mail once more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ecuanime.delivery.models import Mailbox, OutgoingMail
from ecuanime.delivery.outbox import CLAIM_LASTS, send_due_mails
from tests.crash import killed, run_script
from tests.factories import NOW
from tests.rooms.delivery.conftest import PostOffice
from tests.rooms.delivery.test_sending import again, queued

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]
State = OutgoingMail.State
SCRIPT = """
from datetime import datetime
from ecuanime.delivery.outbox import send_due_mails
send_due_mails(datetime.fromisoformat({now!r}))
"""


@pytest.mark.parametrize(
    ("point", "repeats"), [("delivery.claimed", 0), ("delivery.handed_over", 1), ("", 0)]
)
def test_a_kill_around_the_hand_over_loses_nothing_and_repeats_once_at_most(
    mailbox: Mailbox, post_office: PostOffice, point: str, repeats: int
) -> None:
    """Without a kill, which is the control, the mail is sent at once and nothing is left to do."""
    mail = queued()
    assert killed(run_script(SCRIPT.format(now=NOW.isoformat()), crash_at=point)) is bool(point)
    assert again(mail).state == (State.SENDING if point else State.SENT)
    assert send_due_mails(NOW + CLAIM_LASTS - timedelta(seconds=1)) == 0, "nobody else is at it before"

    assert send_due_mails(NOW + CLAIM_LASTS) == bool(point)
    assert again(mail).state == State.SENT
    assert len(post_office.arrived) == 1 + repeats
    assert {post_office.mail(at)["Message-ID"] for at in range(1 + repeats)} == {mail.message_id}
