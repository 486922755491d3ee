"""What is written into the room of a case: facts, calls and decisions with their files, and news to the client."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.clients.models import Contact
from ecuanime.delivery.text import keepable
from ecuanime.emergencies.access import emergencies_of_contact
from ecuanime.emergencies.actions.common import LONGEST, lock
from ecuanime.emergencies.models import Emergency, Evidence, Happening
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.tickets.access import works_at_desk
from ecuanime.tickets.actions import FileGiven, MessageGiven, add_inbound_message, reply
from ecuanime.tickets.models import Channel

LINES = ("fact", "call", "decision")
"""What somebody of the firm notes by hand."""
LONGEST_KEY = 40


@transaction.atomic
def write_line(
    *,
    emergency: Emergency,
    act: str,
    text: str,
    by: User,
    now: datetime,
    is_internal: bool = True,
    files: Sequence[FileGiven] = (),
    key: str = "",
) -> Happening:
    """Note a fact, a call or a decision, with what proves it. The client reads it unless it `is_internal`.

    One that came before with the same `key` is given back: nothing is noted twice over a bad connection.
    Refused: `not_allowed`, `not_now` (the case is over), `bad_line`, `empty`, `too_long`.
    """
    emergency = enter(emergency, user=by)
    known = _known(emergency, key)
    if known is not None:
        return known
    if act not in LINES:
        raise Refused("bad_line", _("Choose what it is: a fact, a call or a decision."))
    body = written(text, files)
    return log(emergency, act, body, user=by, is_internal=is_internal, files=files, key=key, now=now)


@transaction.atomic
def send_news(
    *,
    emergency: Emergency,
    text: str,
    by: User,
    now: datetime,
    files: Sequence[FileGiven] = (),
    key: str = "",
) -> Happening:
    """Send the client news: a reply on the ticket, from which the next news is counted. The same `key` sends once.

    Refused: `not_allowed`, `not_now`, `empty`, `too_long`, and as `reply`.
    """
    emergency = enter(emergency, user=by)
    known = _known(emergency, key)
    if known is not None:
        return known
    body = written(text)
    reply(ticket=emergency.ticket, author=by, text=body, files=files, now=now)
    return log(emergency, "news", body, user=by, key=key, now=now)


@transaction.atomic
def write_as_client(
    *,
    emergency: Emergency,
    contact: Contact,
    text: str,
    now: datetime,
    files: Sequence[FileGiven] = (),
    key: str = "",
) -> Happening:
    """What one of the client's people writes in the room: a message on the ticket. The same `key` is kept once.

    Refused: `not_allowed`, `not_now`, `empty`, `too_long`.
    """
    emergency = enter(emergency, contact=contact)
    known = _known(emergency, key)
    if known is not None:
        return known
    message = MessageGiven(
        text=written(text, files) or ", ".join(each.name for each in files),
        channel=Channel.PORTAL,
        from_name=contact.name,
        from_email=contact.email,
        contact=contact,
        files=files,
    )
    add_inbound_message(ticket=emergency.ticket, message=message, now=now)
    return log(emergency, "wrote", message.text, contact=contact, key=key, now=now)


def enter(emergency: Emergency, *, user: User | None = None, contact: Contact | None = None) -> Emergency:
    """The locked case, for whoever may write in its room. Refused: `not_allowed`, `not_now` (it is over)."""
    emergency = lock(emergency)
    if user is not None:
        may_write = works_at_desk(user)
    else:
        may_write = contact is not None and emergencies_of_contact(contact).filter(pk=emergency.pk).exists()
    if not may_write:
        raise Refused("not_allowed", _("Only people who work on the case write in its room."))
    if emergency.is_over:
        raise Refused(
            "not_now", _("%(number)s is over: write on its ticket instead.") % {"number": emergency.number}
        )
    return emergency


def written(text: str, files: Sequence[FileGiven] = ()) -> str:
    """What somebody wrote, ready to be kept. Refused: `empty` (neither words nor files), `too_long`."""
    body = keepable(text).strip()
    if not body and not files:
        raise Refused("empty", _("There is nothing to note yet. Write the text first."))
    if len(body) > LONGEST:
        text = _("A line holds %(most)s characters. Shorten it, or attach it as a file.")
        raise Refused("too_long", text % {"most": LONGEST})
    return body


def log(
    emergency: Emergency,
    act: str,
    text: str,
    *,
    now: datetime,
    user: User | None = None,
    contact: Contact | None = None,
    is_internal: bool = False,
    files: Sequence[FileGiven] = (),
    key: str = "",
) -> Happening:
    """Leave a line in the log of a locked case, with its files."""
    line = Happening.objects.create(
        emergency=emergency,
        act=act,
        at=now,
        user=user,
        contact=contact,
        text=text[:LONGEST],
        is_internal=is_internal,
        key=key[:LONGEST_KEY],
    )
    Evidence.objects.bulk_create(
        Evidence(happening=line, file=each.file, name=each.name, media_type=each.media_type) for each in files
    )
    audit.record(f"emergency_{act}", emergency, now=now, number=emergency.number, line=line.pk)
    return line


def _known(emergency: Emergency, key: str) -> Happening | None:
    return emergency.happenings.filter(key=key[:LONGEST_KEY]).first() if key else None
