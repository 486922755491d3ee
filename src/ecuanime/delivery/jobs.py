"""Jobs of delivery: one mail as soon as its transaction commits, and a sweep of whatever else is due."""

from __future__ import annotations

from ecuanime.delivery import outbox
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.jobs import job


@job(name="delivery.send_mail", queue="mail")
def send_mail(*, mail_id: int) -> None:
    """Try to send one mail. A try that fails is written on the mail and left to the sweep."""
    outbox.send_mail(mail_id, read_clock())


@job(name="delivery.send_due_mails", queue="mail", queueing_lock="delivery.send_due_mails")
def send_due_mails(timestamp: int) -> None:
    """Try every mail that is due: repeats, and what a dead worker left behind."""
    outbox.send_due_mails(read_clock())
