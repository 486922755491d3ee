"""Undoing a part's Content-Transfer-Encoding, and saying when the result may not be what the sender meant."""

from __future__ import annotations

import binascii
import re

_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_NOT_BASE64 = bytes(set(range(256)) - set(_BASE64))
_BLANKS = b" \t\r\n"
_PLAIN = frozenset(("", "7bit", "8bit", "binary", "7-bit", "8-bit", "7bits", "8bits", "none"))


def undo(body: bytes, encodings: list[str]) -> tuple[bytes, str | None]:
    """The decoded bytes, and None or the reason to doubt them."""
    names = {
        re.sub(r"\s+", "-", re.split(r"[;(]", one.lower(), maxsplit=1)[0].strip()) for one in encodings
    } or {""}
    if len(names) > 1:
        return body, "encoding_repeated"
    (name,) = names
    if name in _PLAIN:
        return body, None
    if name == "base64":
        return _undo_base64(body)
    if name in ("quoted-printable", "quoted-printeable", "qp"):
        return binascii.a2b_qp(body), None
    if name in ("x-uuencode", "x-uue", "uuencode", "uue"):
        return _undo_uuencode(body)
    return body, "encoding_unknown"


def _undo_base64(body: bytes) -> tuple[bytes, str | None]:
    kept = body.translate(None, _NOT_BASE64)
    foreign = len(body.translate(None, _BLANKS)) != len(kept)
    damaged = foreign
    decoded = []
    runs = [run for run in kept.split(b"=") if run]
    for run in runs:
        if len(run) % 4 == 1:
            run, damaged = run[:-1], True
        decoded.append(binascii.a2b_base64(run + b"=" * (-len(run) % 4)))
    return b"".join(decoded), "base64_damaged" if damaged or len(runs) > 1 else None


def _undo_uuencode(body: bytes) -> tuple[bytes, str | None]:
    found = re.search(rb"(?:^|\n)begin(?:-base64)? [0-7]{3,4} [^\n]*\n", body)
    if found is None:
        return body, "encoding_unknown"
    decoded = []
    for line in body[found.end() :].splitlines():
        if line.strip() in (b"end", b"`", b""):
            continue
        try:
            decoded.append(binascii.a2b_uu(line))
        except binascii.Error:
            return b"".join(decoded), "cut_short"
    return b"".join(decoded), None
