"""Header values as a help desk needs them: words, addresses, message ids, dates, parameters.

Written for hostile input: one pass over each value, no recursion, every list bounded. The standard library's parser is
not used, because it needs gigabytes for a subject of many encoded words and recurses on nested comments.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import unquote_to_bytes

from ecuanime.channels.email.reading.charsets import decode, tidy
from ecuanime.channels.email.reading.limits import header_lines
from ecuanime.channels.email.reading.message import Address

MAX_ADDRESSES = 2_000
MAX_REFERENCES = 100
MAX_PARAMETERS = 200
MAX_VALUES = 50

_ENCODED_WORD = re.compile(r"=\?([^?\s*]{1,40})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?]*)\?=")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,998}>")
_PARAMETER = re.compile(r';\s*([^\s=;"]{1,80})\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)', re.DOTALL)
_SECTION = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?")
_ADDRESS_PIECE = re.compile(r'\\.|[^"()<>,;:\\]+|.', re.DOTALL)
_MAILBOX = re.compile(r"<([^<>\s@]{1,200}@[^<>\s@]{1,200})>")
_COMMENT = re.compile(r"\([^()]*\)")
_NAME = re.compile(rb"[!-9;-~]{1,100}")


class Headers:
    """The header fields of a mail or a part, in order, looked up by lower-case name."""

    def __init__(self, block: bytes) -> None:
        self.fields: list[tuple[str, bytes]] = []
        for line in header_lines(block):
            name, colon, value = line.partition(b":")
            name = name.rstrip()
            if colon and _NAME.fullmatch(name):
                self.fields.append((name.decode("ascii").lower(), value.strip()))

    def raw(self, name: str) -> list[bytes]:
        return [value for field, value in self.fields if field == name][:MAX_VALUES]

    def texts(self, name: str) -> list[str]:
        """Every value as text, encoded words left alone. Raw eight-bit values are taken for the body's charset."""
        return [decode(value, None if value.isascii() else self._charset()) for value in self.raw(name)]

    def _charset(self) -> str | None:
        declared = b"".join(self.raw("content-type")[:1]).decode("ascii", "replace")
        return parse_parameters(declared)[1].get("charset")

    def text(self, name: str) -> str:
        """The first value as text, or nothing."""
        return next(iter(self.texts(name)), "")

    def words(self, name: str) -> str:
        """The first value with its encoded words decoded."""
        return decode_words(self.text(name))

    def addresses(self, *names: str) -> tuple[Address, ...]:
        found: list[Address] = []
        for name in names:
            for value in self.texts(name):
                found.extend(parse_addresses(value))
        return tuple(found[:MAX_ADDRESSES])

    def message_ids(self, name: str) -> tuple[str, ...]:
        """Every `<id>` of the named fields, oldest first; of too many the newest stay.

        Some mailers write a long id as an encoded word, which the standard forbids; it is read all the same.
        """
        ids: dict[str, None] = {}
        for text in self.texts(name):
            value = decode_words(text) if "=?" in text else text
            found = _MESSAGE_ID.findall(value)
            bare = value.strip()
            if not found and 0 < len(bare) <= 998 and "@" in bare and not re.search(r"[\s<>]", bare):
                found = [f"<{bare}>"]
            ids.update(dict.fromkeys(found))
        return tuple(ids)[-MAX_REFERENCES:]


def decode_words(text: str) -> str:
    """Encoded words (RFC 2047) decoded. Neighbours of one charset are joined first: many mailers split characters."""
    out: list[str] = []
    run: list[bytes] = []
    charset = ""
    at = 0
    for word in _ENCODED_WORD.finditer(text):
        gap = text[at : word.start()]
        same = run and not gap.strip() and word[1].lower() == charset
        if not same:
            out.append(decode(b"".join(run), charset) if run else "")
            out.append("" if run and not gap.strip() else gap)
            run = []
        charset = word[1].lower()
        run.append(_word_bytes(word[2], word[3]))
        at = word.end()
    out.append(decode(b"".join(run), charset) if run else "")
    out.append(text[at:])
    return re.sub(r"[\r\n\t]+", " ", tidy("".join(out))).strip()


def parse_addresses(value: str) -> list[Address]:
    """The mailboxes of an address list. Groups are flattened, comments serve as names where there is none."""
    found: list[Address] = []
    box = _Box()
    for piece in _ADDRESS_PIECE.findall(value):
        if len(found) >= MAX_ADDRESSES:
            break
        if box.inside_comment_or_quotes(piece):
            continue
        if piece == "<":
            box.angled, box.angle = True, []
        elif piece == ">":
            box.angled = False
        elif piece in ",;" and not box.angled:
            box.close(found)
            box = _Box()
        elif piece == ":" and not box.angled and "@" not in "".join(box.words):
            box = _Box()
        else:
            box.add(piece)
    box.close(found)
    return found[:MAX_ADDRESSES]


class _Box:
    """One mailbox while it is being read."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.angle: list[str] | None = None
        self.comment: list[str] = []
        self.depth = 0
        self.quoted = self.angled = False

    def add(self, piece: str) -> None:
        (self.angle if self.angled and self.angle is not None else self.words).append(piece)

    def inside_comment_or_quotes(self, piece: str) -> bool:
        """Take in a piece that belongs to a comment or a quoted string, or opens or ends one."""
        if self.depth:
            self.depth += (piece == "(") - (piece == ")")
            self.comment.append(piece)
        elif piece == '"':
            self.quoted = not self.quoted
            if self.angled:
                self.add(piece)
        elif self.quoted:
            self.add(piece[1] if len(piece) == 2 and piece[0] == "\\" else piece)
        elif piece == "(":
            self.depth = 1
        else:
            return False
        return True

    def close(self, found: list[Address]) -> None:
        words = "".join(self.words).strip()
        unclosed = _MAILBOX.search(words) if self.quoted else None
        if unclosed:
            words, self.angle = words[: unclosed.start()], [unclosed[1]]
        comment = "".join(self.comment).removesuffix(")")
        if self.angle is None:
            candidates, name = re.split(r"\s+", words), comment
            address = next((one for one in candidates if "@" in one), "" if len(candidates) > 1 else words)
        else:
            address, name = "".join(self.angle).rpartition(":")[2], words or comment
        address = re.sub(r"\s+", "", tidy(decode_words(address) if "=?" in address else address))[:320]
        local, at, domain = address.rpartition("@")
        if address:
            shown = decode_words(name).strip(" '\"")[:200]
            found.append(Address(shown, f"{local}{at}{domain.lower()}" if at else address))


def parse_date(text: str) -> datetime | None:
    """The moment, aware; a date without a zone counts as UTC. None when it is nonsense or no mail can be that old."""
    plain = _COMMENT.sub(" ", text[:200]).strip()
    try:
        when = parsedate_to_datetime(plain)
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        return when if 1971 <= when.astimezone(UTC).year <= 2100 else None
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None


def parse_parameters(value: str) -> tuple[str, dict[str, str]]:
    """A structured value as its lower-case head and its parameters, RFC 2231 pieces put together."""
    head = value.partition(";")[0].strip().lower()
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for count, found in enumerate(_PARAMETER.finditer(value)):
        if count >= MAX_PARAMETERS:
            break
        section = _SECTION.fullmatch(found[1].lower())
        if section is None:
            continue
        text = found[2].strip()
        if text.startswith('"') and text.endswith('"') and len(text) > 1:
            text = re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)
        pieces.setdefault(section[1], []).append((int(section[2] or 0), bool(section[3]), text))
    return head, {name: _join_sections(parts) for name, parts in pieces.items()}


def _join_sections(parts: list[tuple[int, bool, str]]) -> str:
    """One parameter from its sections. The extended form wins over a plain one of the same name; else the first."""
    extended = [part for part in parts if part[1]]
    numbered = len({number for number, _, _ in parts}) > 1
    if not extended and not numbered:
        return decode_words(parts[0][2])
    chosen = sorted(parts if numbered else extended[:1], key=lambda part: part[0])
    charset = ""
    if chosen[0][1] and chosen[0][2].count("'") >= 2:
        charset, _, rest = chosen[0][2].split("'", 2)
        chosen[0] = (chosen[0][0], True, rest)
    data = b"".join(
        unquote_to_bytes(text) if encoded else text.encode("utf-8", "replace") for _, encoded, text in chosen
    )
    joined = decode(data, charset or None)
    return joined if extended else decode_words(joined)


def unique(values: Iterable[str]) -> tuple[str, ...]:
    """Without repeats and blanks, in order, bounded."""
    return tuple(dict.fromkeys(value for value in values if value))[:MAX_VALUES]


def _word_bytes(kind: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if kind in "qQ":
        return binascii.a2b_qp(data, header=True)
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    kept = kept[:-1] if len(kept) % 4 == 1 else kept
    return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))
