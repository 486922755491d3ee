"""From a mail that was read to its place: a ticket's thread, a new ticket, or the list of what needs no ticket.

A mail joins a ticket when it carries the ticket's unguessable token, or answers a mail we know **and** comes from
somebody who takes part in that ticket. A number in a subject proves nothing and is not looked at. An address that the
receiving server found to be forged is nobody's: it gains no client, no thread and no answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from ecuanime.channels.email.authentication import FAILED, Authentication, authentication_of
from ecuanime.channels.email.content import message_given
from ecuanime.channels.email.reading import ParsedMail
from ecuanime.channels.email.rules import Ruled, ruled
from ecuanime.channels.models import IncomingMail
from ecuanime.clients.queries import Recognised, recognise
from ecuanime.delivery.actions import record_bounce
from ecuanime.delivery.addresses import forget_returned, is_returned
from ecuanime.delivery.models import Mailbox, OutgoingMail
from ecuanime.delivery.queries import mailboxes_by_address, own_addresses
from ecuanime.foundation.errors import Refused
from ecuanime.tickets import queries as tickets
from ecuanime.tickets.actions import (
    MessageGiven,
    add_inbound_message,
    note_claim,
    open_follow_up,
    open_ticket,
)
from ecuanime.tickets.models import Channel, Message, Ticket
from ecuanime.tickets.threading import token_in, without_token

ACKNOWLEDGED_WITHIN = timedelta(days=2)
"""Who wrote longer ago, as when a whole mailbox is taken in, is not told that their mail has just come."""

MOST_HOPS = 60
"""A mail that went through more servers goes round in circles."""


@dataclass(frozen=True)
class Filed:
    """Where a mail ended: on a ticket with its message, noted with the code of why it needs none, or in quarantine."""

    message: Message | None = None
    ticket: Ticket | None = None
    reason: str = ""
    detail: str = ""
    is_set_aside: bool = False


@dataclass(frozen=True)
class Letter:
    """A mail with what was found out about it, on its way to its place."""

    arrival: IncomingMail
    mail: ParsedMail
    authentication: Authentication

    @property
    def is_forged(self) -> bool:
        """Whether it is not from whom it says."""
        return self.authentication.verdict == FAILED

    @property
    def sender(self) -> str:
        """The author's address as written, or nothing."""
        return self.mail.author.address if self.mail.author else ""


def letter_of(arrival: IncomingMail, mail: ParsedMail) -> Letter:
    """The mail, with what the receiver trusted by its mailbox says about its author."""
    receiver = arrival.mailbox.trusted_receiver if arrival.mailbox else ""
    return Letter(arrival, mail, authentication_of(mail, receiver))


def file_mail(*, letter: Letter, now: datetime) -> Filed:
    """Put a mail where it belongs, in the caller's transaction.

    Our own echoes, delivery reports and automatic replies open no ticket and are never answered.
    """
    mail = letter.mail
    if mail.loop_marks:
        return Filed(reason="own_echo")
    if mail.hops > MOST_HOPS:
        return Filed(reason="going_round")
    if mail.bounce is not None:
        return _note_bounce(mail, now)
    if not letter.is_forged and not mail.automatic.reasons and is_returned(letter.sender.lower()):
        forget_returned(address=letter.sender)
    ticket, claimed = ticket_of(letter)
    if ticket is not None:
        return _join(ticket, letter, now)
    if mail.automatic.is_reply:
        return Filed(reason="automatic_reply")
    return _open(letter, claimed, now)


def ticket_of(letter: Letter) -> tuple[Ticket | None, Ticket | None]:
    """The ticket a mail answers, and else the one it only claims to answer.

    It answers by the ticket's token, or by a mail we know if its sender takes part in the ticket. A forged one only
    claims, and so does a machine that takes no part.
    """
    mail = letter.mail
    addresses = [*mail.delivered_to, *(one.address for one in (*mail.to, *mail.cc))]
    identifiers = [*mail.references, *mail.in_reply_to]
    for text in (*addresses, *reversed(identifiers)):
        token = token_in(text)
        found = tickets.ticket_by_token(token) if token else None
        if found is not None:
            return (found, None) if _may_use_token(letter, found) else (None, found)
    answered = tickets.ticket_by_message_ids(identifiers) if identifiers else None
    if answered is None:
        return None, None
    if not letter.is_forged and tickets.takes_part(answered, letter.sender):
        return answered, None
    return None, answered


def _may_use_token(letter: Letter, ticket: Ticket) -> bool:
    """Whether a mail to a ticket's own address belongs in its thread.

    Somebody may give that address to another site as theirs, to read what it sends for verification in the thread.
    """
    if letter.is_forged:
        return False
    return not letter.mail.automatic.reasons or tickets.takes_part(ticket, letter.sender)


def _note_bounce(mail: ParsedMail, now: datetime) -> Filed:
    """Mark the mail of ours that came back; a report of mere delay changes nothing, nor does a complaint."""
    if mail.bounce is not None and mail.bounce.is_complaint:
        about = OutgoingMail.objects.filter(message_id=mail.bounce.original_message_id or "").first()
        return Filed(ticket=_ticket_written_about(about), reason="complaint")
    if mail.bounce is None or not mail.bounce.final or not mail.bounce.original_message_id:
        return Filed(reason="delivery_report")
    failed = [one for one in mail.bounce.recipients if one.action == "failed"]
    words = "; ".join(f"{one.status} {one.diagnostic}".strip() for one in failed)
    returned = record_bounce(
        message_id=mail.bounce.original_message_id,
        addresses=[one.address for one in failed],
        words=words,
        now=now,
    )
    return Filed(ticket=_ticket_written_about(returned), reason="bounce" if returned else "delivery_report")


def _ticket_written_about(mail: OutgoingMail | None) -> Ticket | None:
    message = Message.objects.select_related("ticket").filter(outgoing=mail).first() if mail else None
    return message.ticket if message else None


def _join(ticket: Ticket, letter: Letter, now: datetime) -> Filed:
    known = _recognised(letter)
    contact = known.contact if known and ticket.client_id == known.client.pk else None
    given = message_given(letter.arrival, letter.mail, letter.authentication, contact)
    try:
        message = add_inbound_message(ticket=ticket, message=given, now=now)
    except Refused as refusal:
        if refusal.code != "closed":
            raise
    else:
        return Filed(message=message, ticket=ticket)
    if letter.mail.automatic.is_reply:
        return Filed(ticket=ticket, reason="automatic_reply")
    return _on(open_follow_up(ticket=ticket, message=given, now=now, subject=letter.mail.subject))


def _open(letter: Letter, claimed: Ticket | None, now: datetime) -> Filed:
    arrival, mail = letter.arrival, letter.mail
    rules = ruled(mail, arrival.mailbox)
    if rules.set_aside_by and not arrival.passes_rules:
        return Filed(reason="by_rule", detail=rules.set_aside_by, is_set_aside=True)
    known = _recognised(letter)
    contact = known.contact if known else None
    given = message_given(arrival, mail, letter.authentication, contact, wakes=True)
    ticket = _opened(letter, given, known, rules, now)
    if claimed is not None:
        note_claim(ticket=ticket, claimed=claimed, address=letter.sender, now=now)
    return _on(ticket)


def _opened(
    letter: Letter, given: MessageGiven, known: Recognised | None, rules: Ruled, now: datetime
) -> Ticket:
    arrival, mail = letter.arrival, letter.mail
    is_old = mail.date is not None and now - mail.date > ACKNOWLEDGED_WITHIN
    live = arrival.origin != IncomingMail.Origin.IMPORT and not is_old
    return open_ticket(
        subject=mail.subject,
        channel=Channel.EMAIL,
        now=now,
        message=given,
        client=known.client if known else None if letter.is_forged else rules.client,
        contact=known.contact if known else None,
        requester_name=mail.author.name if mail.author else "",
        requester_email=letter.sender,
        mailbox=arrival.mailbox,
        area=rules.area,
        queue=rules.queue,
        priority=rules.priority or None,
        tags=rules.tags,
        acknowledge=live and mail.automatic.answerable and not letter.is_forged and not rules.is_silent,
    )


def _on(ticket: Ticket) -> Filed:
    return Filed(message=ticket.messages.only("ticket").order_by("pk").first(), ticket=ticket)


def _recognised(letter: Letter) -> Recognised | None:
    """Whose mail it is; a forged one, or one that says it comes from ourselves, is nobody's."""
    if not letter.sender or letter.is_forged or letter.sender.lower() in own_addresses():
        return None
    return recognise(letter.sender)


def mailbox_meant(mail: ParsedMail) -> Mailbox | None:
    """The mailbox of ours that the mail was sent to: by its envelope, or else by what its headers say."""
    meant = [*mail.delivered_to, *(one.address for one in (*mail.to, *mail.cc))]
    plain = [without_token(address.lower()) for address in meant]
    boxes = mailboxes_by_address()
    return next((boxes[address] for address in plain if address in boxes), None)
