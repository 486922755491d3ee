"""A request's thread and state in the client's words. Internal notes never come this far."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from ecuanime.clients.models import Contact
from ecuanime.tickets.models import Attachment, Message, State, Ticket, TicketEvent
from ecuanime.tickets.queries import ThreadEntry
from ecuanime.web.components.hours import Mark


@dataclass(frozen=True)
class Line:
    """A message with its files, or in `text` a change of the request."""

    message: Message | None = None
    kind: str = ""
    author: str = ""
    avatar: str = ""
    shows_images: bool = False
    files: Sequence[Attachment] = field(default_factory=tuple)
    text: str = ""
    icon: str = ""


def lines_of(entries: Iterable[ThreadEntry], contact: Contact, *, images_of: int = 0) -> list[Line]:
    """The thread as a contact reads it; `images_of` is the message whose remote images were asked for."""
    return [_line(entry, contact, images_of) for entry in entries]


def _line(entry: ThreadEntry, contact: Contact, images_of: int) -> Line:
    message = entry.message
    if message is None:
        assert entry.event is not None
        text, icon = _change(entry.event)
        return Line(text=text, icon=icon)
    if message.kind == Message.Kind.NOTE:
        raise ValueError("an internal note never leaves the team")
    own = message.contact_id == contact.pk
    return Line(
        message=message,
        kind="out" if message.kind == Message.Kind.REPLY else "client",
        author=_author(message),
        avatar="me" if own else "",
        shows_images=message.pk == images_of,
        files=entry.files,
    )


def _author(message: Message) -> str:
    if message.author is not None:
        return message.author.name
    known = message.contact.name if message.contact else ""
    return known or message.from_name or message.from_email or _("Unknown sender")


def _change(event: TicketEvent) -> tuple[str, str]:
    words = {
        State.NEW: (_("It is new again"), "circle"),
        State.OPEN: (_("It is being worked on"), "circle-dot"),
        State.WAITING_CLIENT: (_("It waits for your answer"), "message-question"),
        State.WAITING_THIRD: (_("It waits for somebody else"), "users"),
        State.SOLVED: (_("It was marked as solved"), "circle-check"),
        State.CLOSED: (_("It was closed"), "lock"),
    }
    return words[State(event.after)] if event.after in State.values else (event.after, "history")


def state_of(ticket: Ticket) -> Mark:
    """How a request stands, in a sentence; its tone is that of the text (acc, warn, ok or none)."""
    name = ticket.assignee.name.split()[0] if ticket.assignee and ticket.assignee.name else ""
    if ticket.merged_into_id:
        return Mark(_("It goes on in another request about the same"), "git-merge")
    if ticket.state == State.WAITING_CLIENT:
        return Mark(_("It waits for your answer"), "message-question", "warn")
    if ticket.state == State.WAITING_THIRD:
        return Mark(_("It waits for somebody else, and we keep at it"), "users")
    if ticket.state == State.SOLVED:
        return Mark(_("Solved; writing again reopens it"), "circle-check", "ok")
    if ticket.state == State.CLOSED:
        return Mark(_("Closed"), "lock")
    if name:
        return Mark(_("%(name)s is looking at it") % {"name": name}, "circle-dot", "acc")
    if ticket.state == State.OPEN:
        return Mark(_("It is being worked on"), "circle-dot", "acc")
    return Mark(_("Received; nobody has taken it yet"), "clock")
