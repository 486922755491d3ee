"""Why an attachment is not offered as clean: its kind, its name or its place in the mail can be read in two ways.

Filters and mail programs disagree about such parts, which is how malware passes the one and reaches the other. Nothing
here is a virus scan: a file without a doubt is only what it says it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ecuanime.channels.email.reading.headers import Headers, parse_parameters

_RUNS = """
    app bat cmd com cpl dll docm exe hta img iso jar js jse lnk msi msp pif potm ppam pptm ps1 psm1 py reg scr sh vb vbe
    vbs vhd vhdx wsf wsh xlam xlsm xltm
"""
RUNS = frozenset(_RUNS.split())
"""Endings whose files do something when they are opened, office documents with macros among them."""

_PAGES = "htm html mht mhtml shtml svg xht xhtml xml xsl"
PAGES = frozenset(_PAGES.split())
"""Endings that open in a browser, where they may say they are any site."""

_SIGNS: tuple[tuple[str, re.Pattern[bytes]], ...] = (
    ("program", re.compile(rb"MZ|\x7fELF|\xca\xfe\xba\xbe|\xcf\xfa\xed\xfe|#!\s?/")),
    ("pdf", re.compile(rb"[\s\S]{0,1024}?%PDF-")),
    ("zip", re.compile(rb"PK(?:\x03\x04|\x05\x06)")),
    ("ole", re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")),
    ("png", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("jpeg", re.compile(rb"\xff\xd8\xff")),
    ("gif", re.compile(rb"GIF8[79]a")),
    ("rar", re.compile(rb"Rar!\x1a\x07")),
    ("7z", re.compile(rb"7z\xbc\xaf\x27\x1c")),
    ("gzip", re.compile(rb"\x1f\x8b\x08")),
    ("page", re.compile(rb"\s*(?:<!doctype html|<html|<script|<svg|<iframe)", re.IGNORECASE)),
)
_ENDINGS = {
    "docx xlsx pptx odt ods odp zip epub": "zip",
    "doc xls ppt msg": "ole page",  # old programs save pages under these
    "jpg jpeg": "jpeg",
    "gz tgz": "gzip",
    "pdf": "pdf",
    "png": "png",
    "gif": "gif",
    "rar": "rar",
    "7z": "7z",
    "txt csv log ics eml vcf json": "",
}
_EXPECTED = {ending: kinds.split() for endings, kinds in _ENDINGS.items() for ending in endings.split()}
_PLACES = ("boundary_missing", "boundary_ambiguous", "end_missing", "nested_too_deep", "parts_after_end")
_SINGLE = ("content-type", "content-disposition", "content-transfer-encoding", "content-id")


def doubt_about(headers: Headers, name: str, content: bytes) -> str | None:
    """The first reason to doubt a part, as a code, or None."""
    ending = _ending(name)
    kind = kind_of(content)
    if any(len(headers.raw(each)) > 1 for each in _SINGLE):
        return "headers_repeated"
    if _names_disagree(headers):
        return "names_disagree"
    if ending in RUNS or kind == "program":
        return "runs_code"
    if kind and ending in _EXPECTED and kind not in _EXPECTED[ending]:
        return "kind_disagrees"
    if ending in PAGES or kind == "page":
        return "opens_as_page"
    return None


def doubt_about_place(defects: Iterable[str]) -> str | None:
    """`place_doubtful` when the mail's parts can be told apart in more than one way."""
    return "place_doubtful" if any(defect in _PLACES for defect in defects) else None


def kind_of(content: bytes) -> str:
    """What the first bytes say the file is, or nothing."""
    return next((kind for kind, sign in _SIGNS if sign.match(content)), "")


def _ending(name: str) -> str:
    return name.rpartition(".")[2].strip(" .").lower() if "." in name else ""


def _names_disagree(headers: Headers) -> bool:
    """Whether the part has two names with different endings: which one counts depends on the program."""
    first = parse_parameters(headers.text("content-type"))[1].get("name", "")
    second = parse_parameters(headers.text("content-disposition"))[1].get("filename", "")
    return bool(first and second) and _ending(first) != _ending(second)
