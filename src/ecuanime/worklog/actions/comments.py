"""What both sides write to each other over a disputed entry, until it is explained, adjusted or rejected."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.clients.models import Contact
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.worklog import letters
from ecuanime.worklog.access import may_approve_time, may_review_time
from ecuanime.worklog.actions.common import LONGEST_REASON, locked_entries
from ecuanime.worklog.models import Decision, EntryState, TimeEntry


@transaction.atomic
def comment_as_firm(*, entry: TimeEntry, by: User, text: str, now: datetime) -> Decision:
    """Write to the client about a disputed entry, as a supervisor or as the person whose work it is; it stays held.

    The same words twice are one comment. Refused: `not_allowed`, `no_comment`, `not_disputed`.
    """
    [entry] = locked_entries([entry.pk])
    if not may_review_time(by) and entry.user_id != by.pk:
        raise Refused(
            "not_allowed", _("Only supervisors, and whose work it is, write about it to the client.")
        )
    comment, is_new = _write(entry, text, now, user=by)
    dispute = entry.decisions.filter(kind=Decision.Kind.DISPUTE).select_related("contact").latest("id")
    if is_new and dispute.contact is not None:
        letters.mail_comment_to_client(entry, dispute.contact, by, comment, now=now)
    return comment


@transaction.atomic
def comment_as_client(*, entry: TimeEntry, contact: Contact, text: str, now: datetime) -> Decision:
    """Write to the firm about a disputed entry, as somebody who approves for the client; it stays held.

    The same words twice are one comment. Refused: `not_allowed`, `no_comment`, `not_disputed`.
    """
    [entry] = locked_entries([entry.pk])
    if entry.client_id != contact.client_id or not may_approve_time(contact, now=now):
        raise Refused("not_allowed", _("Only a project lead approves time. Ask one of your organisation."))
    comment, is_new = _write(entry, text, now, contact=contact)
    if is_new:
        letters.mail_comment_to_firm(entry, contact, comment, now=now)
    return comment


def _write(
    entry: TimeEntry, text: str, now: datetime, *, user: User | None = None, contact: Contact | None = None
) -> tuple[Decision, bool]:
    text = text.strip()[:LONGEST_REASON]
    if not text:
        raise Refused("no_comment", _("Write what you want to say about it."))
    if entry.state != EntryState.DISPUTED:
        raise Refused("not_disputed", _("Nobody disputes this entry any more. Reload the page."))
    last = entry.decisions.order_by("-id").first()
    if last is not None and (last.user, last.contact, last.reason) == (user, contact, text):
        return last, False
    comment = Decision.objects.create(
        entry=entry,
        kind=Decision.Kind.COMMENT,
        at=now,
        user=user,
        contact=contact,
        entry_version=entry.version,
        reason=text,
    )
    record("dispute_commented", entry, now=now, comment=comment.pk)
    return comment, True
