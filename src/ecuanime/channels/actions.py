"""What happens to a mail once its bytes are safe: it is read and filed, or set aside where a person sees it."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from ecuanime.channels.email.reading import MailReader
from ecuanime.channels.email.settling import Outcome, read_claimed, settle
from ecuanime.channels.models import IncomingMail
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.jobs import queue_once
from ecuanime.foundation.remembering import remembering

logger = logging.getLogger(__name__)

State = IncomingMail.State
CLAIM_LASTS = timedelta(minutes=5)
BATCH = 20
BATCH_BYTES = 8 * 1024 * 1024
SLOW_SECONDS = 2.0
"""A batch that takes longer to read is filed as far as it came: one slow mail holds up no other."""


def read_arrival(*, arrival_id: int, now: datetime, using: MailReader | None = None) -> IncomingMail | None:
    """Read a stored mail and file it; None when it was already done or somebody is at it.

    A mail whose reading or filing fails time and again goes to quarantine, so that it never holds up the others.
    """
    claimed = IncomingMail.objects.filter(pk=arrival_id, state=State.STORED, next_due_at__lte=now)
    if not claimed.update(attempts=F("attempts") + 1, next_due_at=now + CLAIM_LASTS):
        return None
    arrival = IncomingMail.objects.get(pk=arrival_id)
    with remembering():
        return next(iter(_settle_all([(arrival_id, read_claimed(arrival, using))], now)), None)


def read_batch(
    *, now: datetime, using: MailReader | None = None, among: Sequence[int] | None = None
) -> list[int]:
    """Read and file mails that wait, at most 20 in one commit; returns those it took on, none when none waits.

    A batch that fails is filed mail by mail, each failing alone. `among` are the ids to choose from.
    """
    claimed = _claim(now, among)
    read: list[tuple[int, Outcome]] = []
    begun = time.monotonic()
    for arrival in claimed:
        if read and time.monotonic() - begun > SLOW_SECONDS:
            break
        read.append((arrival.pk, read_claimed(arrival, using)))
    _give_back([arrival.pk for arrival in claimed[len(read) :]], now)
    try:
        with remembering():
            _settle_all(read, now)
    except Exception:
        logger.exception("a batch of mails could not be filed at once; each is filed by itself")
        for one in read:
            _settle_alone(one, now)
    return [arrival_id for arrival_id, _outcome in read]


@transaction.atomic
def retry_quarantined(*, arrival: IncomingMail, now: datetime) -> IncomingMail:
    """Let a mail in quarantine be read again; no rule sends it back there. Refuses `not_quarantined`."""
    locked = IncomingMail.objects.select_for_update().get(pk=arrival.pk)
    if locked.state != State.QUARANTINED:
        raise Refused("not_quarantined", _("This mail is no longer in quarantine."))
    locked.state, locked.attempts, locked.next_due_at = State.STORED, 0, now
    locked.reason, locked.reason_detail, locked.passes_rules = "", "", True
    locked.save()
    audit.record("mail_retried", locked, now=now)
    read_soon()
    return locked


@transaction.atomic
def refuse_quarantined(*, arrival: IncomingMail, now: datetime) -> IncomingMail:
    """Decide that a mail in quarantine needs no ticket; its bytes are kept. Refuses `not_quarantined`."""
    locked = IncomingMail.objects.select_for_update().get(pk=arrival.pk)
    if locked.state != State.QUARANTINED:
        raise Refused("not_quarantined", _("This mail is no longer in quarantine."))
    locked.state = State.REFUSED
    locked.save(update_fields=["state"])
    audit.record("mail_refused", locked, now=now, reason=locked.reason)
    return locked


def read_soon() -> None:
    """Have the worker read what is stored; asked again before it begins, it is asked once."""
    # Imported here because the job, a door to this room, stands above its actions.
    from ecuanime.channels.jobs import read_waiting

    queue_once(read_waiting)


@transaction.atomic
def _claim(now: datetime, among: Sequence[int] | None) -> list[IncomingMail]:
    """Mails that wait longest, ours for some minutes. One that has failed before is taken alone."""
    waiting = IncomingMail.objects.select_for_update(of=("self",), skip_locked=True).select_related("raw")
    due = waiting.filter(state=State.STORED, next_due_at__lte=now).order_by("next_due_at", "pk")
    if among is not None:
        due = due.filter(pk__in=among)
    claimed: list[IncomingMail] = []
    room = BATCH_BYTES
    for arrival in due[:BATCH]:
        room -= arrival.raw.size
        if claimed and (room < 0 or arrival.attempts or claimed[0].attempts):
            break
        claimed.append(arrival)
    mine = IncomingMail.objects.filter(pk__in=[arrival.pk for arrival in claimed])
    mine.update(attempts=F("attempts") + 1, next_due_at=now + CLAIM_LASTS)
    for arrival in claimed:
        arrival.attempts += 1
    return claimed


def _give_back(ids: Sequence[int], now: datetime) -> None:
    if ids:
        unread = IncomingMail.objects.filter(pk__in=ids, state=State.STORED)
        unread.update(attempts=F("attempts") - 1, next_due_at=now)


@transaction.atomic
def _settle_all(read: Iterable[tuple[int, Outcome]], now: datetime) -> list[IncomingMail]:
    """File what was read, all or nothing; what somebody else has filed meanwhile is left alone."""
    outcomes = dict(read)
    waiting = IncomingMail.objects.select_for_update(of=("self",)).select_related("mailbox")
    locked = waiting.filter(pk__in=outcomes, state=State.STORED).order_by("pk")
    return settle([(arrival, outcomes[arrival.pk]) for arrival in locked], now)


def _settle_alone(read: tuple[int, Outcome], now: datetime) -> None:
    try:
        _settle_all([read], now)
    except Exception:
        logger.exception("mail %s could not be filed; it is tried again", read[0])
