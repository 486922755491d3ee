"""Bytes into text when the label may be missing, wrong, out of date or hostile. Never raises, never loses the rest.

Labels are looked up in an allow-list of codecs: UTF-7 can hide markup from every filter, and Python's idna, punycode,
escape and compression codecs are no charsets at all.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable

_LABEL = re.compile(r"[A-Za-z0-9._:+-]{1,40}")
_ALLOWED = re.compile(
    r"ascii|utf-8(-sig)?|utf-16(-[bl]e)?|utf-32(-[bl]e)?|iso8859-\d+|cp\d+|koi8-[rtu]|mac-?\w+|gb\w*|big5\w*"
    r"|euc_\w+|iso2022_\w+|shift_jis\w*|johab|hz|tis-620|kz1048|ptcp154|hp-roman8"
)
_SUPERSETS = {
    "ascii": ("cp1252",),
    "iso8859-1": ("cp1252",),
    "iso8859-9": ("cp1254",),
    "tis-620": ("cp874",),
    "gb2312": ("gb18030",),
    "gbk": ("gb18030",),
    "big5": ("cp950", "big5hkscs"),
    "euc_kr": ("cp949",),
    "shift_jis": ("cp932", "shift_jis_2004"),
    "iso2022_jp": ("iso2022_jp", "iso2022_jp_2", "iso2022_jp_ext", "iso2022_jp_2004"),
}
_OTHER_NAMES = {
    "euc_kr": "ks_c_5601-1987 ks_c_5601 x-euc-kr",
    "cp949": "windows-949 x-windows-949 x-cp949",
    "shift_jis": "x-sjis x-shift-jis",
    "cp932": "windows-31j",
    "iso2022_jp": "iso-2022-jp-ms cp50220 cp50221 cp50222",
    "euc_jp": "x-euc-jp",
    "gb18030": "x-gbk x-gb18030 cn-gb csgb2312 gb_2312-80 x-gb2312 euc-cn",
    "big5": "x-x-big5 x-big5 cn-big5",
    "utf-8": "utf8mb4 utf-8mb4 x-utf-8 unicode utf-8-mac",
    "iso8859-8": "iso-8859-8-i iso-8859-8-e logical visual",
    "iso8859-1": "iso-latin-1 x-iso-8859-1",
    "cp1252": "x-ansi x-cp1252 cp-1252 win-1252 windows1252",
    "cp1251": "x-cp1251 cp-1251 win-1251 windows1251",
    "cp1250": "x-cp1250 cp-1250 win-1250 windows1250",
    "cp850": "cp-850 ibm-850",
    "cp874": "windows-874 dos-874 x-windows-874",
    "koi8-r": "koi8r koi8 x-koi8-r",
    "koi8-u": "koi8-ru koi8u x-koi8-u",
    "mac-roman": "x-mac-roman x-macroman",
    "mac-cyrillic": "x-mac-cyrillic x-mac-ukrainian",
    "mac-latin2": "x-mac-ce x-mac-centraleurroman",
}
_ALIASES = {alias: codec for codec, aliases in _OTHER_NAMES.items() for alias in aliases.split()}
_WESTERN = frozenset(("ascii", "iso8859-1", "iso8859-15", "cp1252"))
_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127])
_SURROGATES = re.compile("[\ud800-\udfff]")


def decode(data: bytes, label: str | None) -> str:
    """`data` as text. The label is believed when it can be true; a western label gives way to valid UTF-8."""
    codec = _codec(label)
    if codec is None or codec in _WESTERN:
        candidates: Iterable[str] = ("utf-8", *_SUPERSETS.get(codec or "ascii", (codec or "cp1252",)))
    else:
        candidates = (*_SUPERSETS.get(codec, (codec,)), "utf-8")
    for candidate in candidates:
        try:
            return tidy(data.decode(candidate))
        except (UnicodeError, ValueError):
            continue
    return tidy(data.decode(_last_resort(data, codec), errors="replace"))


def tidy(text: str) -> str:
    """Without byte-order mark, NUL, other control characters and lone surrogates; tabs and line ends stay."""
    return _SURROGATES.sub("\ufffd", text.translate(_CONTROLS)).removeprefix("\ufeff")


def _codec(label: str | None) -> str | None:
    name = (label or "").strip(" \t'\"").lower()
    name = _ALIASES.get(name, name)
    if not _LABEL.fullmatch(name):
        return None
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError, ImportError):
        return None
    return found if _ALLOWED.fullmatch(found) else None


def _last_resort(data: bytes, codec: str | None) -> str:
    """Multi-byte text with a few broken bytes stays itself; anything else is most likely western."""
    if codec is None or codec in _WESTERN:
        return "cp1252"
    if codec != "utf-8":
        return _SUPERSETS.get(codec, (codec,))[-1]
    broken = data.decode("utf-8", errors="replace").count("\ufffd")
    wide = sum(data.count(bytes((lead,))) for lead in range(0xC2, 0xF5))
    return "utf-8" if 2 * broken < wide else "cp1252"
