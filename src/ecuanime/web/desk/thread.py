"""A ticket's thread as it is read: messages with how their mail fared, and a sentence for each change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.contracts.models import Metric
from ecuanime.delivery.models import OutgoingMail
from ecuanime.foundation import formats
from ecuanime.tickets.models import Attachment, Authenticity, Channel, Message, Priority, State, TicketEvent
from ecuanime.tickets.queries import ThreadEntry
from ecuanime.web.desk.assignment import kept_reason
from ecuanime.web.desk.sentences import MORE_SENTENCES

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
    files: list[Attachment] = field(default_factory=list)
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
        files=[each for each in message.attachments.all() if not (each.is_inline and message.html)],
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
    return _moment_at(mail.sent_at)


def _moment_at(at: datetime) -> str:
    locale = formats.locale_for(get_language())
    return formats.moment(timezone.localtime(at), locale, today=timezone.localdate())


def told(event: TicketEvent) -> tuple[str, str]:
    """A change in a sentence, and its icon."""
    return told_of(str(event.actor) if event.actor else "Ecuánime", event.field, event.before, event.after)


def told_of(who: str, field: str, before: str, after: str) -> tuple[str, str]:
    """The same of a change that is no line of a thread."""
    tell = _SENTENCES.get(field)
    if tell is None:
        text = _("%(who)s changed it: %(before)s → %(after)s")
        return text % {"who": who, "before": before, "after": after}, "edit"
    return tell(who, before, after)


_STATE_ICONS = {
    State.NEW: "circle",
    State.OPEN: "circle-half-2",
    State.WAITING_CLIENT: "player-pause",
    State.WAITING_THIRD: "users",
    State.SOLVED: "circle-check",
    State.CLOSED: "lock",
}


def state_icon(state: str) -> str:
    """The icon of a state."""
    return _STATE_ICONS.get(State(state), "circle") if state in State.values else "circle"


def _state_name(state: str) -> str:
    return str(State(state).label) if state in State.values else state


def _state(who: str, _before: str, after: str) -> tuple[str, str]:
    if after == State.WAITING_CLIENT:
        return _("%(who)s waits for the client: the clock is paused") % {"who": who}, "player-pause"
    return _("%(who)s: now “%(state)s”") % {"who": who, "state": _state_name(after)}, state_icon(after)


def _undone(who: str, _before: str, after: str) -> tuple[str, str]:
    text = _("%(who)s took it back: “%(state)s” again") % {"who": who, "state": _state_name(after)}
    return text, "arrow-back-up"


def _assignee(who: str, _before: str, after: str) -> tuple[str, str]:
    if not after:
        return _("%(who)s: nobody is assigned now") % {"who": who}, "user-x"
    return _("%(who)s assigned it to %(name)s") % {"who": who, "name": after}, "user-check"


def _assignee_why(_who: str, _before: str, after: str) -> tuple[str, str]:
    return _("Chosen because: %(reason)s") % {"reason": kept_reason(after)}, "info-circle"


def _priority(who: str, _before: str, after: str) -> tuple[str, str]:
    name = str(Priority(int(after)).label) if after.isdigit() and int(after) in Priority.values else after
    return _("%(who)s: priority “%(name)s”") % {"who": who, "name": name}, "antenna-bars-4"


def _tags(who: str, _before: str, after: str) -> tuple[str, str]:
    if not after:
        return _("%(who)s took all tags off") % {"who": who}, "tags"
    return _("%(who)s: tags %(names)s") % {"who": who, "names": after}, "tags"


def _area(who: str, _before: str, after: str) -> tuple[str, str]:
    if not after:
        return _("%(who)s: no product area") % {"who": who}, "server"
    return _("%(who)s: product area “%(name)s”") % {"who": who, "name": after}, "server"


def _queue(who: str, _before: str, after: str) -> tuple[str, str]:
    if not after:
        return _("%(who)s took it out of its queue") % {"who": who}, "layout-list"
    return _("%(who)s: queue “%(name)s”") % {"who": who, "name": after}, "layout-list"


def _contract(who: str, _before: str, after: str) -> tuple[str, str]:
    if not after:
        return _("%(who)s: no contract") % {"who": who}, "file-unknown"
    return _("%(who)s: contract %(number)s from now on") % {"who": who, "number": after}, "file-check"


def _client(who: str, _before: str, after: str) -> tuple[str, str]:
    return _("%(who)s identified the client: %(name)s") % {"who": who, "name": after}, "building-store"


def _contact(who: str, before: str, after: str) -> tuple[str, str]:
    return _("%(who)s: %(name)s asks, not %(before)s") % {"who": who, "name": after, "before": before}, "user"


def _undelivered(_who: str, _before: str, after: str) -> tuple[str, str]:
    return _("The reply did not reach %(addresses)s") % {"addresses": after}, "mail-x"


def _acknowledged(_who: str, _before: str, after: str) -> tuple[str, str]:
    return _("The ticket's number was sent to %(address)s") % {"address": after}, "mail-check"


def _claim(_who: str, before: str, after: str) -> tuple[str, str]:
    text = _(
        "The mail says that it answers %(ticket)s, but %(address)s takes no part there or is not genuine"
    )
    return text % {"ticket": after, "address": before or _("its sender")}, "message-question"


def _copy(_who: str, before: str, after: str) -> tuple[str, str]:
    text = _("The same mail of %(address)s came to another mailbox too: %(ticket)s")
    return text % {"ticket": after, "address": before}, "copy"


def _normal(who: str, before: str, after: str) -> tuple[str, str]:
    if not after:
        return _("%(who)s: service is not normal after all") % {"who": who}, "alert-triangle"
    at = _moment_at(datetime.fromisoformat(after))
    return _("%(who)s: service normal again since %(at)s") % {"who": who, "at": at}, "activity"


def _metric_name(metric: str) -> str:
    return str(Metric(metric).label) if metric in Metric.values else metric


def _warned(_who: str, _before: str, after: str) -> tuple[str, str]:
    return _("Time is running out: %(metric)s") % {"metric": _metric_name(after)}, "hourglass-low"


def _broken(_who: str, _before: str, after: str) -> tuple[str, str]:
    return _("Time is up: %(metric)s") % {"metric": _metric_name(after)}, "alert-triangle"


_SENTENCES: dict[str, Callable[[str, str, str], tuple[str, str]]] = {
    "state": _state,
    "state_undone": _undone,
    "assignee": _assignee,
    "assignee_why": _assignee_why,
    "priority": _priority,
    "tags": _tags,
    "area": _area,
    "queue": _queue,
    "contract": _contract,
    "client": _client,
    "contact": _contact,
    "undelivered": _undelivered,
    "acknowledged": _acknowledged,
    "claim": _claim,
    "copy": _copy,
    "normal": _normal,
    "promise_warned": _warned,
    "promise_broken": _broken,
    **MORE_SENTENCES,
}
