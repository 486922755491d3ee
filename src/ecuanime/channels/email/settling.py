"""What becomes of a claimed mail: it is read in a child, and then filed or ended with a reason, on its locked row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ecuanime.channels.email.copies import Copies, content_hash, same_mailbox
from ecuanime.channels.email.filing import Filed, Letter, file_mail, letter_of, mailbox_meant, ticket_of
from ecuanime.channels.email.foresight import foresee_senders
from ecuanime.channels.email.reader import reader
from ecuanime.channels.email.reading import MailReader, ParsedMail, Refusal, Unreadable
from ecuanime.channels.models import IncomingMail
from ecuanime.delivery.text import keepable, one_line
from ecuanime.foundation import files
from ecuanime.foundation.crashpoints import crashpoint
from ecuanime.tickets.actions import index_together, note_copy
from ecuanime.tickets.threading import message_id_hash

State = IncomingMail.State
MOST_ATTEMPTS = 3
WRITTEN = (
    *(
        "state",
        "reason",
        "reason_detail",
        "read_at",
        "next_due_at",
        "mailbox",
        "message",
        "ticket",
        "copy_of",
    ),
    *("subject", "sender", "message_id_hash", "content_hash", "authentication"),
)


@dataclass(frozen=True)
class Ending:
    """How a mail ends that is not filed: its state and the reason, as a code and with its details."""

    state: str
    reason: str
    detail: str = ""


Outcome = ParsedMail | Ending


def read_claimed(arrival: IncomingMail, using: MailReader | None = None) -> Outcome:
    """Read a claimed mail, or say how it ends. Nothing is written."""
    if arrival.attempts > MOST_ATTEMPTS:
        return Ending(State.QUARANTINED, "failed_repeatedly")
    try:
        raw = files.read(arrival.raw_id)
    except FileNotFoundError:
        return Ending(State.QUARANTINED, "bytes_missing", arrival.raw_id)
    if not raw.strip():
        return Ending(State.REFUSED, "empty")
    reading = (using or reader()).read(raw)
    crashpoint("mail.parsed")
    if isinstance(reading, Refusal):
        return Ending(State.QUARANTINED, reading.code, f"{reading.figure} > {reading.limit}")
    if isinstance(reading, Unreadable):
        return Ending(State.QUARANTINED, reading.code, reading.detail)
    return reading


def settle(read: Sequence[tuple[IncomingMail, Outcome]], now: datetime) -> list[IncomingMail]:
    """File mails, or end them, in the caller's transaction, which holds their rows."""
    for arrival, outcome in read:
        if isinstance(outcome, ParsedMail):
            _describe(arrival, outcome)
    copies = Copies(arrival for arrival, _outcome in read)
    foresee_senders([outcome for _arrival, outcome in read if isinstance(outcome, ParsedMail)])
    with index_together():
        return [_settled(arrival, outcome, copies, now) for arrival, outcome in read]


def _settled(arrival: IncomingMail, outcome: Outcome, copies: Copies, now: datetime) -> IncomingMail:
    if isinstance(outcome, Ending):
        return end(arrival, outcome, now)
    letter = letter_of(arrival, outcome)
    arrival.copy_of = original = copies.earlier(arrival)
    if original is not None and _adds_nothing(letter, original):
        arrival.ticket = original.ticket
        return end(arrival, Ending(State.DUPLICATE, "copy"), now)
    filed = file_mail(letter=letter, now=now)
    arrival.message, arrival.ticket = filed.message, filed.ticket
    if original is not None and original.ticket and filed.ticket:
        note_copy(ticket=filed.ticket, other=original.ticket, address=letter.sender, now=now)
    end(arrival, Ending(_state_of(filed), filed.reason, filed.detail), now)
    copies.note(arrival)
    crashpoint("mail.filed")
    return arrival


def end(arrival: IncomingMail, ending: Ending, now: datetime) -> IncomingMail:
    """Write on the locked row how its mail ended."""
    arrival.state, arrival.reason = ending.state, ending.reason
    arrival.reason_detail = one_line(ending.detail, 300)
    arrival.read_at, arrival.next_due_at = now, None
    arrival.save(update_fields=WRITTEN)
    return arrival


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


def _describe(arrival: IncomingMail, mail: ParsedMail) -> None:
    arrival.mailbox = arrival.mailbox or mailbox_meant(mail)
    arrival.subject = one_line(mail.subject, 300)
    arrival.sender = one_line(mail.author.address if mail.author else "", 254)
    arrival.message_id_hash = message_id_hash(mail.message_id or "")
    arrival.content_hash = content_hash(mail)
    arrival.authentication = [keepable(value[:2000]) for value in mail.authentication_results[:10]]
