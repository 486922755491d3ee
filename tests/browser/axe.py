"""What axe-core finds on a page, in few words, and how it is laid out; light and dark, on a desk and on a phone."""

from __future__ import annotations

import os
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from ecuanime.accounts.models import User
from tests.browser.house import House
from tests.browser.visitor import DESK, PHONE, Visitor, set_size, visiting

needs_axe = pytest.mark.skipif(
    not os.environ.get("ECUANIME_TEST_AXE"), reason="ECUANIME_TEST_AXE names no axe.min.js"
)

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
SCRIPT = """async ([tags, rules]) => {
  const only = rules.length ? {type: "rule", values: rules} : {type: "tag", values: tags};
  // Its rules about styles are experimental and not asked: only sound and film need be looked at beforehand.
  const preload = {assets: ["media"]};
  // Every place it looks at would be written out as HTML; here that is done where it finds fault.
  axe.configure({noHtml: true});
  const kept = {resultTypes: ["violations"], elementRef: true};
  const found = await axe.run(document, {runOnly: only, preload, ...kept});
  return found.violations.flatMap((rule) => rule.nodes.slice(0, 3).map((node) =>
    `${rule.id}: ${node.target.join(" ")} ${node.element.outerHTML.replace(/\\s+/g, " ").slice(0, 120)} `
    + `(${rule.nodes.length}) `
    + node.any.concat(node.all, node.none).map((check) => check.message).join("; ").slice(0, 160)));
}"""

# A table that is pushed sideways hides what it says: on a phone it becomes cards.
WIDE_TABLES = """() => [...document.querySelectorAll("main .ec-scroll")]
  .filter((each) => each.checkVisibility() && each.scrollWidth > each.clientWidth + 1)
  .map((each) => `a table is wider than the phone (${each.scrollWidth} > ${each.clientWidth}): `
    + each.textContent.trim().replace(/\\s+/g, " ").slice(0, 60))"""


def look(visitor: Visitor, path: str) -> None:
    """Open the page as on a desk by day, and let axe judge it."""
    set_size(visitor.page, DESK)
    visitor.page.emulate_media(color_scheme="light")
    visitor.open(path)
    judge(visitor)
    visitor.check()


def judge(visitor: Visitor) -> None:
    """What is shown passes axe: colours are judged in both themes at both widths, the rest once a width."""
    page = visitor.page
    set_size(page, DESK)
    page.emulate_media(color_scheme="light")
    found = _judged(visitor, "1440 light")
    page.emulate_media(color_scheme="dark")
    found += _judged(visitor, "1440 dark", "color-contrast")
    set_size(page, PHONE)
    found += _judged(visitor, "390 dark")
    page.emulate_media(color_scheme="light")
    found += _judged(visitor, "390 light", "color-contrast")
    assert not found, "\n" + "\n".join(found)
    set_size(page, DESK)


class Windows:
    """A window for each person who looks, kept from page to page: styles and fonts are fetched once."""

    def __init__(self, house: House, chromium: Browser) -> None:
        self._house, self._chromium = house, chromium
        self._open = ExitStack()
        self._of: dict[int, Visitor] = {}

    def of(self, user: User | None) -> Visitor:
        """The window of somebody, or a stranger's."""
        key = user.pk if user else 0
        if key not in self._of:
            visitor = self._open.enter_context(visiting(self._house, self._chromium))
            if user:
                visitor.sign_in(user, confirmed=True)
            visitor.expected.append("status of 4")  # 404, 403 and the like are pages too
            self._of[key] = visitor
        return self._of[key]

    def close(self) -> None:
        """Close them all."""
        self._open.close()


def _judged(visitor: Visitor, where: str, *rules: str) -> list[str]:
    found = [f"{where}: {each}" for each in violations(visitor.page, *rules)]
    if visitor.has_sideways_scroll():
        found.append(f"{where}: scrolls sideways")
    if visitor.page.viewport_size == {"width": PHONE[0], "height": PHONE[1]}:
        found += [f"{where}: {each}" for each in visitor.page.evaluate(WIDE_TABLES)]
    return found


def violations(page: Page, *rules: str) -> list[str]:
    """One line for each place that breaks a rule; with `rules` only those are asked."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(_axe())
    found: list[str] = page.evaluate(SCRIPT, [TAGS, list(rules)])
    return found


@cache
def _axe() -> str:
    """The program itself, put into the page past its content policy, as a browser's extension would be."""
    return Path(os.environ["ECUANIME_TEST_AXE"]).read_text(encoding="utf-8")
