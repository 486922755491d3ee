"""A mail's bytes into its leaves: the parts that contain no other part. Positions are found, bytes are not copied.

A nested message (`message/rfc822`) is a leaf: it is kept as the exact bytes that came, to be opened as a mail of its
own. Lost boundaries, missing ends and too deep nesting give leaves all the same, with a defect named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ecuanime.channels.email.reading.headers import Headers, parse_parameters
from ecuanime.channels.email.reading.limits import HEADER_END, header_block

MAX_DEPTH = 32
MAX_LEAVES = 2_000
_MAX_PART_HEADERS = 64 * 1024
_FIRST_BLANK = re.compile(rb"[ \t]*(?:\r?\n|\Z)")
_HEADER_START = re.compile(rb"[!-9;-~]{1,100}[ \t]*:")
_GUESSED_BOUNDARY = re.compile(rb"(?m)^--([^\s-][^\r\n]{0,199}?)[ \t]*\r?\n(?=content-)", re.IGNORECASE)
_BOUNDARY_GIVEN = re.compile(r";\s*boundary\s*=", re.IGNORECASE)
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,80}")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part with its own headers. `group` is shared by the alternatives of one text, `related` says that an HTML
    part beside it may show it."""

    headers: Headers
    media_type: str
    parameters: dict[str, str]
    body: bytes
    group: int
    related: bool


@dataclass(slots=True)
class Mail:
    """The top headers and the leaves in reading order."""

    headers: Headers
    media_type: str
    parameters: dict[str, str]
    leaves: list[Leaf] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Node:
    headers: Headers
    start: int
    end: int
    depth: int
    group: int | None
    related: bool
    digest: bool = False


def split_mail(raw: bytes) -> Mail:
    """Headers and leaves of `raw`. Takes time in proportion to size and nesting, which is bounded."""
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    if raw[:3] == b"\xef\xbb\xbf":
        raw = raw[3:]
    block = header_block(raw)
    top = Headers(block)
    start = raw.find(block) + len(block) if top.fields else 0
    blank = HEADER_END.match(raw, start) if top.fields else None
    media_type, parameters = content_type(top)
    mail = Mail(top, media_type, parameters)
    todo = [_Node(top, blank.end() if blank else start, len(raw), 0, None, related=False)]
    groups = 0
    while todo and len(mail.leaves) < MAX_LEAVES:
        node = todo.pop()
        groups += 1
        children = list(_children(raw, node, groups, mail.defects))
        if children:
            todo.extend(reversed(children))
        else:
            mail.leaves.append(_leaf(raw, node, groups))
    if todo:
        mail.defects.append("parts_left_out")
    return mail


def content_type(headers: Headers, default: str = "text/plain") -> tuple[str, dict[str, str]]:
    """The claimed type, or `default` when it is missing or no type at all."""
    head, parameters = parse_parameters(headers.text("content-type"))
    head = head.replace(" ", "")
    if head == "text":
        head = "text/plain"
    return (head if _TYPE.fullmatch(head) else default), parameters


def _leaf(raw: bytes, node: _Node, number: int) -> Leaf:
    media_type, parameters = content_type(node.headers, "message/rfc822" if node.digest else "text/plain")
    if media_type.startswith("multipart/"):
        media_type = "text/plain" if node.depth < MAX_DEPTH else "application/octet-stream"
    group = number if node.group is None else node.group
    return Leaf(node.headers, media_type, parameters, raw[node.start : node.end], group, node.related)


def _children(raw: bytes, node: _Node, number: int, defects: list[str]) -> Iterator[_Node]:
    media_type, parameters = content_type(node.headers)
    if not media_type.startswith("multipart/"):
        return
    if node.depth >= MAX_DEPTH:
        defects.append("nested_too_deep")
        return
    spans = _spans(raw, node, parameters.get("boundary", ""), defects)
    kind = media_type.partition("/")[2]
    group = number if kind == "alternative" and node.group is None else node.group
    for start, end in spans:
        headers, body = _part_headers(raw, start, end)
        related = node.related or kind == "related"
        yield _Node(headers, body, end, node.depth + 1, group, related, digest=kind == "digest")


def _spans(raw: bytes, node: _Node, boundary: str, defects: list[str]) -> list[tuple[int, int]]:
    """Where each part starts and ends. A boundary that never occurs is guessed from the first likely line."""
    if len(_BOUNDARY_GIVEN.findall(node.headers.text("content-type"))) > 1:
        defects.append("boundary_ambiguous")
    spans, closed = _between(raw, node, boundary.strip().encode("utf-8", "replace"), defects)
    if not spans:
        defects.append("boundary_missing")
        guess = _GUESSED_BOUNDARY.search(raw, node.start, node.end)
        spans, closed = _between(raw, node, guess[1] if guess else b"", defects)
    if spans and not closed:
        defects.append("end_missing")
    return spans


def _between(
    raw: bytes, node: _Node, boundary: bytes, defects: list[str]
) -> tuple[list[tuple[int, int]], bool]:
    """The parts between the delimiters, and whether the last one is there.

    A line that only begins like a delimiter, and a part after the last one, are read differently by others.
    """
    spans: list[tuple[int, int]] = []
    if not boundary:
        return spans, False
    mark = b"\n--" + boundary
    opened: int | None = None
    at = raw.find(mark, max(0, node.start - 1), node.end)
    while at >= 0:
        after = at + len(mark)
        line_end = raw.find(b"\n", after, node.end)
        line_end = node.end if line_end < 0 else line_end
        rest = raw[after : min(line_end, after + 100)].strip()
        if rest in (b"", b"--"):
            if opened is not None:
                spans.append((opened, max(opened, at - (raw[at - 1] == 13))))
            opened = min(line_end + 1, node.end)
            if rest:
                if raw.find(mark, after, node.end) >= 0:
                    defects.append("parts_after_end")
                return spans, True
        elif "boundary_ambiguous" not in defects:
            defects.append("boundary_ambiguous")
        at = raw.find(mark, after, node.end)
    if opened is not None and opened < node.end:
        spans.append((opened, node.end))
    return spans, False


def _part_headers(raw: bytes, start: int, end: int) -> tuple[Headers, int]:
    """A part's headers and where its body starts; a part that opens with neither header nor blank is all body."""
    empty = _FIRST_BLANK.match(raw, start, end)
    if empty and empty.end() > start:
        return Headers(b""), empty.end()
    if not _HEADER_START.match(raw, start, end):
        return Headers(b""), start
    found = HEADER_END.search(raw, start, min(end, start + _MAX_PART_HEADERS))
    if found is None:
        return Headers(raw[start : min(end, start + _MAX_PART_HEADERS)]), end
    return Headers(raw[start : found.start()]), found.end()
