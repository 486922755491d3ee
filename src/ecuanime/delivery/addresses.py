"""Addresses that mail of ours came back from: marked, told before anybody writes there again, and forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from ecuanime.delivery.models import OutgoingMail, ReturnedAddress
from ecuanime.delivery.text import one_line
from ecuanime.foundation.prepared import prepared
from ecuanime.foundation.remembering import remembered

_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_REPLY_CODE = re.compile(r"\b([245]\d\d)\b")
_ABOUT_THE_MAIL = {("2", "2"), ("2", "3"), ("3", "4")}
"""A full mailbox, and a mail that is too large: somebody is there all the same. So it is when 5.6 or 5.7 is said."""


def is_gone(words: str) -> bool:
    """Whether a server's words mean that nobody is at the address, not that it disliked this one mail."""
    status = _STATUS.search(words)
    if status is not None:
        about_mail = status[2] in ("6", "7") or (status[2], status[3]) in _ABOUT_THE_MAIL
        return status[1] == "5" and not about_mail
    code = _REPLY_CODE.search(words)
    return code is not None and code[1] in ("550", "551", "553")


@transaction.atomic
def mark_returned(*, mail: OutgoingMail, addresses: Iterable[str], words: str, now: datetime) -> None:
    """Remember that mail to these addresses came back, with the other server's words; the latest words stay."""
    if not is_gone(words):
        return
    said = {"mail": mail, "words": one_line(words, 400), "returned_at": now}
    for address in sorted({address.lower() for address in addresses}):
        ReturnedAddress.objects.update_or_create(address=address, defaults=said)


def forget_returned(*, address: str) -> bool:
    """Take the mark away: somebody writes from there, or says that it works again. Whether there was one."""
    return bool(ReturnedAddress.objects.filter(address=address.strip().lower()).delete()[0])


@remembered
def is_returned(address: str) -> bool:
    """Whether mail of ours came back from this address."""
    return bool(returned_among([address]))


def returned_among(addresses: Iterable[str]) -> list[ReturnedAddress]:
    """Those of the addresses that mail came back from, in order of address."""
    plain = {address.strip().lower() for address in addresses}
    return _returned(addresses=list(plain)) if plain else []


@prepared
def _returned(*, addresses: list[str]) -> QuerySet[ReturnedAddress]:
    return ReturnedAddress.objects.filter(address__any_of=addresses).order_by("address")
