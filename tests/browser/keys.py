"""A person without a mouse: everything they do is a key, and every stop of theirs shows where it is."""

from __future__ import annotations

from dataclasses import dataclass

from tests.browser.axe import violations
from tests.browser.visitor import Visitor, next_page

RING = """() => {
  const at = document.activeElement;
  const outlined = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const places = [getComputedStyle(at), getComputedStyle(at, "::after"), getComputedStyle(at.parentElement ?? at)];
  return [at.tagName, places.some(outlined)];
}"""
MOUSE = """addEventListener("pointerdown", () => console.error("a mouse was used"), true)"""
FOCUSED = "(wanted) => document.activeElement.matches(wanted)"
SAYS = "(words) => (document.activeElement.closest('[data-row]') ?? document.activeElement).innerText.includes(words)"


@dataclass(frozen=True)
class Keys:
    """The keyboard of a visitor; a press of the mouse would be trouble."""

    visitor: Visitor

    def __post_init__(self) -> None:
        self.visitor.page.add_init_script(MOUSE)

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.visitor.page.keyboard.press(key)

    def write(self, text: str) -> None:
        """Type where the focus is."""
        self.visitor.page.keyboard.type(text)

    def go(self, *keys: str) -> None:
        """Press keys of which the last one leads to another page, or to this one anew."""
        self.press(*keys[:-1])
        with next_page(self.visitor.page):
            self.press(keys[-1])

    def walk(self, key: str, wanted: str, *, words: str = "", most: int = 60) -> None:
        """Press a key until what matches `wanted` and has `words` in it has the focus; it is seen at every stop."""
        for _stop in range(most):
            self.press(key)
            self.see_where()
            if self.stands(wanted) and self.visitor.page.evaluate(SAYS, words):
                return
        raise AssertionError(f"{most} times {key} did not lead to {wanted} {words}")

    def stands(self, wanted: str) -> bool:
        """Whether the focus is on what matches."""
        return bool(self.visitor.page.evaluate(FOCUSED, wanted))

    def see_where(self) -> None:
        """Fail when nothing shows where the focus is."""
        tag, is_seen = self.visitor.page.evaluate(RING)
        where = self.visitor.page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        assert is_seen or tag == "BODY", where

    def look(self) -> None:
        """Let axe judge what is shown now."""
        self.visitor.page.evaluate("scrollTo(0, 0)")  # what lies half under the head is no smaller for it
        found = violations(self.visitor.page)
        assert not found, self.visitor.page.url + "\n" + "\n".join(found)
