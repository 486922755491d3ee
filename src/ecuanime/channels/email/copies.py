"""The same mail again: by its bytes, or by what its author wrote when it came by another way.

A Message-ID alone proves nothing: a stranger who knows one could make a real mail vanish. So what was written counts,
and a copy is kept and shown as one, never dropped.
"""

from __future__ import annotations

import hashlib

from django.db import connection
from django.db.models import Q

from ecuanime.channels.email.reading import ParsedMail
from ecuanime.channels.models import IncomingMail

State = IncomingMail.State
TAKEN_IN = (State.FILED, State.NOTED)


def content_hash(mail: ParsedMail) -> str:
    """Of author, date, Message-ID, subject, words and files; empty for a mail that has neither date nor Message-ID.

    Servers on the way add headers and so change the bytes, not this.
    """
    if not mail.message_id and mail.date is None:
        return ""
    written = [
        mail.author.address.lower() if mail.author else "",
        mail.date.isoformat() if mail.date else "",
        mail.message_id or "",
        mail.subject,
        mail.body_text,
        mail.body_html,
        *(f"{file.name}\0{hashlib.sha256(file.content).hexdigest()}" for file in mail.attachments),
    ]
    return hashlib.sha256("\0\0".join(written).encode("utf-8", "replace")).hexdigest()


def earlier_copy(arrival: IncomingMail) -> IncomingMail | None:
    """The first mail dealt with before that is the same as this one; one that came to the same mailbox goes first.

    Two copies that are filed at once wait for each other here.
    """
    if arrival.content_hash:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(arrival.content_hash[:15], 16)])
    same = Q(raw_id=arrival.raw_id)
    if arrival.content_hash:
        same |= Q(content_hash=arrival.content_hash)
    found = IncomingMail.objects.select_related("ticket").filter(same, state__in=TAKEN_IN)
    copies = list(found.exclude(pk=arrival.pk).order_by("pk")[:20])
    return min(copies, key=lambda copy: (not same_mailbox(copy, arrival), copy.pk), default=None)


def same_mailbox(one: IncomingMail, other: IncomingMail) -> bool:
    """Whether both came to the same mailbox of the firm, as far as is known."""
    return one.mailbox_id is None or other.mailbox_id is None or one.mailbox_id == other.mailbox_id
