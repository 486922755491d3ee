"""A mail leaves by itself once its transaction commits, and never when it does not."""

from __future__ import annotations

import pytest
from django.db import transaction
from procrastinate.contrib.django import app

from ecuanime.delivery.actions import queue_mail
from ecuanime.delivery.models import Mailbox, OutgoingMail
from ecuanime.foundation.clock import read_clock
from tests.rooms.delivery.conftest import PostOffice

pytestmark = pytest.mark.django_db(transaction=True)


def queue(text: str) -> OutgoingMail:
    return queue_mail(
        kind="personal", purpose="reply", to=["ana@uno.example"], subject="s", text=text, now=read_clock()
    )


def work() -> None:
    """Do all waiting jobs as the worker does, and return."""
    with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


def test_a_committed_mail_leaves_and_one_rolled_back_does_not(
    mailbox: Mailbox, post_office: PostOffice
) -> None:
    with transaction.atomic():
        queue("never")
        transaction.set_rollback(True)
    mail = queue("Ya está")
    work()
    mail.refresh_from_db()
    assert mail.state == OutgoingMail.State.SENT
    assert [to for to, _ in post_office.arrived] == [["ana@uno.example"]]
    assert post_office.mail().get_content().strip() == "Ya está"
