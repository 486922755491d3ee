"""Text into HTML fit to show, HTML into text fit to search. Both in linear time."""

from __future__ import annotations

import re
from html import escape, unescape

import nh3

MAX_LINKS = 5_000
MAX_DEPTH = 256
MAX_HTML = 1024 * 1024
MAX_TAGS = 30_000
MAX_AMPERSANDS = 50_000
"""Characters, angle brackets and ampersands of HTML that is cleaned as HTML; beyond, the body is shown as text."""

_LINK = re.compile(r"\bhttps?://[^\s<>\"'`\\^{}|]{1,2000}|\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_TRAILING = ".,;:!?*_)]"
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})[^<>]*>|<!?[^<>\s][^<>]*>")
_SILENT = frozenset(("script", "style", "head", "title", "template", "noscript", "svg", "math"))
_BLOCK_NAMES = """
    address article blockquote br dd div dl dt footer h1 h2 h3 h4 h5 h6 header hr li ol p pre section table tr ul
"""
_SHALLOW_NAMES = """
    area base br col embed hr img input link meta param source track wbr p li td th tr tbody thead tfoot dt dd option
    html head body colgroup
"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_CELLS = frozenset(("td", "th"))
_SHALLOW = frozenset(_SHALLOW_NAMES.split())


def text_to_html(text: str) -> str:
    """Paragraphs and line breaks, everything escaped, web and mail addresses as links (the first 5,000)."""
    paragraphs = re.split(r"\n[ \t]*\n(?:[ \t]*\n)*", text.strip("\n"))
    budget = [MAX_LINKS]
    return "\n".join(
        f"<p>{'<br>'.join(_linkified(line, budget) for line in paragraph.split(chr(10)))}</p>"
        for paragraph in paragraphs
        if paragraph.strip()
    )


def html_to_text(html: str) -> str:
    """What a reader would see, one line per block, cells apart by a tab; for search, snippets and text-only answers."""
    if too_much(html):
        return strip_tags(html)
    return strip_tags(nh3.clean(html, tags=_BLOCKS | _CELLS, clean_content_tags=set(_SILENT), attributes={}))


def snippet(text: str, length: int = 160) -> str:
    """The first words on one line, at most `length` characters, an ellipsis when more follows."""
    line = " ".join(text[: length * 20].split())
    return line if len(line) <= length else line[: length - 1].rsplit(" ", 1)[0] + "…"


def too_much(html: str) -> str | None:
    """Why `html` is not handed to the HTML cleaner: `too_large` or `too_deep`, else None.

    The cleaner's time grows with the square of the depth, and of the loose ampersands. The depth is an estimate, which
    end tags in odd places can deceive, so the tags are bounded too: the worst that then passes takes a second or two.
    """
    if len(html) > MAX_HTML or html.count("<") > MAX_TAGS or html.count("&") > MAX_AMPERSANDS:
        return "too_large"
    opened: dict[str, int] = {}
    depth = 0
    for tag in _TAG.finditer(html):
        name = (tag[2] or "").lower()
        if not name or name in _SHALLOW:
            continue
        if not tag[1]:
            opened[name] = opened.get(name, 0) + 1
            depth += 1
            if depth > MAX_DEPTH:
                return "too_deep"
        elif opened.get(name):
            opened[name] -= 1
            depth -= 1
    return None


def strip_tags(html: str) -> str:
    """The text between tags, by a plain scan: for HTML that is canonical already, or too much to be parsed."""
    out: list[str] = []
    silent = ""
    at = 0
    for tag in _TAG.finditer(html):
        if not silent:
            out.append(re.sub(r"\s+", " ", html[at : tag.start()]))
        at = tag.end()
        name = (tag[2] or "").lower()
        if silent:
            silent = "" if tag[1] and name == silent else silent
        elif name in _SILENT and not tag[1]:
            silent = name
        elif name in _BLOCKS:
            out.append("\n")
        elif name in _CELLS and tag[1]:
            out.append("\t")
    if not silent:
        out.append(re.sub(r"\s+", " ", html[at:]))
    lines = (line.strip() for line in unescape("".join(out)).replace("\xa0", " ").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _linkified(line: str, budget: list[int]) -> str:
    out: list[str] = []
    at = 0
    for found in _LINK.finditer(line):
        if budget[0] <= 0:
            break
        address = found[0].rstrip(_TRAILING)
        if found[0].count("(") and not address.endswith(")") and found[0][len(address) :].startswith(")"):
            address += ")"
        budget[0] -= 1
        target = address if "://" in address else f"mailto:{address}"
        out.append(escape(line[at : found.start()]))
        out.append(
            f'<a href="{escape(target)}" target="_blank" rel="noopener noreferrer nofollow">{escape(address)}</a>'
        )
        at = found.start() + len(address)
    out.append(escape(line[at:]))
    return "".join(out)
