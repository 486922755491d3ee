"""Sending what the outbox holds: claim a row, hand it over, write down what the server said.

A claim is a conditional update that moves `next_due_at` past any hand-over, so that a claim whose worker died is
simply due again. Nothing is locked and no transaction is open while a server is being talked to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from ecuanime.delivery.addresses import mark_returned
from ecuanime.delivery.events import MailFailed, MailSent
from ecuanime.delivery.limits import has_room
from ecuanime.delivery.message import build_message
from ecuanime.delivery.models import Mailbox, OutgoingMail
from ecuanime.delivery.servers import Server
from ecuanime.delivery.smtp import HandOver, hand_over
from ecuanime.foundation.crashpoints import crashpoint
from ecuanime.foundation.events import publish
from ecuanime.foundation.rounds import work_through
from ecuanime.foundation.secrets import Unsealable, unseal
from ecuanime.staff.queries import current_firm

State = OutgoingMail.State

CLAIM_LASTS = timedelta(minutes=15)
GIVES_UP_AFTER = timedelta(days=3)
WITHOUT_SERVER = timedelta(minutes=10)
BACK_OFF_MINUTES = (1, 5, 15, 60, 120, 240, 360)
BATCH = 100
SENDING = gettext_noop("Sending mail")


@dataclass(frozen=True)
class Attempt:
    """What became of one try: the mail's state afterwards, and whether its server could be talked to."""

    state: str
    reached: bool = True


def send_mail(mail_id: int, now: datetime) -> Attempt | None:
    """Try to send one mail if it is due and nobody else is at it; None when there was nothing to do."""
    mail = _claim(mail_id, now)
    if mail is None:
        return None
    crashpoint("delivery.claimed")
    with translation.override(mail.mailbox.language if mail.mailbox else None):
        return _attempt(mail, now)


def send_due_mails(now: datetime) -> int:
    """Try every mail that is due, oldest first, at most 100; returns how many were tried.

    Once a mailbox's server cannot be reached its other mails are left for the next round, so that one server that
    hangs does not hold up the rest; nor does a mail that fails.
    """
    due = OutgoingMail.objects.filter(state__in=[State.QUEUED, State.SENDING], next_due_at__lte=now)
    away: set[int | None] = set()

    def try_one(mail: OutgoingMail) -> bool:
        attempt = None if mail.mailbox_id in away else send_mail(mail.pk, now)
        if attempt and not attempt.reached:
            away.add(mail.mailbox_id)
        return attempt is not None

    mails = due.order_by("next_due_at", "id").only("mailbox_id", "subject")[:BATCH]
    return sum(work_through(mails, try_one, work=SENDING, page=lambda _mail: "/correo/saliente/en-espera/"))


def _claim(mail_id: int, now: datetime) -> OutgoingMail | None:
    due = OutgoingMail.objects.filter(
        pk=mail_id, state__in=[State.QUEUED, State.SENDING], next_due_at__lte=now
    )
    if not due.update(state=State.SENDING, claimed_at=now, next_due_at=now + CLAIM_LASTS):
        return None
    return OutgoingMail.objects.select_related("mailbox").get(pk=mail_id)


def _attempt(mail: OutgoingMail, now: datetime) -> Attempt:
    mailbox = mail.mailbox or Mailbox.objects.filter(is_default=True, is_active=True).first()
    if _is_captured(mailbox):
        _finish(mail, state=State.CAPTURED, error="", next_due_at=None)
        return Attempt(State.CAPTURED)
    if mailbox is None or not mailbox.smtp_host:
        return _wait(mail, _("No outgoing mail server is set up. Add one in the settings."), now)
    if not has_room(mail, mailbox, now):
        text = _(
            "The address is new, so it sends little on its first days. This mail leaves as soon as it may."
        )
        return _wait(mail, text, now)
    try:
        server = server_of(mailbox)
        content = build_message(mail, mailbox).as_bytes()
    except Unsealable:
        return _wait(mail, _("The mailbox's password cannot be read. Enter it again in the settings."), now)
    except FileNotFoundError:
        text = _("An attachment is missing on the disk. Restore it from the backup.")
        return _wait(mail, text, now, alone=True)
    result = hand_over(content, sender=mailbox.address, recipients=_open_recipients(mail), server=server)
    crashpoint("delivery.handed_over")
    return _record(mail, result, now)


def server_of(mailbox: Mailbox) -> Server:
    """The mailbox's outgoing server with its opened password. Raises `Unsealable`."""
    return Server(
        host=mailbox.smtp_host,
        port=mailbox.smtp_port,
        security=mailbox.smtp_security,
        username=mailbox.smtp_username,
        password=unseal(mailbox.smtp_password_sealed),
    )


def _is_captured(mailbox: Mailbox | None) -> bool:
    if mailbox is not None and mailbox.captures:
        return True
    firm = None if mailbox is not None and mailbox.smtp_host else current_firm()
    return firm is not None and firm.is_demo


def _open_recipients(mail: OutgoingMail) -> list[str]:
    done = {*mail.accepted_recipients, *mail.refused_recipients}
    return [address for address in dict.fromkeys([*mail.to, *mail.cc]) if address not in done]


def _wait(mail: OutgoingMail, error: str, now: datetime, *, alone: bool = False) -> Attempt:
    """It stays queued, says why, and its tries are not used up; unless `alone`, its mailbox's others wait with it."""
    _finish(mail, state=State.QUEUED, error=error, next_due_at=now + WITHOUT_SERVER)
    return Attempt(State.QUEUED, reached=alone)


@transaction.atomic
def _record(mail: OutgoingMail, result: HandOver, now: datetime) -> Attempt:
    """Write down what the server said; whoever was deferred for three days counts as refused."""
    first_tried_at = mail.first_tried_at or now
    refused, deferred = result.refused, result.deferred
    if deferred and now >= first_tried_at + GIVES_UP_AFTER:
        refused, deferred = refused | deferred, {}
    accepted = [*mail.accepted_recipients, *result.accepted]
    all_refused = [*mail.refused_recipients, *refused]
    state = State.QUEUED if deferred else State.SENT if accepted else State.FAILED
    written = _finish(
        mail,
        state=state,
        error=_said(mail, result),
        attempts=mail.attempts + 1,
        first_tried_at=first_tried_at,
        accepted_recipients=accepted,
        refused_recipients=all_refused,
        next_due_at=now + _pause(mail.attempts) if deferred else None,
        sent_at=mail.sent_at or (now if result.accepted else None),
    )
    if written:
        for address, words in result.refused.items():
            mark_returned(mail=mail, addresses=[address], words=words, now=now)
    if written and state == State.SENT:
        publish(MailSent(mail.pk, mail.purpose, mail.subject_key, all_refused))
    if written and state == State.FAILED:
        publish(MailFailed(mail.pk, mail.purpose, mail.subject_key, all_refused, _said(mail, result)))
    return Attempt(state, result.reached)


def _finish(mail: OutgoingMail, **values: object) -> bool:
    """Write the outcome of our claim, unless the row was claimed anew since and is somebody else's now."""
    ours = OutgoingMail.objects.filter(pk=mail.pk, state=State.SENDING, claimed_at=mail.claimed_at)
    return bool(ours.update(claimed_at=None, **values))


def _pause(attempts: int) -> timedelta:
    """How long to wait after the try that follows `attempts` earlier ones: 1, 5, 15, 60 minutes… at most 6 hours."""
    return timedelta(minutes=BACK_OFF_MINUTES[min(attempts, len(BACK_OFF_MINUTES) - 1)])


def _said(mail: OutgoingMail, result: HandOver) -> str:
    """The server's words for each address that did not get it, earlier refusals kept."""
    said = result.refused | result.deferred
    earlier = mail.error.splitlines() if mail.refused_recipients else []
    kept = [line for line in earlier if line.partition(": ")[0] in mail.refused_recipients]
    return "\n".join([*kept, *(f"{address}: {words}" for address, words in said.items())])
