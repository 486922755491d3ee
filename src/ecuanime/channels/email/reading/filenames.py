"""A name for an attachment that can be shown, stored as text and offered for download without surprise."""

from __future__ import annotations

import mimetypes
import re
import unicodedata

MAX_BYTES = 150
_MAX_EXTENSION = 20
_TYPES = mimetypes.MimeTypes()
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_STEMS = {"message": "message", "image": "image", "audio": "audio", "video": "video", "text": "text"}
_EXTENSIONS = {
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/plain": ".txt",
    "application/ms-tnef": ".dat",
}


def safe_name(offered: str, media_type: str, number: int) -> str:
    """`offered` without folders, controls, direction overrides and reserved names, at most 150 bytes of UTF-8.

    Falls back on a name from the claimed type and the part's number, so it is never empty.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", offered[:2_000]))[-1]
    visible = "".join(" " if char in "\t\r\n" else char for char in last if not _invisible(char))
    name = _FORBIDDEN.sub("_", re.sub(r"\s+", " ", visible)).strip(" .")
    if not name:
        stem = _STEMS.get(media_type.partition("/")[0], "attachment")
        fallback = ".txt" if stem in ("message", "text") else ".bin"
        extension = _EXTENSIONS.get(media_type) or _TYPES.guess_extension(media_type) or fallback
        return f"{stem}-{number}{extension}"
    if _DEVICES.fullmatch(name):
        name = f"_{name}"
    return _shortened(name)


def type_of(name: str) -> str:
    """The type that a file's name claims."""
    return _TYPES.guess_type(name)[0] or "application/octet-stream"


def _invisible(char: str) -> bool:
    """Controls, formats (bidi overrides, zero widths), surrogates and private characters; tabs become blanks."""
    return char not in "\t\r\n" and unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def _shortened(name: str) -> str:
    if len(name.encode()) <= MAX_BYTES:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or not stem or len(extension.encode()) > _MAX_EXTENSION:
        stem, extension = name, ""
    tail = f".{extension}" if extension else ""
    room = MAX_BYTES - len(tail.encode())
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip(" .") + tail
