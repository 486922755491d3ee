"""From a mail that was read to its place: a ticket's thread, a new ticket, or the list of what needs no ticket.

A mail joins a ticket when it carries the ticket's unguessable token, or answers a mail we know **and** comes from
somebody who takes part in that ticket. A number in a subject proves nothing and is not looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from ecuanime.channels.email.content import message_given
from ecuanime.channels.email.reading import ParsedMail
from ecuanime.channels.models import IncomingMail
from ecuanime.clients.queries import Recognised, recognise
from ecuanime.delivery.actions import record_bounce
from ecuanime.delivery.models import Mailbox, OutgoingMail
from ecuanime.delivery.queries import own_addresses
from ecuanime.foundation.errors import Refused
from ecuanime.tickets import queries as tickets
from ecuanime.tickets.actions import add_inbound_message, open_follow_up, open_ticket
from ecuanime.tickets.models import Channel, Message, Ticket
from ecuanime.tickets.threading import token_in

ACKNOWLEDGED_WITHIN = timedelta(days=2)
"""Who wrote longer ago, as when a whole mailbox is taken in, is not told that their mail has just come."""


@dataclass(frozen=True)
class Filed:
    """Where a mail ended: on a ticket with its message, or noted with the code of why it needs none."""

    message: Message | None = None
    ticket: Ticket | None = None
    reason: str = ""


def file_mail(*, arrival: IncomingMail, mail: ParsedMail, now: datetime) -> Filed:
    """Put a mail where it belongs, in the caller's transaction.

    Our own echoes, delivery reports and automatic replies open no ticket and are never answered.
    """
    if mail.loop_marks:
        return Filed(reason="own_echo")
    if mail.bounce is not None:
        return _note_bounce(mail, now)
    ticket = _ticket_of(mail)
    if ticket is not None:
        return _join(ticket, arrival, mail, now)
    if mail.automatic.is_reply:
        return Filed(reason="automatic_reply")
    return _open(arrival, mail, now)


def _note_bounce(mail: ParsedMail, now: datetime) -> Filed:
    """Mark the mail of ours that came back; a report of mere delay changes nothing."""
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


def _ticket_of(mail: ParsedMail) -> Ticket | None:
    """The ticket a mail answers: by its token, or by a mail we know if the sender takes part in the ticket."""
    addresses = [*mail.delivered_to, *(one.address for one in (*mail.to, *mail.cc))]
    identifiers = [*mail.references, *mail.in_reply_to]
    for text in (*addresses, *reversed(identifiers)):
        token = token_in(text)
        found = tickets.ticket_by_token(token) if token else None
        if found is not None:
            return found
    answered = tickets.ticket_by_message_ids(identifiers) if identifiers else None
    if answered is not None and mail.author and tickets.takes_part(answered, mail.author.address):
        return answered
    return None


def _join(ticket: Ticket, arrival: IncomingMail, mail: ParsedMail, now: datetime) -> Filed:
    known = _recognised(mail)
    contact = known.contact if known and ticket.client_id == known.client.pk else None
    given = message_given(arrival, mail, contact)
    try:
        message = add_inbound_message(ticket=ticket, message=given, now=now)
    except Refused as refusal:
        if refusal.code != "closed":
            raise
    else:
        return Filed(message=message, ticket=ticket)
    if mail.automatic.is_reply:
        return Filed(ticket=ticket, reason="automatic_reply")
    return _on(open_follow_up(ticket=ticket, message=given, now=now, subject=mail.subject))


def _open(arrival: IncomingMail, mail: ParsedMail, now: datetime) -> Filed:
    known = _recognised(mail)
    contact = known.contact if known else None
    is_old = mail.date is not None and now - mail.date > ACKNOWLEDGED_WITHIN
    live = arrival.origin != IncomingMail.Origin.IMPORT and not is_old
    ticket = open_ticket(
        subject=mail.subject,
        channel=Channel.EMAIL,
        now=now,
        message=message_given(arrival, mail, contact, wakes=True),
        client=known.client if known else None,
        contact=contact,
        requester_name=mail.author.name if mail.author else "",
        requester_email=mail.author.address if mail.author else "",
        mailbox=arrival.mailbox or mailbox_meant(mail),
        acknowledge=live and mail.automatic.answerable,
    )
    return _on(ticket)


def _on(ticket: Ticket) -> Filed:
    return Filed(message=ticket.messages.order_by("pk").first(), ticket=ticket)


def _recognised(mail: ParsedMail) -> Recognised | None:
    """Whose mail it is; one that says it comes from ourselves is nobody's."""
    if mail.author is None or mail.author.address.lower() in own_addresses():
        return None
    return recognise(mail.author.address)


def mailbox_meant(mail: ParsedMail) -> Mailbox | None:
    """The mailbox of ours that the mail was sent to: by its envelope, or else by what its headers say."""
    meant = [*mail.delivered_to, *(one.address for one in (*mail.to, *mail.cc))]
    plain = [_without_token(address.lower()) for address in meant]
    boxes = {box.address.lower(): box for box in Mailbox.objects.filter(is_active=True, address__in=plain)}
    return next((boxes[address] for address in plain if address in boxes), None)


def _without_token(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
