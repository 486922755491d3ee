"""What actions on tickets are given: a message as it came in, and its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ecuanime.clients.models import Contact
from ecuanime.foundation.models import StoredFile


@dataclass(frozen=True)
class FileGiven:
    """A file of a message, already stored by hash. `ambiguous` says why its kind is doubtful, or is empty."""

    file: StoredFile
    name: str
    media_type: str
    content_id: str = ""
    is_inline: bool = False
    ambiguous: str = ""


@dataclass(frozen=True)
class MessageGiven:
    """A client's message, from mail, portal, API or written down by somebody of the firm.

    `html` must already be cleaned. `message_id` is the mail's, with its angle brackets. An `is_automatic` message is
    kept on the thread but wakes nothing: it does not reopen, count as unread or make the client wait, unless
    `wakes` says so (a monitoring notice, say). `authenticity` is one of `Authenticity`, or empty.
    """

    text: str
    channel: str
    from_name: str = ""
    from_email: str = ""
    contact: Contact | None = None
    to: Sequence[str] = ()
    cc: Sequence[str] = ()
    quoted_text: str = ""
    html: str = ""
    quoted_html: str = ""
    remote_images: int = 0
    is_automatic: bool = False
    wakes: bool | None = None
    message_id: str = ""
    authenticity: str = ""
    authenticity_words: str = ""
    written_at: datetime | None = None
    files: Sequence[FileGiven] = ()


@dataclass(frozen=True)
class ContactGiven:
    """A person of a client who is not known yet."""

    name: str
    email: str
