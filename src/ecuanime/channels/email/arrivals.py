"""Mail arrives: its raw bytes and its row are committed before anybody at the other end is told that it was taken."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import IntegrityError, transaction

from ecuanime.channels.models import ImapSource, IncomingMail
from ecuanime.delivery.models import Mailbox
from ecuanime.foundation import files
from ecuanime.foundation.crashpoints import crashpoint


def store_arrival(
    *,
    raw: bytes,
    origin: str,
    now: datetime,
    mailbox: Mailbox | None = None,
    source: ImapSource | None = None,
    uid: int | None = None,
) -> IncomingMail:
    """Keep a mail exactly as it came; committed when this returns. The same arrival offered again is the same row.

    Raises `OSError` when the disk refuses; nothing is recorded then and the mail stays where it was.
    """
    crashpoint("mail.fetched")
    key = _arrival_key(raw, origin, mailbox, source, uid)
    known = IncomingMail.objects.filter(arrival_key=key).first()
    if known is not None:
        return known
    stored = files.store(raw)
    crashpoint("mail.raw_written")
    try:
        with transaction.atomic():
            arrival = IncomingMail.objects.create(
                origin=origin,
                mailbox=mailbox,
                raw=stored,
                arrival_key=key,
                source=source,
                uid=uid,
                received_at=now,
                next_due_at=now,
            )
    except IntegrityError:
        return IncomingMail.objects.get(arrival_key=key)
    crashpoint("mail.committed")
    return arrival


def _arrival_key(
    raw: bytes, origin: str, mailbox: Mailbox | None, source: ImapSource | None, uid: int | None
) -> str:
    """What makes two offers the same arrival: the place at the server, or else the bytes themselves."""
    if source is not None and uid is not None:
        return f"{source.numbering}{uid}"
    return f"{origin}:{mailbox.pk if mailbox else '-'}:{hashlib.sha256(raw).hexdigest()}"
