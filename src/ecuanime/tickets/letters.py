"""The mails a ticket writes: replies of a person and the acknowledgement of a new ticket."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ecuanime.accounts.models import Language, User
from ecuanime.delivery.actions import FileToSend, queue_mail
from ecuanime.delivery.limits import may_send_automatic
from ecuanime.delivery.models import Mailbox, OutgoingMail
from ecuanime.delivery.queries import default_mailbox, own_addresses
from ecuanime.staff.queries import current_firm
from ecuanime.tickets.models import Message, Opinion, Ticket, TicketEvent
from ecuanime.tickets.opinions import opinion_link
from ecuanime.tickets.queries import reply_recipients
from ecuanime.tickets.threading import new_message_id, reply_address

QUOTED_LINES = 12
QUOTED_CHARACTERS = 800
CHAIN = 20


def language_of(ticket: Ticket) -> str:
    """The catalogue to write from: in the language of the contact, the client, the mailbox or the firm."""
    for known in (ticket.contact, ticket.client, ticket.mailbox, current_firm()):
        if known is not None:
            language = str(known.language)
            return ticket.client.addressed_in(language) if ticket.client else language
    return str(Language.ES)


def subject_key(ticket: Ticket) -> str:
    """What mails about this ticket are counted under."""
    return f"ticket:{ticket.number}"


def queue_reply(
    ticket: Ticket,
    author: User,
    text: str,
    *,
    to: Sequence[str],
    cc: Sequence[str],
    files: Sequence[FileToSend],
    now: datetime,
) -> OutgoingMail:
    """Queue a person's answer, threaded under what the client wrote; own mailboxes are taken off the copies.

    Where it goes to several who asked on tickets that were merged, nobody's words are quoted to the others.
    """
    mailbox = _mailbox(ticket)
    answered = _last_inbound(ticket)
    own = own_addresses()
    is_of_several = len(to) > 1 and ticket.merged.exists()
    with translation.override(language_of(ticket)):
        quoted = "" if is_of_several else _quoted(ticket, answered)
        body = "\n\n".join(filter(None, [text, _signature(mailbox, author), quoted]))
    return queue_mail(
        kind=OutgoingMail.Kind.PERSONAL,
        purpose="reply",
        subject_key=subject_key(ticket),
        mailbox=mailbox,
        to=to,
        cc=[address for address in cc if address.lower() not in own],
        subject=_answer_subject(ticket.subject),
        text=body,
        reply_to=reply_address(ticket, mailbox),
        message_id=new_message_id(ticket, mailbox),
        in_reply_to=answered.message_id if answered else "",
        references=_chain(ticket, answered),
        files=files,
        now=now,
    )


def acknowledge_ticket(ticket: Ticket, message: Message, *, now: datetime) -> OutgoingMail | None:
    """Tell the requester the number of their new ticket; None when limits or the address forbid it.

    The text repeats nothing of what they wrote, subject included: it would carry a spammer's words to whoever they
    forged as the sender.
    """
    recipients = reply_recipients(ticket)
    if not recipients or not may_send_automatic(
        address=recipients[0], subject_key=subject_key(ticket), now=now
    ):
        return None
    mailbox = _mailbox(ticket)
    firm = current_firm()
    with translation.override(language_of(ticket)):
        number = {"number": ticket.number}
        subject = _("We have your message: ticket %(number)s") % number
        text = (
            _("Your message has arrived. It is ticket %(number)s. To add to it, answer this mail.") % number
        )
    mail = queue_mail(
        kind=OutgoingMail.Kind.AUTOMATIC,
        purpose="acknowledgement",
        subject_key=subject_key(ticket),
        mailbox=mailbox,
        to=recipients,
        subject=subject,
        text=f"{text}\n\n{firm.name if firm else ''}".strip(),
        reply_to=reply_address(ticket, mailbox),
        message_id=new_message_id(ticket, mailbox),
        in_reply_to=message.message_id,
        references=message.message_id,
        idempotency_key=f"acknowledgement:{ticket.number}",
        now=now,
    )
    TicketEvent.objects.create(ticket=ticket, at=now, field="acknowledged", after=mail.to[0][:200])
    return mail


def ask_opinion(ticket: Ticket, opinion: Opinion, *, now: datetime) -> OutgoingMail:
    """Ask the contact how it went, with a link that needs no account."""
    mailbox = _mailbox(ticket)
    firm = current_firm()
    with translation.override(language_of(ticket)):
        facts = {"name": opinion.contact.name, "number": ticket.number, "link": opinion_link(opinion)}
        subject = _("How did we do on ticket %(number)s?") % facts
        text = _(
            "Hello %(name)s,\n\nticket %(number)s is closed. How did we do? Five faces, one of them to press, and room "
            "for a comment; no password is needed:\n\n%(link)s\n\nThe link is yours alone."
        )
        text %= facts
    return queue_mail(
        kind=OutgoingMail.Kind.AUTOMATIC,
        purpose="satisfaction",
        subject_key=subject_key(ticket),
        mailbox=mailbox,
        to=[opinion.contact.email],
        subject=subject,
        text=f"{text}\n\n{firm.name if firm else ''}".strip(),
        reply_to=reply_address(ticket, mailbox),
        message_id=new_message_id(ticket, mailbox),
        idempotency_key=f"satisfaction:{ticket.number}",
        now=now,
    )


def _mailbox(ticket: Ticket) -> Mailbox | None:
    """The mailbox the ticket came in through while it is in use, else the default one."""
    return ticket.mailbox if ticket.mailbox and ticket.mailbox.is_active else default_mailbox()


def _last_inbound(ticket: Ticket) -> Message | None:
    inbound = ticket.messages.filter(kind=Message.Kind.INBOUND, is_automatic=False)
    return inbound.order_by("-created_at", "-id").first()


def _chain(ticket: Ticket, answered: Message | None) -> str:
    """The thread's Message-IDs: the first one and the newest, what is answered last, as RFC 5322 wants it."""
    public = ticket.messages.exclude(kind=Message.Kind.NOTE).exclude(message_id="")
    first = public.order_by("created_at", "id").values_list("message_id", flat=True)[:1]
    newest = public.order_by("-created_at", "-id").values_list("message_id", flat=True)[:CHAIN]
    ids: Iterable[str] = dict.fromkeys([*first, *reversed(newest)])
    last = answered.message_id if answered else ""
    return " ".join([*(one for one in ids if one != last), *filter(None, [last])])


def _answer_subject(subject: str) -> str:
    head, colon, _rest = subject.partition(":")
    known = colon and head.strip().lower() in ("re", "rv", "aw", "sv", "antw")
    return subject if known else f"Re: {subject}"


def _signature(mailbox: Mailbox | None, author: User) -> str:
    signature = mailbox.signature.strip() if mailbox else ""
    return f"{author.name}\n\n-- \n{signature}" if signature else author.name


def _quoted(ticket: Ticket, answered: Message | None) -> str:
    """The beginning of what is answered, so that the client knows what this is about without the whole history."""
    if answered is None or not answered.text.strip():
        return ""
    lines = answered.text.strip()[:QUOTED_CHARACTERS].splitlines()
    shown = lines[:QUOTED_LINES]
    if len(shown) < len(lines) or len(answered.text.strip()) > QUOTED_CHARACTERS:
        shown.append("…")
    zone = ZoneInfo(ticket.client.time_zone) if ticket.client else None
    firm = current_firm()
    zone = zone or (firm.zone if firm else ZoneInfo("UTC"))
    when = date_format(answered.written_at.astimezone(zone), "SHORT_DATETIME_FORMAT")
    name = answered.from_name or answered.from_email
    told = _("Ticket %(number)s. On %(when)s %(name)s wrote:") % {
        "number": ticket.number,
        "when": when,
        "name": name,
    }
    return "\n".join([told, *(f"> {line}".rstrip() for line in shown)])
