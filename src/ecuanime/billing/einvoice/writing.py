"""Small hands for writing XML: elements by prefix, figures as the standards want them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from lxml import etree

Element: TypeAlias = Any
"""lxml's element: its package says nothing of types."""


class Writer:
    """Adds elements by `prefix:name`. What has no text is left out: no standard here allows empty elements."""

    def __init__(self, namespaces: Mapping[str, str]) -> None:
        self.namespaces = dict(namespaces)

    def tag(self, name: str) -> str:
        """`cbc:ID` with its namespace; a name without prefix stands in none."""
        prefix, _, local = name.rpartition(":")
        return f"{{{self.namespaces[prefix]}}}{local}" if prefix else local

    def root(self, name: str, own: str = "") -> Element:
        """The document's element, which declares the prefixes; `own` is the namespace that it alone stands in."""
        mapped: dict[str | None, str] = dict(self.namespaces.items())
        if own:
            mapped[None] = own
        return etree.Element(f"{{{own}}}{name}" if own else self.tag(name), nsmap=mapped)

    def group(self, parent: Element, name: str) -> Element:
        """An element that holds others."""
        return etree.SubElement(parent, self.tag(name))

    def add(self, parent: Element, name: str, text: object, **attributes: str) -> None:
        """An element with a text, unless there is none."""
        words = _writable(str(text)) if text is not None else ""
        if words.strip():
            etree.SubElement(parent, self.tag(name), {**attributes}).text = words


def figure(value: Decimal) -> str:
    """A quantity, price or rate with the decimals it has: `1.5`, `30`."""
    return f"{value.normalize():f}" if value else "0"


def as_bytes(root: Element) -> bytes:
    """The document in UTF-8 with its declaration."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _writable(text: str) -> str:
    """Without the characters that XML forbids: those of control, halves of pairs, and what is no character."""
    return "".join(
        letter
        for letter in text
        if letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cs", "Cn"}
    )
