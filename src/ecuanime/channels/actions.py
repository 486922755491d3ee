"""What happens to a mail once its bytes are safe: it is read and filed, or set aside where a person sees it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from ecuanime.channels.email.copies import content_hash, earlier_copy, same_mailbox
from ecuanime.channels.email.filing import Filed, Letter, file_mail, letter_of, mailbox_meant, ticket_of
from ecuanime.channels.email.reader import reader
from ecuanime.channels.email.reading import MailReader, ParsedMail, Refusal, Unreadable
from ecuanime.channels.models import IncomingMail
from ecuanime.delivery.text import keepable, one_line
from ecuanime.foundation import audit, files
from ecuanime.foundation.crashpoints import crashpoint
from ecuanime.foundation.errors import Refused
from ecuanime.tickets.actions import note_copy
from ecuanime.tickets.threading import message_id_hash

State = IncomingMail.State
MOST_ATTEMPTS = 3
CLAIM_LASTS = timedelta(minutes=5)


def read_arrival(*, arrival_id: int, now: datetime, using: MailReader | None = None) -> IncomingMail | None:
    """Read a stored mail and file it; None when it was already done or somebody is at it.

    A mail whose reading or filing fails time and again goes to quarantine, so that it never holds up the others.
    """
    claimed = IncomingMail.objects.filter(pk=arrival_id, state=State.STORED, next_due_at__lte=now)
    if not claimed.update(attempts=F("attempts") + 1, next_due_at=now + CLAIM_LASTS):
        return None
    arrival = IncomingMail.objects.select_related("mailbox").get(pk=arrival_id)
    if arrival.attempts > MOST_ATTEMPTS:
        return set_aside(arrival_id=arrival_id, reason="failed_repeatedly", detail="", now=now)
    try:
        raw = files.read(arrival.raw_id)
    except FileNotFoundError:
        return set_aside(arrival_id=arrival_id, reason="bytes_missing", detail=arrival.raw_id, now=now)
    if not raw.strip():
        return _refuse(arrival_id, "empty", now)
    reading = (using or reader()).read(raw)
    crashpoint("mail.parsed")
    if isinstance(reading, Refusal):
        detail = f"{reading.figure} > {reading.limit}"
        return set_aside(arrival_id=arrival_id, reason=reading.code, detail=detail, now=now)
    if isinstance(reading, Unreadable):
        return set_aside(arrival_id=arrival_id, reason=reading.code, detail=reading.detail, now=now)
    return _file(arrival_id, reading, now)


@transaction.atomic
def _file(arrival_id: int, mail: ParsedMail, now: datetime) -> IncomingMail | None:
    arrival = _locked(arrival_id)
    if arrival is None:
        return None
    _describe(arrival, mail)
    letter = letter_of(arrival, mail)
    arrival.copy_of = original = earlier_copy(arrival)
    if original is not None and _adds_nothing(letter, original):
        return _end(arrival, State.DUPLICATE, now, reason="copy", ticket_of=Filed(ticket=original.ticket))
    filed = file_mail(letter=letter, now=now)
    if original is not None and original.ticket and filed.ticket:
        note_copy(ticket=filed.ticket, other=original.ticket, address=letter.sender, now=now)
    ended = _end(arrival, _state_of(filed), now, reason=filed.reason, ticket_of=filed)
    crashpoint("mail.filed")
    return ended


def _adds_nothing(letter: Letter, original: IncomingMail) -> bool:
    """Whether a copy is no more than that: it came to the same mailbox, or belongs on the same ticket."""
    if same_mailbox(letter.arrival, original):
        return True
    ticket, _claimed = ticket_of(letter)
    return original.message_id is None or (ticket is not None and ticket == original.ticket)


def _state_of(filed: Filed) -> str:
    if filed.is_set_aside:
        return State.QUARANTINED
    return State.FILED if filed.message else State.NOTED


@transaction.atomic
def set_aside(*, arrival_id: int, reason: str, detail: str, now: datetime) -> IncomingMail | None:
    """Put a mail in quarantine with the reason; its bytes stay whole and it can be tried again."""
    arrival = _locked(arrival_id)
    if arrival is None:
        return None
    arrival.reason_detail = one_line(detail, 300)
    return _end(arrival, State.QUARANTINED, now, reason=reason)


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
    _read_soon(locked.pk)
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


def read_soon(arrival_id: int) -> None:
    """Have the worker read a stored mail."""
    _read_soon(arrival_id)


def _read_soon(arrival_id: int) -> None:
    # Imported here because the job, a door to this room, stands above its actions.
    from ecuanime.channels.jobs import read_incoming

    read_incoming.defer(arrival_id=arrival_id)


@transaction.atomic
def _refuse(arrival_id: int, reason: str, now: datetime) -> IncomingMail | None:
    arrival = _locked(arrival_id)
    return _end(arrival, State.REFUSED, now, reason=reason) if arrival else None


def _locked(arrival_id: int) -> IncomingMail | None:
    """The row, locked, if it still waits to be filed: a repeat finds it done."""
    waiting = IncomingMail.objects.select_for_update(of=("self",)).select_related("mailbox")
    return waiting.filter(pk=arrival_id, state=State.STORED).first()


def _describe(arrival: IncomingMail, mail: ParsedMail) -> None:
    arrival.mailbox = arrival.mailbox or mailbox_meant(mail)
    arrival.subject = one_line(mail.subject, 300)
    arrival.sender = one_line(mail.author.address if mail.author else "", 254)
    arrival.message_id_hash = message_id_hash(mail.message_id or "")
    arrival.content_hash = content_hash(mail)
    arrival.authentication = [keepable(value[:2000]) for value in mail.authentication_results[:10]]


def _end(
    arrival: IncomingMail, state: str, now: datetime, *, reason: str = "", ticket_of: Filed | None = None
) -> IncomingMail:
    arrival.state, arrival.reason = state, reason
    arrival.read_at, arrival.next_due_at = now, None
    if ticket_of is not None:
        arrival.message, arrival.ticket = ticket_of.message, ticket_of.ticket
        arrival.reason_detail = one_line(ticket_of.detail, 300)
    arrival.save()
    return arrival
