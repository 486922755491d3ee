"""Delivery reports: the standard form (RFC 3464), the free form of mailers that only name failed recipients, and
complaints (RFC 5965)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ecuanime.channels.email.reading.headers import Headers, parse_addresses
from ecuanime.channels.email.reading.limits import header_block
from ecuanime.channels.email.reading.message import Address, Bounce, FailedRecipient
from ecuanime.channels.email.reading.mime import Mail

MAX_RECIPIENTS = 200
_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
_QUOTED_ID = re.compile(r"(?im)^[ \t>]*message-id:\s*(<[^<>\s]{1,998}>)")
_BLOCKS = re.compile(rb"(?:\r?\n[ \t]*){2,}")
_DAEMON = re.compile(r"(?i)mailer[-_.]?daemon|postmaster")
_REPORTS = ("message/delivery-status", "message/global-delivery-status")
_COMPLAINT = "message/feedback-report"
_ORIGINALS = (
    "message/rfc822",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global",
    "message/global-headers",
)


def read_bounce(mail: Mail, author: Address | None, return_path: str | None, text: str) -> Bounce | None:
    """What the mail reports as undelivered, or None when it is no delivery report.

    Anyone can write one: it may mark an address as doubtful, never close or change a ticket.
    """
    recipients = [
        one for leaf in mail.leaves if leaf.media_type in _REPORTS for one in _recipients(leaf.body)
    ]
    named = mail.headers.addresses("x-failed-recipients")
    about = _original_id(mail, text)
    if mail.parameters.get("report-type", "").lower() == "feedback-report" or any(
        leaf.media_type == _COMPLAINT for leaf in mail.leaves
    ):
        return Bounce(about, (), is_complaint=True)
    from_daemon = author is not None and bool(_DAEMON.fullmatch(author.local_part[:100]))
    standard = bool(recipients) or mail.parameters.get("report-type", "").lower() == "delivery-status"
    if not standard and not named and not (from_daemon and return_path == ""):
        return None
    if not recipients:
        status = next(iter(_STATUS.findall(text[:20_000])), "")
        recipients = [FailedRecipient(one.address, "failed", status, "") for one in named]
    return Bounce(about, tuple(recipients[:MAX_RECIPIENTS]))


def _recipients(body: bytes) -> Iterable[FailedRecipient]:
    for block in _BLOCKS.split(body.strip()[:200_000])[: MAX_RECIPIENTS + 1]:
        fields = Headers(block)
        wanted = fields.text("final-recipient") or fields.text("original-recipient")
        if not wanted:
            continue
        spelled = parse_addresses(wanted.partition(";")[2].strip() or wanted)
        address = spelled[0].address if spelled else ""
        status = next(iter(_STATUS.findall(fields.text("status")[:200])), "")
        action = re.split(r"[\s;(]", fields.text("action").strip().lower(), maxsplit=1)[0][:40]
        yield FailedRecipient(address, action, status, fields.text("diagnostic-code")[:1_000])


def _original_id(mail: Mail, text: str) -> str | None:
    """From the returned mail itself, else as its text quotes it, else what the report says it answers."""
    for leaf in mail.leaves:
        if leaf.media_type in _ORIGINALS:
            ids = Headers(header_block(leaf.body[:300_000])).message_ids("message-id")
            if ids:
                return ids[0]
    quoted = _QUOTED_ID.search(text[:200_000])
    answered = (*mail.headers.message_ids("in-reply-to"), *reversed(mail.headers.message_ids("references")))
    return quoted[1] if quoted else next(iter(answered), None)
