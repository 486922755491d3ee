"""The files inside a `winmail.dat`, in which Outlook packs a mail for other Outlooks (Microsoft's MS-OXTNEF).

Only files are taken out: a mail that is packed so carries its text beside, too. Nothing in it is compressed, so what
comes out is never more than what went in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_SIGNATURE = bytes.fromhex("789f3e22")
_NEW_FILE, _TITLE, _DATA, _PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
MOST_FILES = 200
_MAX_DEPTH = 3
_LONG_NAME, _CONTENT = 0x3707, 0x3701
_INTERFACE = 16  # bytes before an object's own, which say how it is to be opened
_NAMED = 0x8000  # from here on a property's number is followed by its name
_SEVERAL = 0x1000
_OBJECT, _TEXT, _WIDE_TEXT, _BINARY = 0x0D, 0x1E, 0x1F, 0x102
_OF_ANY_SIZE = (_OBJECT, _TEXT, _WIDE_TEXT, _BINARY)
_SIZES = {0x05: 8, 0x06: 8, 0x07: 8, 0x14: 8, 0x40: 8, 0x48: 16}
"""Bytes of a value by its type; the other types that are not of any size have four."""


@dataclass(slots=True)
class PackedFile:
    """A file as it was packed: its name as the sender wrote it, or nothing, and its bytes."""

    name: str = ""
    content: bytes = b""


def files_in(data: bytes, *, depth: int = 0) -> list[PackedFile]:
    """The files that are whole, those of an enclosed mail among them; none when `data` is no such thing.

    What is damaged ends the reading.
    """
    files: list[PackedFile] = []
    for attribute, value in _attributes(data):
        if attribute == _NEW_FILE:
            files.append(PackedFile())
        elif files and attribute == _TITLE:
            files[-1].name = files[-1].name or _text(value)
        elif files and attribute == _DATA:
            files[-1].content = files[-1].content or value
        elif files and attribute == _PROPERTIES:
            _describe(files[-1], value)
    opened = (each for file in files for each in _opened(file, depth))
    return [file for file in opened if file.content][:MOST_FILES]


def _describe(file: PackedFile, properties: bytes) -> None:
    """Its long name, since the title may be one of eight letters and three, and its bytes where they stand here."""
    for kind, number, value in _properties(properties):
        if number == _LONG_NAME and kind == _WIDE_TEXT:
            file.name = value.decode("utf-16-le", "replace").rstrip("\0")
        elif number == _LONG_NAME and kind == _TEXT:
            file.name = _text(value)
        elif number == _CONTENT and kind in (_OBJECT, _BINARY):
            file.content = value[_INTERFACE:] if kind == _OBJECT else value


def _opened(file: PackedFile, depth: int) -> list[PackedFile]:
    """The file itself, or what is in it when it is a mail of the same kind."""
    if depth >= _MAX_DEPTH or not file.content.startswith(_SIGNATURE):
        return [file]
    return files_in(file.content, depth=depth + 1)


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each attribute's number and value: a byte of level, four each of number and size, the value, a checksum."""
    at = 6 if data.startswith(_SIGNATURE) else len(data)
    while at + 9 <= len(data):
        size = _number(data, at + 5)
        value = data[at + 9 : at + 9 + size]
        if len(value) < size:
            return
        yield _number(data, at + 1), value
        at += 9 + size + 2


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Each property's type, number and first value, up to the first that cannot be followed."""
    at = 4
    while at + 4 <= len(data):
        kind, number = _number(data, at, 2), _number(data, at + 2, 2)
        at += 4
        if number >= _NAMED:
            at += 24 if _number(data, at + 16) == 0 else 24 + _padded(_number(data, at + 20))
        single = kind & ~_SEVERAL
        of_any_size = single in _OF_ANY_SIZE
        count = 1
        if of_any_size or kind & _SEVERAL:
            count = _number(data, at)
            at += 4
        first = b""
        for place in range(count):
            size = _SIZES.get(single, 4)
            if of_any_size:
                size = _number(data, at)
                at += 4
            if at + size > len(data):
                return
            first = first if place else data[at : at + size]
            at += _padded(size)
        yield kind, number, first


def _number(data: bytes, at: int, size: int = 4) -> int:
    return int.from_bytes(data[at : at + size], "little")


def _padded(size: int) -> int:
    return size + -size % 4


def _text(value: bytes) -> str:
    return value.split(b"\0")[0].decode("cp1252", "replace")
