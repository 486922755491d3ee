"""The mail inside a signed envelope of S/MIME (CMS SignedData, RFC 5652 section 5, in BER). No signature is checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_CONSTRUCTED = 0x20
_UNTIL_MARK = 0x80
_MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class _Element:
    """A value in BER: its tag, where its content starts and ends, and where what follows begins."""

    tag: int
    start: int
    end: int
    after: int


def signed_content(data: bytes) -> bytes | None:
    """What was signed, byte for byte, or None when `data` holds no such thing or is damaged."""
    try:
        kind, holder = list(_inside(data, _element(data, 0)))[:2]
        if data[kind.start : kind.end] != _SIGNED_DATA:
            return None
        _version, _digests, content = list(_inside(data, next(_inside(data, holder))))[:3]
        _kind, holder = list(_inside(data, content))[:2]
        return _octets(data, next(_inside(data, holder)))
    except (IndexError, ValueError, StopIteration):
        return None


def _element(data: bytes, at: int, depth: int = 0) -> _Element:
    if depth > _MAX_DEPTH:
        raise ValueError("nested too deep")
    tag, length, start = data[at], data[at + 1], at + 2
    if length == _UNTIL_MARK:
        end = start
        while data[end : end + 2] != b"\0\0":
            end = _element(data, end, depth + 1).after
        return _Element(tag, start, end, end + 2)
    if length & 0x80:
        size = length & 0x7F
        length = int.from_bytes(data[start : start + size], "big")
        start += size
    if start + length > len(data):
        raise ValueError("cut short")
    return _Element(tag, start, start + length, start + length)


def _inside(data: bytes, element: _Element) -> Iterator[_Element]:
    at = element.start
    while at < element.end:
        found = _element(data, at)
        yield found
        at = found.after


def _octets(data: bytes, element: _Element, depth: int = 0) -> bytes:
    """A string of bytes, which may come in pieces."""
    if not element.tag & _CONSTRUCTED or depth > _MAX_DEPTH:
        return data[element.start : element.end]
    return b"".join(_octets(data, piece, depth + 1) for piece in _inside(data, element))
