"""The jobs of intake: fetch what is due, read what is stored."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from ecuanime.channels import actions
from ecuanime.channels.email.imap import BATCH, fetch
from ecuanime.channels.models import ImapSource, IncomingMail
from ecuanime.channels.web import actions as web
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.jobs import job

ROUND = timedelta(minutes=1)
ROUND_WHILE_WATCHED = timedelta(minutes=10)
CLAIM_LASTS = timedelta(minutes=10)
MOST_BATCHES = 50
"""After so many, other jobs have their turn."""


@job(name="channels.fetch_due_mailboxes", queue="mail", queueing_lock="channels.fetch_due_mailboxes")
def fetch_due_mailboxes(timestamp: int) -> None:
    """Start a fetch of every mailbox that is due."""
    now = read_clock()
    due = ImapSource.objects.filter(Q(next_due_at__isnull=True) | Q(next_due_at__lte=now), is_active=True)
    for source_id in due.values_list("pk", flat=True):
        fetch_mailbox.defer(source_id=source_id)


@job(name="channels.fetch_mailbox", queue="mail")
def fetch_mailbox(*, source_id: int) -> None:
    """Fetch one mailbox, batch after batch while there is more; a fetch that is already running is left alone."""
    now = read_clock()
    due = Q(next_due_at__isnull=True) | Q(next_due_at__lte=now)
    claimed = ImapSource.objects.filter(due, pk=source_id, is_active=True)
    if not claimed.update(next_due_at=now + CLAIM_LASTS):
        return
    source = ImapSource.objects.select_related("mailbox").get(pk=source_id)
    while fetch(source, now=read_clock()) == BATCH:
        ImapSource.objects.filter(pk=source_id).update(next_due_at=read_clock() + CLAIM_LASTS)
    if not source.failures:
        source.refresh_from_db(fields=["watched_at"])
        pause = ROUND_WHILE_WATCHED if source.is_watched(read_clock()) else ROUND
        ImapSource.objects.filter(pk=source_id).update(
            next_due_at=read_clock() + pause - timedelta(seconds=10)
        )


@job(name="channels.read_waiting", queue="intake", queueing_lock="channels.read_waiting")
def read_waiting() -> None:
    """Read what is stored, batch after batch while there is more."""
    for _batch in range(MOST_BATCHES):
        if not actions.read_batch(now=read_clock()):
            return
    actions.read_soon()


@job(name="channels.read_stored_mails", queue="intake", queueing_lock="channels.read_stored_mails")
def read_stored_mails(timestamp: int) -> None:
    """Read what a crash left stored and unread, or what waited for another try."""
    if IncomingMail.objects.filter(state=IncomingMail.State.STORED, next_due_at__lte=read_clock()).exists():
        actions.read_soon()


@job(name="channels.forget_unproved", queue="default", queueing_lock="channels.forget_unproved")
def forget_unproved(timestamp: int) -> None:
    """Forget requests of the public form that nobody has confirmed."""
    web.forget_unproved(now=read_clock())
