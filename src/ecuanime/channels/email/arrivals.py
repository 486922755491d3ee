"""Mail arrives: its raw bytes and its row are committed before anybody at the other end is told that it was taken."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ecuanime.channels.models import ImapSource, IncomingMail
from ecuanime.delivery.models import Mailbox
from ecuanime.foundation import files
from ecuanime.foundation.crashpoints import crashpoint


@dataclass(frozen=True)
class Offered:
    """A mail that is at the door: its bytes, and its UID where it was fetched from a server."""

    raw: bytes
    uid: int | None = None


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
    offered = [Offered(raw, uid)]
    return store_arrivals(offered=offered, origin=origin, now=now, mailbox=mailbox, source=source)[0]


def store_arrivals(
    *,
    offered: Sequence[Offered],
    origin: str,
    now: datetime,
    mailbox: Mailbox | None = None,
    source: ImapSource | None = None,
) -> list[IncomingMail]:
    """Keep several mails as `store_arrival` does, all in one commit; their rows in the order of the mails."""
    crashpoint("mail.fetched")
    keys = [_arrival_key(mail, origin, mailbox, source) for mail in offered]
    known = _by_key(keys)
    new = {key: mail for key, mail in zip(keys, offered, strict=True) if key not in known}
    if new:
        with transaction.atomic():
            stored = files.store_all([mail.raw for mail in new.values()])
            crashpoint("mail.raw_written")
            rows = [
                IncomingMail(
                    origin=origin,
                    mailbox=mailbox,
                    raw=file,
                    arrival_key=key,
                    source=source,
                    uid=mail.uid,
                    received_at=now,
                    next_due_at=now,
                )
                for file, (key, mail) in zip(stored, new.items(), strict=True)
            ]
            # Somebody else may store the same arrival meanwhile: then theirs is the row.
            IncomingMail.objects.bulk_create(rows, ignore_conflicts=True)
        crashpoint("mail.committed")
        known |= _by_key(list(new))
    return [known[key] for key in keys]


def _by_key(keys: Sequence[str]) -> dict[str, IncomingMail]:
    return {row.arrival_key: row for row in IncomingMail.objects.filter(arrival_key__in=keys)}


def _arrival_key(mail: Offered, origin: str, mailbox: Mailbox | None, source: ImapSource | None) -> str:
    """What makes two offers the same arrival: the place at the server, or else the bytes themselves."""
    if source is not None and mail.uid is not None:
        return f"{source.numbering}{mail.uid}"
    return f"{origin}:{mailbox.pk if mailbox else '-'}:{hashlib.sha256(mail.raw).hexdigest()}"
