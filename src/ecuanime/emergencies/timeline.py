"""The one timeline of a case: what was done, written, said, decided, worked and alerted, as each side may read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.clients.models import Contact
from ecuanime.delivery.models import OutgoingMail
from ecuanime.emergencies.models import Alert, Emergency, Evidence, Happening
from ecuanime.emergencies.room_words import text_of
from ecuanime.emergencies.words import ICONS, said_of, who_of
from ecuanime.foundation import formats
from ecuanime.tickets.access import messages_of, works_at_desk
from ecuanime.tickets.models import Attachment, Message
from ecuanime.worklog.access import visible_to_contact
from ecuanime.worklog.models import TimeEntry

LENGTH = 100
LONGEST = 600
_NEWS = "news"
_IN_THE_THREAD = (_NEWS, "wrote")
"""Lines for which a message of the ticket stands."""


@dataclass(frozen=True)
class Reader:
    """For whom the timeline is read: somebody of the firm, who may or may not read what is internal, or a contact."""

    contact: Contact | None = None
    sees_internal: bool = False


def reader_of(user: User) -> Reader:
    """Somebody of the firm: what is internal is for those who work at the desk."""
    return Reader(sees_internal=works_at_desk(user))


@dataclass(frozen=True)
class File:
    """A file at a line: an attachment of the ticket's (`is_attachment`) or evidence of the room."""

    key: int
    name: str
    size: int
    is_attachment: bool = False


@dataclass(frozen=True)
class Moment:
    """A line of the timeline; `trouble` says that the client was not reached.

    Time is not `is_marked` as internal or not: its client reads it once they are asked to approve it.
    """

    at: datetime
    said: str
    who: str = ""
    text: str = ""
    icon: str = "circle"
    is_internal: bool = False
    files: tuple[File, ...] = ()
    trouble: str = ""
    is_marked: bool = True


@dataclass(frozen=True)
class Timeline:
    """The newest lines first; `older` is the instant before which there are more, None at the beginning."""

    moments: list[Moment]
    older: datetime | None


def timeline_of(emergency: Emergency, reader: Reader, *, before: datetime | None = None) -> Timeline:
    """The newest hundred lines, or those before an instant: a constant number of queries."""
    lines = _newest(_happenings(emergency, reader), "at", before)
    messages = _newest(_messages(emergency, reader), "created_at", before)
    news = {(line.at, line.user_id) for line in lines if line.act == _NEWS}
    found = [
        *_of_lines(lines),
        *_of_messages(messages, news, emergency),
        *_of_time(_newest(_time(emergency, reader), "at", before)),
    ]
    if reader.sees_internal:
        found += _of_alerts(_newest(emergency.alerts.select_related("user"), "sent_at", before))
    found.sort(key=lambda each: each.at, reverse=True)
    shown = found[:LENGTH]
    return Timeline(shown, shown[-1].at if len(found) > LENGTH else None)


def _newest(rows: QuerySet, moment: str, before: datetime | None) -> list:  # type: ignore[type-arg]
    """The newest rows by a moment of theirs, one more than a page shows."""
    if before is not None:
        rows = rows.filter(**{f"{moment}__lt": before})
    return list(rows.order_by(f"-{moment}", "-pk")[: LENGTH + 1])


def _happenings(emergency: Emergency, reader: Reader) -> QuerySet[Happening]:
    rows = Happening.objects.filter(emergency=emergency).select_related("user", "contact")
    return rows if reader.sees_internal else rows.filter(is_internal=False)


def _messages(emergency: Emergency, reader: Reader) -> QuerySet[Message]:
    rows = messages_of(emergency.ticket_id, is_merged=False, with_notes=reader.sees_internal)
    return rows.select_related("author", "contact", "outgoing").defer("html", "quoted_html", "quoted_text")


def _time(emergency: Emergency, reader: Reader) -> QuerySet[TimeEntry]:
    """Finished work; the client's from when they were asked to approve it."""
    rows = TimeEntry.objects.all() if reader.contact is None else visible_to_contact(reader.contact)
    worked = rows.filter(ticket=emergency.ticket_id, ended_at__isnull=False)
    return worked.select_related("user", "work_type").annotate(at=F("ended_at"))


def _of_lines(lines: Iterable[Happening]) -> Iterator[Moment]:
    files = _files(
        Evidence.objects.filter(happening__in=[line.pk for line in lines]).select_related("file"),
        "happening_id",
        is_attachment=False,
    )
    for line in lines:
        if line.act not in _IN_THE_THREAD:
            yield Moment(
                line.at,
                said_of(line.act),
                who_of(line),
                text_of(line),
                ICONS.get(line.act, "circle"),
                line.is_internal,
                tuple(files.get(line.pk, ())),
            )


def _of_messages(
    messages: Iterable[Message], news: set[tuple[datetime, int | None]], emergency: Emergency
) -> Iterator[Moment]:
    found = Attachment.objects.filter(message__in=[each.pk for each in messages]).select_related("file")
    files = _files(found, "message_id", is_attachment=True)
    for message in messages:
        kind = Message.Kind(message.kind)
        said, icon = _kinds()[kind]
        if (message.created_at, message.author_id) in news and kind == Message.Kind.REPLY:
            said, icon = said_of(_NEWS), ICONS[_NEWS]
        who = str(message.author or message.contact or message.from_name or message.from_email)
        yield Moment(
            message.created_at,
            said,
            who,
            _short(message.text),
            icon,
            kind == Message.Kind.NOTE,
            tuple(files.get(message.pk, ())),
            _trouble(message.outgoing),
        )


def _kinds() -> Mapping[Message.Kind, tuple[str, str]]:
    return {
        Message.Kind.INBOUND: (_("The client writes"), "message-2"),
        Message.Kind.REPLY: (_("Message to the client"), "send"),
        Message.Kind.NOTE: (_("Internal note"), "note"),
    }


def _trouble(mail: OutgoingMail | None) -> str:
    failed = (OutgoingMail.State.FAILED, OutgoingMail.State.BOUNCED)
    return _("It did not arrive by e-mail.") if mail is not None and mail.state in failed else ""


def _of_time(entries: Iterable[TimeEntry]) -> Iterator[Moment]:
    locale = formats.locale_for(get_language())
    for entry in entries:
        hours = formats.hours_of_seconds(entry.elapsed_seconds, locale)
        said = _("%(hours)s worked: %(work)s") % {"hours": hours, "work": entry.work_type}
        assert entry.ended_at is not None
        yield Moment(entry.ended_at, said, str(entry.user), entry.note, "clock", is_marked=False)


def _of_alerts(alerts: Iterable[Alert]) -> Iterator[Moment]:
    for alert in alerts:
        text = "" if not alert.said else str(alert.get_said_display())
        yield Moment(
            alert.sent_at, pgettext("emergency", "Alerted"), str(alert.user), text, "bell", is_internal=True
        )


def _files(rows: Iterable, by: str, *, is_attachment: bool) -> dict[int, list[File]]:  # type: ignore[type-arg]
    found: dict[int, list[File]] = {}
    for each in rows:
        found.setdefault(getattr(each, by), []).append(
            File(each.pk, each.name, each.file.size, is_attachment)
        )
    return found


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}…"


def evidence_for(emergency: Emergency, reader: Reader, key: int) -> Evidence | None:
    """A file of the case's room, if its line may be read."""
    lines = _happenings(emergency, reader).values("pk")
    return Evidence.objects.select_related("file").filter(pk=key, happening__in=lines).first()
