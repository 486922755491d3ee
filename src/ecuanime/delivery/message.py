"""An outgoing mail as the bytes that travel."""

from __future__ import annotations

import re
from collections.abc import Iterable
from email.header import Header
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UniqueAddressHeader, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from typing import Any

from ecuanime.delivery.models import Mailbox, OutgoingMail
from ecuanime.delivery.text import keepable, message_ids, one_line
from ecuanime.foundation.files import read

LOOP_HEADER = "X-Ecuanime-Loop"
"""On every automatic mail: one that comes back with it is our own echo and is never answered."""


_MEDIA_TYPE = re.compile(r"(application|audio|font|image|video)/([a-z0-9][a-z0-9.+-]{0,80})")
"""Attached under their own type; all else, text included, as plain bytes, which no mailer rewrites."""


class _IdList(UnstructuredHeader, BaseHeader):
    """A header of Message-IDs, one to a line: the standard folding would encode a long id and so break the thread."""

    def fold(self, *, policy: Any) -> str:
        """Each id on its own line, as it is."""
        return f"{self.name}: " + f"{policy.linesep} ".join(str(self).split()) + str(policy.linesep)


class _Words(UnstructuredHeader, BaseHeader):
    """A header of free text: the standard folding of some Python versions loses spaces between encoded words."""

    def fold(self, *, policy: Any) -> str:
        """Encoded by the older class, which keeps them."""
        return f"{self.name}: {_encoded(str(self), self.name, policy.linesep)}{policy.linesep}"


class _Sender(UniqueAddressHeader, BaseHeader):  # type: ignore[misc]  # the registry mixes them in the same way
    """The one address in From, its name encoded in the same way."""

    def fold(self, *, policy: Any) -> str:
        """The name, and the address on a line of its own where the name had to be encoded."""
        sender: Address = self.addresses[0]
        if sender.display_name.isascii():
            return f"{self.name}: {formataddr((sender.display_name, sender.addr_spec))}{policy.linesep}"
        name = _encoded(sender.display_name, self.name, policy.linesep)
        return f"{self.name}: {name}{policy.linesep} <{sender.addr_spec}>{policy.linesep}"


def _encoded(text: str, name: str, linesep: str) -> str:
    """One line of text as it travels. A word that came encoded was decoded meanwhile, and may hold a line break."""
    plain = one_line(text, 998)
    charset = "us-ascii" if plain.isascii() else "utf-8"
    return Header(plain, charset, maxlinelen=76, header_name=name).encode(linesep=linesep)


_headers = HeaderRegistry()
_headers.map_to_type("subject", _Words)
_headers.map_to_type("from", _Sender)
for _name in ("message-id", "in-reply-to", "references"):
    _headers.map_to_type(_name, _IdList)
POLICY = SMTP.clone(cte_type="7bit", header_factory=_headers)
"""Everything as seven-bit text, so that no server on the way has to convert, and a signature over it would hold."""


def build_message(mail: OutgoingMail, mailbox: Mailbox) -> EmailMessage:
    """The whole message. Its Message-ID and date are those of the row, so that every try is the same mail.

    Raises `FileNotFoundError` when an attachment's bytes are gone.
    """
    message = EmailMessage(policy=POLICY)
    message["From"] = Address(one_line(mailbox.display_name, 120), addr_spec=mailbox.address)
    message["To"] = _addresses(mail.to)
    if mail.cc:
        message["Cc"] = _addresses(mail.cc)
    if mail.reply_to:
        message["Reply-To"] = _addresses([mail.reply_to])
    message["Subject"] = one_line(mail.subject, 400)
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = mail.message_id
    for name, value in (("In-Reply-To", mail.in_reply_to), ("References", mail.references)):
        if ids := message_ids(value):
            message[name] = " ".join(ids)
    if mail.kind == OutgoingMail.Kind.AUTOMATIC:
        _mark_as_automatic(message, mail)
    message.set_content(keepable(mail.text))
    if mail.html:
        message.add_alternative(keepable(mail.html), subtype="html")
    _attach_files(message, mail)
    return message


def _addresses(plain: Iterable[str]) -> tuple[Address, ...]:
    return tuple(Address(addr_spec=address) for address in plain)


def _mark_as_automatic(message: EmailMessage, mail: OutgoingMail) -> None:
    """RFC 3834, and what Exchange and other help desks look at, so that no machine answers ours."""
    message["Auto-Submitted"] = "auto-replied" if mail.in_reply_to else "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message[LOOP_HEADER] = one_line(mail.purpose, 40) or "automatic"


def _attach_files(message: EmailMessage, mail: OutgoingMail) -> None:
    for item in mail.attachments.order_by("pk"):
        known = _MEDIA_TYPE.fullmatch(item.media_type.lower())
        main, sub = (known[1], known[2]) if known else ("application", "octet-stream")
        name = one_line(item.name, 200).replace("/", "_").replace("\\", "_") or "file"
        message.add_attachment(read(item.file_id), maintype=main, subtype=sub, filename=name)
