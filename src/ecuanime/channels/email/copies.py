"""The same mail again: by its bytes, or by what its author wrote when it came by another way.

A Message-ID alone proves nothing: a stranger who knows one could make a real mail vanish. So what was written counts,
and a copy is kept and shown as one, never dropped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.db import connection
from django.db.models import Q

from ecuanime.channels.email.reading import ParsedMail
from ecuanime.channels.models import IncomingMail

State = IncomingMail.State
TAKEN_IN = (State.FILED, State.NOTED)
MOST_COPIES = 500


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


class Copies:
    """The mails dealt with before that are the same as some that are about to be filed.

    Whoever files copies of one mail at the same time waits here for the other.
    """

    def __init__(self, arrivals: Iterable[IncomingMail]) -> None:
        rows = list(arrivals)
        hashes = {row.content_hash for row in rows} - {""}
        _wait_for_others(hashes)
        same = Q(raw_id__in={row.raw_id for row in rows}) | Q(content_hash__in=hashes)
        found = IncomingMail.objects.select_related("ticket").filter(same, state__in=TAKEN_IN)
        self._known = list(found.order_by("pk")[:MOST_COPIES])

    def earlier(self, arrival: IncomingMail) -> IncomingMail | None:
        """The first copy of a mail; one that came to the same mailbox goes first."""
        copies = [known for known in self._known if known.pk != arrival.pk and _same(known, arrival)]
        return min(copies, key=lambda copy: (not same_mailbox(copy, arrival), copy.pk), default=None)

    def note(self, arrival: IncomingMail) -> None:
        """Count a mail that has just been filed among those that were dealt with."""
        if arrival.state in TAKEN_IN:
            self._known.append(arrival)


def _same(one: IncomingMail, other: IncomingMail) -> bool:
    by_content = bool(one.content_hash) and one.content_hash == other.content_hash
    return by_content or one.raw_id == other.raw_id


def _wait_for_others(hashes: Iterable[str]) -> None:
    """A lock for each content until the transaction ends, always in the same order."""
    keys = sorted(int(each[:15], 16) for each in hashes)
    if keys:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(key) FROM unnest(%s::bigint[]) AS key", [keys])


def same_mailbox(one: IncomingMail, other: IncomingMail) -> bool:
    """Whether both came to the same mailbox of the firm, as far as is known."""
    return one.mailbox_id is None or other.mailbox_id is None or one.mailbox_id == other.mailbox_id
