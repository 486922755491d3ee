"""A ticket's thread as it is read: messages with how their mail fared, and a sentence for each change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.delivery.models import OutgoingMail
from ecuanime.tickets.models import Attachment, Authenticity, Channel, Message
from ecuanime.tickets.queries import ThreadEntry
from ecuanime.web.desk.sentences import moment_of, told

Mail = OutgoingMail.State


@dataclass(frozen=True)
class Delivery:
    """How the mail of a reply fared. Tones: ok, warn, bad or none; `error` is what the mail server said."""

    text: str
    icon: str
    tone: str = ""
    error: str = ""
    may_send_again: bool = False


@dataclass(frozen=True)
class Proof:
    """What the server that received a mail found out about its sender. `details` are its results, `spf=pass`."""

    text: str
    icon: str
    tone: str
    details: str


@dataclass(frozen=True)
class Line:
    """One entry of the thread. With `message` it is one; otherwise `text` says what changed."""

    message: Message | None = None
    kind: str = ""
    author: str = ""
    avatar: str = ""
    details: str = ""
    is_new: bool = False
    shows_images: bool = False
    files: tuple[Attachment, ...] = ()
    delivery: Delivery | None = None
    proof: Proof | None = None
    text: str = ""
    icon: str = ""


def lines_of(
    entries: Sequence[ThreadEntry], user: User, *, unread: int = 0, images_of: int = 0
) -> list[Line]:
    """The thread's lines. The last `unread` messages of the client are new; `images_of` is the message whose
    remote images were asked for."""
    inbound = [
        entry.message.pk
        for entry in entries
        if entry.message and entry.message.kind == Message.Kind.INBOUND and not entry.message.is_automatic
    ]
    new = set(inbound[-unread:]) if unread else set()
    return [_line(entry, user, new, images_of) for entry in entries]


def _line(entry: ThreadEntry, user: User, new: set[int], images_of: int) -> Line:
    if entry.message is None:
        assert entry.event is not None
        text, icon = told(entry.event)
        return Line(text=text, icon=icon)
    message = entry.message
    return Line(
        message=message,
        kind={Message.Kind.REPLY: "out", Message.Kind.NOTE: "note"}.get(Message.Kind(message.kind), "client"),
        author=author_of(message),
        avatar="me" if message.author_id == user.pk else "",
        details=_details(message),
        is_new=message.pk in new,
        shows_images=message.pk == images_of,
        files=entry.files,
        delivery=delivery_of(message.outgoing) if message.outgoing else None,
        proof=proof_of(message),
    )


def author_of(message: Message) -> str:
    """Who wrote it, by the best name there is."""
    if message.author is not None:
        return str(message.author)
    known = message.contact.name if message.contact else ""
    return known or message.from_name or message.from_email or _("Unknown sender")


def _details(message: Message) -> str:
    if message.kind == Message.Kind.NOTE:
        return ""
    if message.kind == Message.Kind.REPLY:
        return _("to %(addresses)s") % {"addresses": ", ".join([*message.to, *message.cc])}
    words = {
        Channel.EMAIL: _("by e-mail"),
        Channel.PORTAL: _("in the portal"),
        Channel.STAFF: _("written down by the team"),
        Channel.API: _("by a program"),
        Channel.WEB: _("by the public form"),
    }[Channel(message.channel)]
    if message.is_automatic:
        words = _("%(how)s, automatic") % {"how": words}
    copies = _("copy to %(addresses)s") % {"addresses": ", ".join(message.cc)} if message.cc else ""
    return " · ".join(filter(None, [message.from_email if message.contact is None else "", words, copies]))


def proof_of(message: Message) -> Proof | None:
    """Whether the sender is who it says; nothing when no receiver was asked."""
    if not message.authenticity:
        return None
    found = Authenticity(message.authenticity)
    icon = {Authenticity.PASSED: "shield-check", Authenticity.FAILED: "shield-x"}.get(
        found, "shield-question"
    )
    tone = "bad" if found == Authenticity.FAILED else ""
    return Proof(str(found.label), icon, tone, message.authenticity_words)


def delivery_of(mail: OutgoingMail) -> Delivery:
    """How a mail fared, in words."""
    refused = ", ".join(mail.refused_recipients)
    if mail.state == Mail.SENT and not refused:
        at = _moment(mail)
        return Delivery(_("sent %(at)s") % {"at": at} if at else _("sent"), "checks")
    if mail.state == Mail.SENT or mail.state == Mail.BOUNCED:
        text = _("It did not reach %(addresses)s") % {"addresses": refused or ", ".join(mail.to)}
        return Delivery(text, "mail-x", "bad", mail.error, may_send_again=bool(refused))
    if mail.state == Mail.FAILED:
        return Delivery(_("It was not sent"), "mail-exclamation", "bad", mail.error, may_send_again=True)
    if mail.state == Mail.CAPTURED:
        return Delivery(_("kept here instead of being sent"), "mail-off")
    if mail.state == Mail.QUEUED and mail.error:
        return Delivery(
            _("not sent yet; it is tried again by itself"), "mail-exclamation", "warn", mail.error
        )
    return Delivery(_("on its way"), "mail-fast")


def _moment(mail: OutgoingMail) -> str:
    if mail.sent_at is None:
        return ""
    return moment_of(mail.sent_at)
