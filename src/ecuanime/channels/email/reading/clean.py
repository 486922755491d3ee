"""A stranger's HTML made fit to show on our pages. The only place that turns mail into markup.

What comes out holds no script, style, class, id, form, frame or plug-in, fetches nothing by itself and satisfies a
Content-Security-Policy without inline anything. The cleaner (ammonia, through nh3) has the first and the last word:
our own rewriting of images happens on its canonical output and is cleaned once more with a stricter list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import unquote

import nh3

from ecuanime.channels.email.reading.text import MAX_LINKS, html_to_text, text_to_html, too_much

MAX_OUTPUT = 4 * 1024 * 1024
MAX_IMAGES = 1_000

_KEPT_NAMES = """
    a abbr address b big blockquote br caption center cite code col colgroup dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i
    img ins kbd li ol p pre q s samp small span strike strong sub sup table tbody td tfoot th thead tr tt u ul var
"""
_SILENT_NAMES = (
    "head iframe math noembed noframes noscript object script style svg template textarea title xmp"
)
_TAGS = set(_KEPT_NAMES.split())
_SILENT = set(_SILENT_NAMES.split())
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"dir", "lang", "title"},
    "a": {"href"},
    "img": {"alt", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan", "align", "valign"},
    "th": {"colspan", "rowspan", "align", "valign"},
}
_REL = "noopener noreferrer nofollow"
_VALUES = {
    "rel": re.compile(_REL),
    "target": re.compile("_blank"),
    "dir": re.compile(r"ltr|rtl|auto", re.IGNORECASE),
    "lang": re.compile(r"[A-Za-z0-9-]{1,20}"),
    "title": re.compile(r".{0,500}", re.DOTALL),
    "alt": re.compile(r".{0,500}", re.DOTALL),
    "width": re.compile(r"\d{1,4}"),
    "height": re.compile(r"\d{1,4}"),
    "start": re.compile(r"\d{1,6}"),
    "colspan": re.compile(r"\d{1,2}"),
    "rowspan": re.compile(r"\d{1,2}"),
    "align": re.compile(r"left|right|center|justify", re.IGNORECASE),
    "valign": re.compile(r"top|middle|bottom|baseline", re.IGNORECASE),
}
_LINK = re.compile(r"(?:https?://[^\s/?#]|mailto:|tel:)[^\s]{0,4000}", re.IGNORECASE)
_REMOTE = re.compile(r"https?://[^\s/?#][^\s]{0,4000}", re.IGNORECASE)
_IMAGE = re.compile(r"<img((?: [a-z-]+=\"[^\"]*\")*)>")
_SOURCE = re.compile(r" src=\"([^\"]*)\"")
_SCHEMES = {"http", "https", "mailto", "tel"}


@dataclass(frozen=True, slots=True)
class CleanedHtml:
    """`html` is safe to put on a page as it is. `remote_images` counts pictures held back: each is an `img` with
    `data-remote-src` in place of `src`, for the page to fetch when the reader asks. `reduced` says in a code why the
    body is shown as plain text (`too_large`, `too_deep`, `too_many_links`, `too_many_images`), or is None.
    """

    html: str
    remote_images: int
    links: int
    reduced: str | None


def clean_html(html: str, *, attachment_urls: Mapping[str, str] | None = None) -> CleanedHtml:
    """`html` from a mail, cleaned. `attachment_urls` maps a content id, without brackets, to our own address for it."""
    reason = too_much(html)
    if reason:
        return _as_text(html, reason)
    canonical = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_SILENT,
        attributes={**_ATTRIBUTES, "img": _ATTRIBUTES["img"] | {"src"}},
        attribute_filter=_filter(lambda source: source if _image_kind(source) else None),
        url_schemes=_SCHEMES | {"cid"},
        url_relative="deny",
        link_rel=_REL,
    )
    links = canonical.count("<a href=")
    for code, figure, limit in (
        ("too_large", len(canonical), MAX_OUTPUT),
        ("too_many_links", links, MAX_LINKS),
        ("too_many_images", canonical.count("<img"), MAX_IMAGES),
    ):
        if figure > limit:
            return _as_text(html, code)
    own = dict(attachment_urls or {})
    rewritten, remote = _with_images_held_back(canonical, own)
    return CleanedHtml(_final(rewritten, set(own.values())), remote, links, None)


def _final(html: str, own_urls: set[str]) -> str:
    """The last word. Now an image may only come from one of our own addresses."""
    return nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_SILENT,
        attributes={**_ATTRIBUTES, "img": _ATTRIBUTES["img"] | {"src", "data-remote-src"}},
        attribute_filter=_filter(lambda source: source if source in own_urls else None),
        set_tag_attribute_values={"a": {"target": "_blank"}},
        url_schemes=_SCHEMES,
        url_relative="pass_through",
        link_rel=_REL,
    )


def _filter(image_source: Callable[[str], str | None]) -> Callable[[str, str, str], str | None]:
    def kept(_tag: str, attribute: str, value: str) -> str | None:
        if attribute == "src":
            return image_source(value)
        if attribute == "href":
            return value if _LINK.fullmatch(value.strip()) else None
        if attribute == "data-remote-src":
            return value if _REMOTE.fullmatch(value) else None
        allowed = _VALUES.get(attribute)
        return value if allowed and allowed.fullmatch(value) else None

    return kept


def _image_kind(source: str) -> str | None:
    if source[:4].lower() == "cid:":
        return "cid"
    return "remote" if _REMOTE.fullmatch(source) else None


def _with_images_held_back(canonical: str, own: Mapping[str, str]) -> tuple[str, int]:
    """Attached images get our address, remote ones lose theirs to a data attribute. A value holds no bare quote or
    angle bracket in canonical HTML, so each `<img` found is a real one."""
    remote = 0

    def rewritten(image: re.Match[str]) -> str:
        nonlocal remote
        source = _SOURCE.search(image[1])
        rest = _SOURCE.sub("", image[1])
        if source is None:
            return f"<img{rest}>"
        address = unescape(source[1])
        if _image_kind(address) == "cid":
            url = own.get(address[4:]) or own.get(unquote(address[4:]))
            return f'<img src="{escape(url)}"{rest}>' if url else f"<img{rest}>"
        remote += 1
        return f'<img data-remote-src="{escape(address)}"{rest}>'

    return _IMAGE.sub(rewritten, canonical), remote


def _as_text(html: str, reason: str) -> CleanedHtml:
    shown = text_to_html(html_to_text(html))
    return CleanedHtml(shown, 0, shown.count("<a href="), reason)
