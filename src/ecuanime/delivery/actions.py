"""Writing to the outbox and handing mail over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ecuanime.delivery.models import Mailbox, OutgoingFile, OutgoingMail
from ecuanime.foundation.models import StoredFile
from ecuanime.foundation.secrets import new_token


@dataclass(frozen=True)
class FileToSend:
    """An attachment: the stored bytes, the name the receiver sees and its media type."""

    file: StoredFile
    name: str
    media_type: str


@transaction.atomic
def queue_mail(
    *,
    kind: str,
    purpose: str,
    to: Sequence[str],
    subject: str,
    text: str,
    now: datetime,
    mailbox: Mailbox | None = None,
    html: str = "",
    cc: Sequence[str] = (),
    reply_to: str = "",
    in_reply_to: str = "",
    references: str = "",
    message_id: str = "",
    subject_key: str = "",
    files: Sequence[FileToSend] = (),
    idempotency_key: str | None = None,
) -> OutgoingMail:
    """Write a mail to the outbox in the caller's transaction; it leaves after the commit.

    With an `idempotency_key` that was used before, that earlier mail is returned and nothing is written.
    """
    if idempotency_key:
        known = OutgoingMail.objects.filter(idempotency_key=idempotency_key).first()
        if known:
            return known
    box = mailbox or Mailbox.objects.filter(is_default=True, is_active=True).first()
    mail = OutgoingMail.objects.create(
        mailbox=box,
        kind=kind,
        purpose=purpose,
        subject_key=subject_key,
        to=list(to),
        cc=list(cc),
        reply_to=reply_to,
        subject=" ".join(subject.split())[:400],
        text=text,
        html=html,
        message_id=message_id or f"<{new_token()}@{_domain(box)}>",
        in_reply_to=in_reply_to,
        references=references,
        idempotency_key=idempotency_key,
        next_due_at=now,
        created_at=now,
    )
    OutgoingFile.objects.bulk_create(
        OutgoingFile(mail=mail, file=item.file, name=item.name, media_type=item.media_type) for item in files
    )
    return mail


def send_again(*, mail: OutgoingMail, now: datetime) -> OutgoingMail:
    """Try a failed mail again by hand, to those it has not reached; its Message-ID stays. Refuses `not_failed`."""
    raise NotImplementedError


def record_bounce(
    *, message_id: str, addresses: Sequence[str], words: str, now: datetime
) -> OutgoingMail | None:
    """Note that the mail with this Message-ID came back for `addresses`; None when it is none of ours.

    A repeat changes nothing. Publishes MailBounced.
    """
    raise NotImplementedError


def _domain(mailbox: Mailbox | None) -> str:
    return mailbox.address.rpartition("@")[2] if mailbox else "ecuanime.invalid"
