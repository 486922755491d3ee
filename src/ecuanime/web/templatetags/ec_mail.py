"""The HTML of mails: the only place that puts markup written by strangers on a page.

It was cleaned when the mail came in (`channels.email.reading.clean`): no script, style, class or form, and remote
images held back in `data-remote-src`. Here those addresses are only led through our own guarded proxy.
"""

from __future__ import annotations

import re
from html import unescape

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from ecuanime.channels.words import doubt_of, is_doubtful
from ecuanime.tickets.models import Message
from ecuanime.web.desk.image_addresses import proxied

register = template.Library()

# The cleaner writes attributes in this shape and no bare quote or angle bracket inside a value.
_IMAGE = re.compile(r"<img((?: [a-z-]+=\"[^\"]*\")*)>")
_HELD_BACK = re.compile(r" data-remote-src=\"([^\"]*)\"")


@register.filter
def doubt(code: str) -> str:
    """Why an attachment is doubtful, or what it carries, in words."""
    return doubt_of(code)


register.filter("is_doubtful", is_doubtful)


@register.simple_tag
def mail_html(message: Message, part: str = "html", shown: bool = False) -> SafeString:
    """The message's cleaned HTML, or its `quoted_html`. With `shown` its remote images are fetched by the page."""
    html = message.quoted_html if part == "quoted_html" else message.html
    target = "src" if shown else "data-remote-src"

    def address(held: re.Match[str]) -> str:
        return f' {target}="{escape(proxied(message, unescape(held[1])))}"'

    def image(tag: re.Match[str]) -> str:
        return f"<img{_HELD_BACK.sub(address, tag[1])}>"

    return mark_safe(_IMAGE.sub(image, html))  # noqa: S308  # cleaned at intake; see above
