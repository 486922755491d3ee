"""What the tests of accessibility rely on: axe finds each planted fault, in the theme and at the width that show it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.axe import look, needs_axe
from tests.browser.house import House
from tests.browser.visitor import visiting

# Words that cannot be read, each shown in one theme at one width; fields without a name, each shown at one width.
PLANT = """addEventListener("DOMContentLoaded", () => {
  const desk = "(min-width: 1000px)", phone = "(max-width: 400px)";
  const light = "(prefers-color-scheme: light)", dark = "(prefers-color-scheme: dark)";
  const shown = {"desk-light": [desk, light], "desk-dark": [desk, dark], "phone-light": [phone, light],
    "phone-dark": [phone, dark], "desk-field": [desk], "phone-field": [phone]};
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("main [data-planted] { display: none; color: #777; background: #888 }" +
    Object.entries(shown).map(([id, when]) => `@media ${when.join(" and ")} {main #${id} {display: block}}`).join(""));
  document.adoptedStyleSheets.push(sheet);
  document.documentElement.removeAttribute("lang");
  for (const id in shown) document.querySelector("main").insertAdjacentHTML("beforeend", id.endsWith("field")
    ? `<input data-planted id="${id}">` : `<p data-planted id="${id}">Words</p>`);
});"""
FOUND = {
    "1440 light: color-contrast: #desk-light",
    "1440 dark: color-contrast: #desk-dark",
    "390 light: color-contrast: #phone-light",
    "390 dark: color-contrast: #phone-dark",
    "1440 light: label: #desk-field",
    "390 dark: label: #phone-field",
    "1440 light: html-has-lang: html",
    "390 dark: html-has-lang: html",
}


@needs_axe
def test_axe_finds_each_fault_where_it_shows(house: House, chromium: Any) -> None:
    with visiting(house, chromium) as visitor:
        visitor.page.add_init_script(PLANT)
        with pytest.raises(AssertionError) as failed:
            look(visitor, "/cuenta/login/")
    lines = str(failed.value).strip().splitlines()
    assert {" ".join(line.split(" ")[:4]) for line in lines} == FOUND
