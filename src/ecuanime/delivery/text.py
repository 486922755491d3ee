"""Making safe what a mail is built from: no line of a header, no address and no text can smuggle in another line."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from ecuanime.foundation.errors import Refused

_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_UNKEEPABLE = re.compile(r"[\x00\ud800-\udfff]")
_PLAIN_LOCAL_PART = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,500}>")
LONGEST_LOCAL_PART = 64


def one_line(text: str, limit: int) -> str:
    """`text` as one line for a header: control characters and line breaks of every kind become one space."""
    return " ".join(_BREAKS.sub(" ", text).split())[:limit].rstrip()


def keepable(text: str) -> str:
    """`text` with its lines ended by LF and without what PostgreSQL and UTF-8 cannot hold."""
    return _UNKEEPABLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def clean_address(address: str) -> str:
    """`address` as it can be written to: ASCII local part as given, domain in lower-case IDNA.

    Refuses `bad_address`.
    """
    local, _at, domain = address.strip().rpartition("@")
    try:
        plain = f"{local}@{domain.encode('idna').decode().lower()}"
        validate_email(plain)
    except (ValidationError, UnicodeError):
        plain = ""
    if (
        not plain
        or len(plain) > 254
        or len(local) > LONGEST_LOCAL_PART
        or not _PLAIN_LOCAL_PART.fullmatch(local)
    ):
        shown = one_line(address, 100)
        raise Refused(
            "bad_address", _("“%(address)s” is not an e-mail address. Correct it.") % {"address": shown}
        )
    return plain


def clean_addresses(addresses: Iterable[str]) -> list[str]:
    """Each address once, cleaned, in order. Refuses `bad_address`."""
    found: dict[str, str] = {}
    for address in addresses:
        plain = clean_address(address)
        found.setdefault(plain.lower(), plain)
    return list(found.values())


def message_ids(text: str, limit: int = 20) -> list[str]:
    """The Message-IDs in a References value, each once; of too many the first and the newest stay."""
    found = list(dict.fromkeys(_MESSAGE_ID.findall(_BREAKS.sub(" ", text))))
    return found if len(found) <= limit else [found[0], *found[-(limit - 1) :]]
