"""What axe-core finds on a page, in few words; light and dark, on a desk and on a phone."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from ecuanime.accounts.models import User
from tests.browser.house import House
from tests.browser.visitor import PHONE, Visitor, visiting

needs_axe = pytest.mark.skipif(
    not os.environ.get("ECUANIME_TEST_AXE"), reason="ECUANIME_TEST_AXE names no axe.min.js"
)

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
SCRIPT = """async ([tags, rules]) => {
  const only = rules.length ? {type: "rule", values: rules} : {type: "tag", values: tags};
  const found = await axe.run(document, {runOnly: only, resultTypes: ["violations"]});
  return found.violations.flatMap((rule) => rule.nodes.slice(0, 3).map((node) =>
    `${rule.id}: ${node.target.join(" ")} ${node.html.slice(0, 120)} (${rule.nodes.length}) `
    + node.any.concat(node.all, node.none).map((check) => check.message).join("; ").slice(0, 160)));
}"""


def look(house: House, chromium: Browser, path: str, user: User | None) -> None:
    """Open the page and let axe judge it. Colours are judged in both themes at both widths, the rest once a width."""
    with visiting(house, chromium, user=user) as visitor:
        visitor.expected += ["status of 4"]  # 404, 403 and the like are pages too
        visitor.open(path)
        found = _judged(visitor, "1440 light")
        visitor.page.emulate_media(color_scheme="dark")
        found += _judged(visitor, "1440 dark", "color-contrast")
        visitor.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        found += _judged(visitor, "390 dark")
        visitor.page.emulate_media(color_scheme="light")
        found += _judged(visitor, "390 light", "color-contrast")
    assert not found, "\n" + "\n".join(found)


def _judged(visitor: Visitor, where: str, *rules: str) -> list[str]:
    found = [f"{where}: {each}" for each in violations(visitor.page, *rules)]
    if visitor.has_sideways_scroll():
        found.append(f"{where}: scrolls sideways")
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
