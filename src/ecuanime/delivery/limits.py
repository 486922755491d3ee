"""How much mail the product may write by itself, so that two machines never answer each other for long."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from ecuanime.delivery.addresses import returned_among
from ecuanime.delivery.models import Mailbox, OutgoingMail
from ecuanime.delivery.queries import own_addresses
from ecuanime.delivery.text import clean_address
from ecuanime.foundation.errors import Refused

PER_SUBJECT = ((timedelta(hours=1), 3), (timedelta(days=1), 6))
PER_ADDRESS = ((timedelta(hours=1), 10), (timedelta(days=1), 20))
"""At most so many automatic mails within each window: the longer the window, the fewer per hour."""

FIRST_DAY = 50
GROWING_DAYS = 10
"""A new address sends so many mails on its first day, twice as many on each that follows, and then as it likes."""

SIGNS_IN = ("account", "portal_access", "express_proof", "case_link")
"""Somebody waits for these at the door: they are never held back, and what they open is not for the team to read."""

_MACHINES = re.compile(
    r"(mailer[-_.]?daemon|postmaster|bounces?|mail-?daemon|abuse|noc|root|www-data)([-_.+=].*)?"
    r"|(.*[-_.+])?(no|do[-_.]?not|non|ne)[-_.]?(reply|replay|responder|respuesta|response|antwort)([-_.+].*)?"
)


def may_send_automatic(*, address: str, subject_key: str, now: datetime) -> bool:
    """Whether one more automatic mail to `address` about `subject_key` is within the limits.

    Never to no-reply addresses, daemons, the firm's own mailboxes (with or without a token), addresses that mail came
    back from, or what is no address.
    Counts every automatic mail to the address, whatever its purpose.
    """
    try:
        plain = clean_address(address).lower()
    except Refused:
        return False
    local, _, domain = plain.rpartition("@")
    if _MACHINES.fullmatch(local) or f"{local.partition('+')[0]}@{domain}" in own_addresses():
        return False
    if returned_among([plain]):
        return False
    sent = OutgoingMail.objects.filter(
        kind=OutgoingMail.Kind.AUTOMATIC, created_at__gt=now - timedelta(days=1)
    ).filter(to__contains=[plain])
    times = list(sent.values_list("created_at", "subject_key")[: PER_ADDRESS[-1][1]])
    about = [at for at, key in times if key == subject_key]
    return _within(PER_ADDRESS, [at for at, _key in times], now) and (
        not subject_key or _within(PER_SUBJECT, about, now)
    )


def has_room(mail: OutgoingMail, mailbox: Mailbox, now: datetime) -> bool:
    """Whether a mailbox that still grows may send this one now; machines leave a fifth of its room to people."""
    if mailbox.warms_up_since is None or mail.purpose in SIGNS_IN:
        return True
    days = (now - mailbox.warms_up_since) // timedelta(days=1)
    if days >= GROWING_DAYS:
        return True
    most = FIRST_DAY << max(days, 0)
    if mail.kind == OutgoingMail.Kind.AUTOMATIC:
        most = most * 4 // 5
    sent = OutgoingMail.objects.filter(mailbox=mailbox, sent_at__gt=now - timedelta(days=1))
    return sent[:most].count() < most


def _within(limits: tuple[tuple[timedelta, int], ...], times: list[datetime], now: datetime) -> bool:
    return all(sum(at > now - window for at in times) < most for window, most in limits)
