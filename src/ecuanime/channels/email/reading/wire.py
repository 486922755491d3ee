"""What parent and child say to each other over a pipe: frames of eight length bytes and content.

An answer is one JSON frame and one frame for each attachment. Nothing is unpickled: the child read hostile bytes.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from ecuanime.channels.email.reading.message import (
    Address,
    Attachment,
    Automatic,
    Bounce,
    FailedRecipient,
    ParsedMail,
)

LENGTH = struct.Struct(">Q")


def frame(content: bytes) -> bytes:
    return LENGTH.pack(len(content)) + content


def pack(mail: ParsedMail) -> list[bytes]:
    """The frames' contents for `mail`: JSON first, then the bytes of each attachment."""
    bare = replace(mail, attachments=tuple(replace(one, content=b"") for one in mail.attachments))
    fields: dict[str, Any] = asdict(bare)
    for one, attachment in zip(fields["attachments"], mail.attachments, strict=True):
        one["content"] = attachment.size
    fields["date"] = mail.date.isoformat() if mail.date else None
    header = json.dumps({"mail": fields}, ensure_ascii=False).encode("utf-8", "replace")
    return [header, *(one.content for one in mail.attachments)]


def pack_failure(code: str, detail: str) -> list[bytes]:
    return [json.dumps({"failure": [code, detail[:500]]}).encode()]


def attachment_sizes(answer: dict[str, Any]) -> list[int]:
    """How many bytes each following frame will hold."""
    return [int(one["content"]) for one in answer["mail"]["attachments"]]


def unpack(answer: dict[str, Any], contents: Sequence[bytes]) -> ParsedMail:
    """The mail from its JSON and its attachments' bytes. Raises KeyError, TypeError or ValueError on a bad answer."""
    fields = dict(answer["mail"])
    for name in ("author", "sender"):
        fields[name] = Address(**fields[name]) if fields[name] else None
    for name in ("reply_to", "to", "cc"):
        fields[name] = tuple(Address(**one) for one in fields[name])
    for name in (
        "in_reply_to",
        "references",
        "delivered_to",
        "authentication_results",
        "loop_marks",
        "defects",
    ):
        fields[name] = tuple(fields[name])
    fields["date"] = datetime.fromisoformat(fields["date"]) if fields["date"] else None
    fields["attachments"] = tuple(
        Attachment(**{**one, "content": content})
        for one, content in zip(fields["attachments"], contents, strict=True)
    )
    judged = fields["automatic"]
    fields["automatic"] = Automatic(tuple(judged["reasons"]), judged["is_reply"])
    if fields["bounce"]:
        recipients = tuple(FailedRecipient(**one) for one in fields["bounce"]["recipients"])
        told = fields["bounce"]
        fields["bounce"] = Bounce(told["original_message_id"], recipients, told["is_complaint"])
    return ParsedMail(**fields)
