"""Writing to the outbox, and what is done by hand with what it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ecuanime.delivery.addresses import mark_returned
from ecuanime.delivery.events import MailBounced
from ecuanime.delivery.models import Mailbox, OutgoingFile, OutgoingMail
from ecuanime.delivery.text import clean_address, clean_addresses, keepable, message_ids, one_line
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish
from ecuanime.foundation.models import StoredFile
from ecuanime.foundation.secrets import new_token

MOST_RECIPIENTS = 50


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
    """Write a mail to the outbox in the caller's transaction; a job sends it right after the commit.

    Without `mailbox` the default one writes. With an `idempotency_key` that was used before, that earlier mail is
    returned and nothing is written. Addresses of automatic mail are kept in lower case, so that limits count them
    as one. Refuses `no_address`, `bad_address` and `too_many_addresses`.
    """
    known = OutgoingMail.objects.filter(idempotency_key=idempotency_key).first() if idempotency_key else None
    if known:
        return known
    to, cc = _recipients(to, cc, lower=kind == OutgoingMail.Kind.AUTOMATIC)
    box = mailbox or Mailbox.objects.filter(is_default=True, is_active=True).first()
    mail = OutgoingMail(
        mailbox=box,
        kind=kind,
        purpose=purpose,
        subject_key=subject_key,
        to=to,
        cc=cc,
        reply_to=clean_address(reply_to) if reply_to else "",
        subject=one_line(subject, 400),
        text=keepable(text),
        html=keepable(html),
        message_id=message_id or f"<{new_token()}@{_domain(box)}>",
        in_reply_to=" ".join(message_ids(in_reply_to, 1)),
        references=" ".join(message_ids(references)),
        idempotency_key=idempotency_key,
        next_due_at=now,
        created_at=now,
    )
    try:
        with transaction.atomic():
            mail.save(force_insert=True)
    except IntegrityError:
        # Somebody else wrote the same key between our look and our insert: theirs is the mail.
        return OutgoingMail.objects.get(idempotency_key=idempotency_key or "")
    OutgoingFile.objects.bulk_create(
        OutgoingFile(
            mail=mail,
            file=item.file,
            name=one_line(item.name, 200),
            media_type=one_line(item.media_type, 120),
        )
        for item in files
    )
    _send_after_commit(mail)
    return mail


@transaction.atomic
def send_again(*, mail: OutgoingMail, now: datetime) -> OutgoingMail:
    """Try a failed mail again by hand, to those it has not reached; its Message-ID stays. Refuses `not_failed`.

    A mail that was refused for some of its addresses, or came back from them, counts as failed for those.
    """
    mail = OutgoingMail.objects.select_for_update().get(pk=mail.pk)
    ended = mail.state in (OutgoingMail.State.FAILED, OutgoingMail.State.BOUNCED, OutgoingMail.State.SENT)
    if not ended or (not mail.refused_recipients and mail.state != OutgoingMail.State.FAILED):
        raise Refused("not_failed", _("This mail has not failed, so it is not sent again."))
    mail.state = OutgoingMail.State.QUEUED
    mail.accepted_recipients = [one for one in mail.accepted_recipients if one not in mail.refused_recipients]
    mail.refused_recipients, mail.error = [], ""
    mail.attempts, mail.first_tried_at, mail.claimed_at, mail.next_due_at = 0, None, None, now
    mail.save()
    audit.record("mail_sent_again", mail, now=now, purpose=mail.purpose)
    _send_after_commit(mail)
    return mail


@transaction.atomic
def record_bounce(
    *, message_id: str, addresses: Sequence[str], words: str, now: datetime
) -> OutgoingMail | None:
    """Note that the mail with this Message-ID came back for `addresses` (none named: for all of them).

    None when no mail of ours has that Message-ID. Addresses it was never sent to are ignored, so a forged bounce
    can say nothing about anybody else. A repeat changes nothing. Publishes MailBounced.
    """
    mail = OutgoingMail.objects.select_for_update().filter(message_id=message_id.strip()).first()
    if mail is None:
        return None
    named = {address.lower() for address in addresses}
    written_to = [*mail.to, *mail.cc]
    returned = [one for one in written_to if (not named or one.lower() in named)]
    new = [one for one in returned if one not in mail.refused_recipients]
    if mail.state not in (OutgoingMail.State.SENT, OutgoingMail.State.BOUNCED) or not new:
        return mail
    said = one_line(words, 400)
    mail.state = OutgoingMail.State.BOUNCED
    mail.refused_recipients = [*mail.refused_recipients, *new]
    mail.error = "\n".join(filter(None, [mail.error, *(f"{one}: {said}" for one in new)]))
    mail.save(update_fields=["state", "refused_recipients", "error"])
    mark_returned(mail=mail, addresses=new, words=said, now=now)
    audit.record("mail_bounced", mail, now=now, addresses=new)
    publish(MailBounced(mail.pk, mail.purpose, mail.subject_key, new, said))
    return mail


def _recipients(to: Sequence[str], cc: Sequence[str], *, lower: bool) -> tuple[list[str], list[str]]:
    """Both lists cleaned, nobody twice."""
    first = clean_addresses(one.lower() if lower else one for one in to)
    seen = {one.lower() for one in first}
    second = [
        one for one in clean_addresses(one.lower() if lower else one for one in cc) if one.lower() not in seen
    ]
    if not first:
        raise Refused("no_address", _("There is no address to write to. Add one."))
    if len(first) + len(second) > MOST_RECIPIENTS:
        text = _("A mail goes to at most %(number)s addresses. Take some out.") % {"number": MOST_RECIPIENTS}
        raise Refused("too_many_addresses", text)
    return first, second


def _send_after_commit(mail: OutgoingMail) -> None:
    # Imported here because the job, a door to the outbox, stands above the actions.
    from ecuanime.delivery.jobs import send_mail

    send_mail.defer(mail_id=mail.pk)


def _domain(mailbox: Mailbox | None) -> str:
    return mailbox.address.rpartition("@")[2] if mailbox else "ecuanime.invalid"
