"""Bounds on a mail's raw bytes, judged before anything is parsed, in linear time and little memory.

A mail beyond a bound is refused, which means kept whole in quarantine, never dropped. The bounds stand well above what
real mail needs: in 272 public test files the longest natural header block has 8 KiB, the longest header 2 KiB, the most
headers are 40, the most recipients 6, the most parameters 13, the most parts 53; 500 named recipients need some 40 KiB.
They stand below what hurts a parser: 20,000 encoded words, 10,000 recipients, 8,000 parameters, 100,000 parts, 800
nested comments. How long a line is harms nothing here and is not bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ecuanime.channels.email.reading.message import Refusal


@dataclass(frozen=True, slots=True)
class Limits:
    """The first three in bytes, the rest counts. Reaching a limit is allowed, going over it is not.

    `boundaries` bounds how deep multiparts can nest, since each level declares one; `parameters` holds for one header;
    `dashed_lines` are lines that may be a part's delimiter.
    """

    mail_bytes: int = 30 * 1024 * 1024
    header_block_bytes: int = 256 * 1024
    header_bytes: int = 128 * 1024
    headers: int = 1_000
    encoded_words: int = 2_000
    addresses: int = 2_000
    parameters: int = 200
    comment_depth: int = 32
    boundaries: int = 200
    parts: int = 1_000
    dashed_lines: int = 200_000


DEFAULT = Limits()

HEADER_END = re.compile(rb"\r?\n(?:\r?\n|[ \t]+\r?\n(?![ \t]|[!-9;-~]{1,100}[ \t]*:))|\r\r")
"""An empty line. One of blanks counts too, unless what follows shows that the headers go on."""
_LINE_END = re.compile(rb"\r\n|\n|\r")
_BOUNDARY = re.compile(rb'boundary\*?0?\*?[ \t]*=[ \t]*(?:\r?\n[ \t]+)?"?([^"\r\n;]{1,200})', re.IGNORECASE)
_ADDRESS_HEADERS = frozenset(
    {b"from", b"sender", b"reply-to", b"to", b"cc", b"bcc", b"resent-from", b"resent-to", b"resent-cc"}
)
_COMMENTED_HEADERS = _ADDRESS_HEADERS | {
    b"date",
    b"message-id",
    b"in-reply-to",
    b"references",
    b"content-type",
}
_PART_HEADERS = (b"\ncontent-type:", b"\ncontent-disposition:")


def check(raw: bytes, limits: Limits = DEFAULT) -> Refusal | None:
    """The first limit that `raw` breaks, or None."""
    if len(raw) > limits.mail_bytes:
        return Refusal("mail_too_large", len(raw), limits.mail_bytes)
    block = header_block(raw)
    if len(block) > limits.header_block_bytes:
        return Refusal("header_block_too_large", len(block), limits.header_block_bytes)
    for code, figure, limit in _figures(raw, block, limits):
        if figure > limit:
            return Refusal(code, figure, limit)
    return None


def header_block(raw: bytes) -> bytes:
    """The bytes before the first empty line; all of them when there is none."""
    start = len(raw) - len(raw.lstrip(b"\r\n \t"))
    end = HEADER_END.search(raw, start)
    return raw[start : end.start()] if end else raw[start:]


def header_lines(block: bytes) -> Iterator[bytes]:
    """Each header with its continuation lines, line ends taken out and folding blanks kept."""
    pending: list[bytes] = []
    for line in _LINE_END.split(block):
        if line[:1] in (b" ", b"\t") and pending:
            pending.append(line)
            continue
        if pending:
            yield b"".join(pending)
        pending = [line]
    if pending:
        yield b"".join(pending)


def _figures(raw: bytes, block: bytes, limits: Limits) -> Iterator[tuple[str, int, int]]:
    yield "too_many_headers", len(_LINE_END.findall(block)) + 1, limits.headers * 20
    yield "too_many_encoded_words", block.count(b"=?"), limits.encoded_words
    headers = list(header_lines(block))
    yield "too_many_headers", len(headers), limits.headers
    yield "header_too_large", max(map(len, headers), default=0), limits.header_bytes
    addresses = 0
    for header in headers:
        name = header.partition(b":")[0].strip().lower()
        if name in _ADDRESS_HEADERS:
            addresses += 1 + header.count(b",") + header.count(b";")
        if name in _COMMENTED_HEADERS:
            yield "comments_too_deep", _comment_depth(header), limits.comment_depth
    yield "too_many_addresses", addresses, limits.addresses
    yield "too_many_parameters", _most_parameters(raw), limits.parameters
    boundaries = {found.group(1).strip() for found in _BOUNDARY.finditer(raw)}
    yield "too_many_boundaries", len(boundaries), limits.boundaries
    yield "too_many_dashed_lines", raw.count(b"\n--"), limits.dashed_lines
    yield "too_many_parts", _delimiter_lines(raw, boundaries), limits.parts


def _comment_depth(header: bytes) -> int:
    depth = deepest = 0
    for byte in re.findall(rb"[()]", header):
        depth = depth + 1 if byte == b"(" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest


def _most_parameters(raw: bytes) -> int:
    lowered = b"\n" + raw.lower()
    most = 0
    for name in _PART_HEADERS:
        at = lowered.find(name)
        while at >= 0:
            end = at + len(name)
            while True:
                end = lowered.find(b"\n", end)
                if end < 0:
                    end = len(lowered)
                    break
                if lowered[end + 1 : end + 2] not in (b" ", b"\t"):
                    break
                end += 1
            most = max(most, lowered.count(b";", at, end))
            at = lowered.find(name, end)
    return most


def _delimiter_lines(raw: bytes, boundaries: set[bytes]) -> int:
    """Lines that open a part. The lengths are few and the candidates bounded, so this stays linear."""
    if not boundaries:
        return 0
    lengths = sorted({len(boundary) for boundary in boundaries})
    count = 0
    at = raw.find(b"\n--")
    while at >= 0:
        start = at + 3
        for length in lengths:
            if raw[start : start + length] in boundaries:
                count += raw[start + length : start + length + 2] != b"--"
                break
        at = raw.find(b"\n--", start - 1)
    return count
