"""What reading a mail gives: one of `ParsedMail`, `Refusal` or `Unreadable`. Frozen values, no behaviour to speak of.

All text is valid Unicode without NUL or lone surrogates, so it can go straight into PostgreSQL. Everything in here was
written by a stranger: names, addresses and file names are data, never markup, paths or proof of who sent them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

LOOP_HEADER = "X-Ecuanime-Loop"
"""Our own mark on every mail that leaves; a mail that comes back with it is our own echo."""


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox of an address header. `address` keeps the local part as written, its domain is lower case."""

    name: str
    address: str

    @property
    def local_part(self) -> str:
        return self.address.rpartition("@")[0]

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is not the mail's own text. `name` is safe to show and to offer for download, and never empty.

    `media_type` is only what the sender claims. `ambiguous` says in a code why the bytes may not be what the sender
    meant (`base64_damaged`, `encoding_unknown`, `cut_short`, `encoding_repeated`), why the file is not offered as
    clean (see `doubts`) or that it only carries the mail (see `sealed`), or is None.
    """

    name: str
    media_type: str
    content: bytes
    content_id: str | None
    inline: bool
    ambiguous: str | None

    @property
    def size(self) -> int:
        return len(self.content)


@dataclass(frozen=True, slots=True)
class Automatic:
    """Whether a machine wrote the mail. `reasons` are codes, each naming the header or trait that says so.

    `answerable` is the rule for everything that writes back by itself. `is_reply` (out of office, acknowledgements)
    and a bounce open no ticket; a list post or a no-reply notice may, but gets no answer from a machine.
    """

    reasons: tuple[str, ...] = ()
    is_reply: bool = False

    @property
    def answerable(self) -> bool:
        return not self.reasons


@dataclass(frozen=True, slots=True)
class FailedRecipient:
    """One recipient of a delivery report: `action` failed, delayed, delivered…; `status` as 5.1.1; `diagnostic` the
    other server's words."""

    address: str
    action: str
    status: str
    diagnostic: str


@dataclass(frozen=True, slots=True)
class Bounce:
    """A delivery report (RFC 3464, or the old free form): which of our mails it speaks of and how each recipient fared.

    `final` is False when every recipient is only delayed. `is_complaint` (RFC 5965) means that it arrived, and that
    somebody called it spam.
    """

    original_message_id: str | None
    recipients: tuple[FailedRecipient, ...]
    is_complaint: bool = False

    @property
    def final(self) -> bool:
        return not self.recipients or any(one.action == "failed" for one in self.recipients)


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A mail, read. Message ids keep their angle brackets. `body_html` is raw: it reaches a screen only through
    `clean.clean_html`.

    `author` is the first address of the first From header; `defects` has `from_repeated` when there were more, and
    names whatever else had to be repaired. `references` runs oldest to newest. `date` is aware, or None when absent
    or nonsense. `delivered_to` holds the envelope's recipients as servers noted them (Delivered-To, X-Original-To,
    Envelope-To), the surest way to know which of our addresses was meant. `authentication_results` are the raw
    header values, topmost first: only those written by our own server prove anything. `loop_marks` are the values of
    `LOOP_HEADER`. `hops` counts Received headers.
    """

    message_id: str | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    author: Address | None
    sender: Address | None
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    date: datetime | None
    body_text: str
    body_html: str
    attachments: tuple[Attachment, ...]
    automatic: Automatic
    bounce: Bounce | None
    return_path: str | None
    delivered_to: tuple[str, ...]
    authentication_results: tuple[str, ...]
    loop_marks: tuple[str, ...]
    hops: int
    defects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """The raw bytes go beyond a limit and were not parsed: `figure` was found where `limit` is allowed."""

    code: str
    figure: int
    limit: int


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Parsing was tried and did not end well: `timeout`, `memory`, `crashed` or `failed`. `detail` is for the log."""

    code: str
    detail: str


Reading = ParsedMail | Refusal | Unreadable
