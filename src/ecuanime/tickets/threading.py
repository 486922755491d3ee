"""How a mail finds its ticket again: tokens, reply addresses, Message-IDs and their hashes.

The token is random (160 bits) and is the proof; a ticket's number in a subject proves nothing.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets

from ecuanime.delivery.models import Mailbox
from ecuanime.tickets.models import Ticket

TOKEN = re.compile(r"[a-z2-7]{32}")
LONGEST_LOCAL_PART = 64
DOMAIN_WITHOUT_MAILBOX = "ecuanime.invalid"


def new_ticket_token() -> str:
    """160 random bits in lower-case base32: 32 characters that survive any mail system in an address."""
    return base64.b32encode(secrets.token_bytes(20)).decode().lower()


def reply_address(ticket: Ticket, mailbox: Mailbox | None) -> str:
    """Where answers to this ticket come to, `support+token@…`; empty when the mailbox cannot do that."""
    if mailbox is None or not mailbox.plus_addressing:
        return ""
    local, _, domain = mailbox.address.rpartition("@")
    tagged = f"{local}+{ticket.token}"
    return f"{tagged}@{domain}" if len(tagged) <= LONGEST_LOCAL_PART else ""


def new_message_id(ticket: Ticket, mailbox: Mailbox | None) -> str:
    """A Message-ID that carries the ticket's token, `<token.random@domain>`."""
    domain = mailbox.address.rpartition("@")[2] if mailbox else DOMAIN_WITHOUT_MAILBOX
    return f"<{ticket.token}.{secrets.token_hex(12)}@{domain}>"


def token_in(text: str) -> str:
    """The ticket token in an address of ours (`local+token@…`) or a Message-ID of ours, or nothing."""
    local = text.strip().removeprefix("<").rpartition("@")[0].lower()
    for candidate in (local.rpartition("+")[2], local.partition(".")[0]):
        if TOKEN.fullmatch(candidate):
            return candidate
    return ""


def without_token(address: str) -> str:
    """The plain address of a mailbox, `support@…`, also when a token stands in it."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def message_id_hash(message_id: str) -> str:
    """SHA-256 of a Message-ID, under which messages are found; empty stays empty."""
    return hashlib.sha256(message_id.encode("utf-8", "replace")).hexdigest() if message_id else ""
