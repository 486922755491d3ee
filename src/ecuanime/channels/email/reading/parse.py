"""From raw bytes to a `ParsedMail`. Runs in the child process; plain functions, so tests may call them directly."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field, replace

from ecuanime.channels.email.reading import automatic, bounces, tnef
from ecuanime.channels.email.reading.charsets import decode
from ecuanime.channels.email.reading.doubts import doubt_about, doubt_about_place
from ecuanime.channels.email.reading.filenames import safe_name, type_of
from ecuanime.channels.email.reading.headers import (
    Headers,
    decode_words,
    parse_addresses,
    parse_date,
    parse_parameters,
    unique,
)
from ecuanime.channels.email.reading.limits import header_block
from ecuanime.channels.email.reading.message import LOOP_HEADER, Address, Attachment, ParsedMail
from ecuanime.channels.email.reading.mime import Leaf, Mail, split_mail
from ecuanime.channels.email.reading.sealed import (
    MAX_DEPTH,
    PACKED,
    is_control,
    mark_of,
    signed_mail,
    without_armour,
)
from ecuanime.channels.email.reading.transfer import undo

_SUBJECT_LENGTH = 2_000
_ENVELOPE_TO = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to")
_SINGLE = ("from", "subject", "message-id", "date", "to", "content-type", "sender", "reply-to", "in-reply-to")
_MESSAGES = ("message/rfc822", "message/global")
_SHOWN_TYPES = ("text/plain", "text/html")
_CONTENT_ID = re.compile(r"<?([^<>\s]{1,300})>?")


Place = tuple[int, ...]


@dataclass(slots=True)
class _Words:
    """The mail's own text while it is gathered: per group of alternatives one text and one HTML."""

    texts: dict[Place, str] = field(default_factory=dict)
    htmls: dict[Place, str] = field(default_factory=dict)
    order: dict[Place, None] = field(default_factory=dict)

    def add(self, group: Place, media_type: str, text: str) -> None:
        self.order[group] = None
        kept = self.htmls if media_type == "text/html" else self.texts
        kept[group] = f"{kept[group]}\n{text}" if group in kept else text

    def text(self) -> str:
        """Empty when a passage exists only as HTML: half the words would be worse than none."""
        if any(group not in self.texts and self.htmls[group].strip() for group in self.order):
            return ""
        return "\n".join(self.texts[group] for group in self.order if group in self.texts)

    def html(self) -> str:
        if not self.htmls:
            return ""
        return "\n".join(
            self.htmls[group] if group in self.htmls else f"<pre>{html.escape(self.texts[group])}</pre>"
            for group in self.order
        )


def parse(raw: bytes) -> ParsedMail:
    """Read `raw`, which has passed `limits.check`. Whatever is damaged is read as far as it goes."""
    mail = split_mail(raw)
    words = _Words()
    attachments = _gather(mail, words)
    place = doubt_about_place(mail.defects)
    text, armoured = without_armour(words.text())
    attachments += [_armoured(code, block) for code, block in armoured]
    attachments = [replace(each, ambiguous=each.ambiguous or place) for each in attachments]
    # Where words stood in armour the text has all of them, and the HTML would show the armour.
    return _assembled(mail, text, "" if armoured else words.html(), attachments)


def _gather(mail: Mail, words: _Words, inside: Place = ()) -> list[Attachment]:
    """Put the text among the words and return the files; a signed envelope is opened and gathered in its place."""
    files: list[Attachment] = []
    for number, leaf in enumerate(mail.leaves, start=1):
        content, doubt = undo(leaf.body, leaf.headers.texts("content-transfer-encoding"))
        inner = signed_mail(mail, leaf, content) if len(inside) < MAX_DEPTH else None
        if inner is not None:
            files += _gather(inner, words, (*inside, number))
            mail.defects += inner.defects
        if _is_shown(leaf):
            words.add((*inside, leaf.group), leaf.media_type, _text(leaf, content))
            mail.defects += [doubt] if doubt else []
        elif not is_control(leaf, content):
            file = _attachment(leaf, content, doubt, number)
            mark = mark_of(mail, number, is_open=inner is not None)
            packed = _unpacked(file) if len(files) < tnef.MOST_FILES else []
            files += packed or [replace(file, ambiguous=file.ambiguous or mark)]
    return files


def _unpacked(file: Attachment) -> list[Attachment]:
    """What Outlook packed into a file, with that file, or nothing when it is not of that kind."""
    if file.media_type not in tnef.TYPES and file.name.lower() != "winmail.dat":
        return []
    return [replace(file, ambiguous=file.ambiguous or PACKED), *map(_from_pack, tnef.files_in(file.content))]


def _from_pack(packed: tnef.PackedFile) -> Attachment:
    media_type = type_of(packed.name)
    name = safe_name(packed.name, media_type, 1)
    doubt = doubt_about(Headers(b""), name, packed.content)
    return Attachment(name, media_type, packed.content, None, inline=False, ambiguous=doubt)


def _armoured(code: str, block: str) -> Attachment:
    return Attachment(f"{code}.asc", "text/plain", block.encode(), None, inline=False, ambiguous=code)


def _assembled(mail: Mail, text: str, markup: str, attachments: list[Attachment]) -> ParsedMail:
    top = mail.headers
    author = next(iter(top.addresses("from")), None)
    return_path = _return_path(top)
    report = mail.parameters.get("report-type", "").lower()
    return ParsedMail(
        message_id=next(iter(top.message_ids("message-id")), None),
        in_reply_to=top.message_ids("in-reply-to"),
        references=top.message_ids("references"),
        author=author,
        sender=next(iter(top.addresses("sender")), None),
        reply_to=top.addresses("reply-to"),
        to=top.addresses("to"),
        cc=top.addresses("cc"),
        subject=top.words("subject")[:_SUBJECT_LENGTH],
        date=parse_date(top.text("date")),
        body_text=text,
        body_html=markup,
        attachments=tuple(attachments),
        automatic=automatic.judge(top, author, return_path, mail.media_type, report),
        bounce=bounces.read_bounce(mail, author, return_path, text),
        return_path=return_path,
        delivered_to=unique(one.address for one in top.addresses(*_ENVELOPE_TO)),
        authentication_results=tuple(top.texts("authentication-results")),
        loop_marks=tuple(top.texts(LOOP_HEADER.lower())),
        hops=len([1 for name, _ in top.fields if name == "received"]),
        defects=tuple(dict.fromkeys([*_header_defects(top), *mail.defects])),
    )


def _header_defects(top: Headers) -> list[str]:
    defects = [f"{name.replace('-', '_')}_repeated" for name in _SINGLE if len(top.raw(name)) > 1]
    if not top.fields:
        defects.append("headers_missing")
    if len(top.addresses("from")) > 1 and "from_repeated" not in defects:
        defects.append("from_repeated")
    if top.text("date") and parse_date(top.text("date")) is None:
        defects.append("date_unreadable")
    return defects


def _return_path(top: Headers) -> str | None:
    """None when absent, empty for the null path of automatic mail."""
    values = top.texts("return-path")
    if not values:
        return None
    found: list[Address] = parse_addresses(values[0])
    return found[0].address if found else ""


def _is_shown(leaf: Leaf) -> bool:
    """The mail's own words: text or HTML, not sent as a file."""
    if leaf.media_type not in _SHOWN_TYPES:
        return False
    disposition = parse_parameters(leaf.headers.text("content-disposition"))[0]
    return disposition != "attachment" and not _offered_name(leaf)


def _text(leaf: Leaf, content: bytes) -> str:
    text = decode(content, leaf.parameters.get("charset")).replace("\r\n", "\n").replace("\r", "\n")
    if leaf.media_type == "text/plain" and leaf.parameters.get("format", "").lower() == "flowed":
        return _unflowed(text, delete_space=leaf.parameters.get("delsp", "").lower() == "yes")
    return text


def _unflowed(text: str, *, delete_space: bool) -> str:
    """Soft line ends of format=flowed (RFC 3676) joined, within one quote depth; `-- ` stays a line of its own."""
    lines: list[str] = []
    open_depth: int | None = None
    for raw_line in text.split("\n"):
        body = raw_line.lstrip(">")
        depth = len(raw_line) - len(body)
        body = body.removeprefix(" ")
        flows = body.endswith(" ") and body != "-- "
        shown = body[:-1] if flows and delete_space else body
        if open_depth == depth and body != "-- ":
            lines[-1] += shown
        else:
            lines.append(f"{'>' * depth} {shown}" if depth else shown)
        open_depth = depth if flows else None
    return "\n".join(lines)


def _offered_name(leaf: Leaf) -> str:
    disposition = parse_parameters(leaf.headers.text("content-disposition"))[1]
    return disposition.get("filename", "").strip() or leaf.parameters.get("name", "").strip()


def _attachment(leaf: Leaf, content: bytes, doubt: str | None, number: int) -> Attachment:
    offered = _offered_name(leaf)
    if not offered and leaf.media_type in _MESSAGES:
        subject = Headers(header_block(content[:300_000])).words("subject")[:100]
        offered = f"{subject.replace('/', '-')}.eml" if subject else ""
    disposition = parse_parameters(leaf.headers.text("content-disposition"))[0]
    content_id = _CONTENT_ID.match(decode_words(leaf.headers.text("content-id")))
    name = safe_name(offered, leaf.media_type, number)
    return Attachment(
        name=name,
        media_type=leaf.media_type,
        content=content,
        content_id=content_id[1] if content_id else None,
        inline=bool(content_id) and (leaf.related or disposition == "inline"),
        ambiguous=doubt or doubt_about(leaf.headers, name, content),
    )
