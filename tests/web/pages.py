"""What a browser would find on a page that the content policy forbids, or that HTML does."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser

from django.test import Client

LINKS = ("href", "src", "action", "formaction", "hx-get", "hx-post")


class Page(HTMLParser):
    """Reads a page and notes its `faults`."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self._ids: Counter[str] = Counter()
        self._in_form: bool | None = None
        self.feed(text)
        self.close()
        self.faults += [f"id {ident} twice" for ident, count in self._ids.items() if count > 1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one element."""
        given = dict(attrs)
        line = self.getpos()[0]
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.faults.append(f"inline <{tag}> in line {line}")
        for name, value in attrs:
            if name == "style" or name.startswith(("on", "hx-on")):
                self.faults.append(f"{name}= on <{tag}> in line {line}")
            if name in LINKS:
                self._look_at_link(tag, value or "")
        if "id" in given:
            self._ids[given["id"] or ""] += 1
        if tag == "form":
            self._in_form = False if (given.get("method") or "").lower() == "post" else None
        elif tag == "input" and given.get("name") == "csrfmiddlewaretoken" and self._in_form is False:
            self._in_form = True

    def handle_endtag(self, tag: str) -> None:
        """A form that posts has its token by its end."""
        if tag == "form" and self._in_form is False:
            self.faults.append(f"a form that posts without a token ends in line {self.getpos()[0]}")
        if tag == "form":
            self._in_form = None

    def _look_at_link(self, tag: str, address: str) -> None:
        scheme = address.strip().partition(":")[0].lower() if ":" in address else ""
        if scheme in {"javascript", "vbscript"} or (scheme == "data" and tag not in {"img", "link"}):
            self.faults.append(f"<{tag}> leads to {address[:60]}")
        if tag in {"script", "link", "img", "iframe", "source"} and address.startswith(
            ("http:", "https:", "//")
        ):
            self.faults.append(f"<{tag}> is fetched from {address[:60]}")


def whole_ticket(client: Client, number: int) -> str:
    """A ticket's page as people see it: with the panels that the browser asks for once the page is there."""
    parts = (f"/tickets/{number}/", f"/tickets/{number}/paneles/resto/")
    return "".join(client.get(address).content.decode() for address in parts)
