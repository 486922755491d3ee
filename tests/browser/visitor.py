"""Somebody at a browser: opens pages, and notices everything that must never happen while they do."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Request, Response
from playwright.sync_api import Error as BrowserError

from ecuanime.accounts.models import User
from tests.browser.house import SECONDS, House

PICTURES = Path(__file__).resolve().parents[2] / "build" / "browser-failures"
DESK, PHONE = (1440, 900), (390, 844)


@dataclass
class Visitor:
    """A person's browser window. `trouble` collects what no page of ours may cause."""

    house: House
    context: BrowserContext
    page: Page
    trouble: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def sign_in(self, user: User, *, confirmed: bool = False) -> None:
        """Become somebody, without their password; see `House.session_of`."""
        cookie = self.house.session_of(user, confirmed=confirmed)
        self.context.add_cookies([{"name": cookie["name"], "value": cookie["value"], "url": cookie["url"]}])

    def open(self, path: str) -> Page:
        """Go to an address of the product and wait until it has settled."""
        self.page.goto(path if path.startswith("http") else self.house.url + path)
        return self.page

    def settle(self) -> None:
        """Wait until the page, its styles and its scripts are there."""
        self.page.wait_for_load_state("load")

    def has_sideways_scroll(self) -> bool:
        """Whether the page is wider than the window."""
        width = "document.documentElement.scrollWidth > window.innerWidth"
        return bool(self.page.evaluate(width))

    def check(self) -> None:
        """Fail when anything happened that must not."""
        found = [each for each in self.trouble if not any(word in each for word in self.expected)]
        assert not found, "\n".join(found)


@contextmanager
def visiting(
    house: House,
    chromium: Browser,
    *,
    user: User | None = None,
    size: tuple[int, int] = DESK,
    language: str = "es",
    dark: bool = False,
) -> Iterator[Visitor]:
    """A window of its own, signed in as `user` if one is given; at the end nothing bad may have happened."""
    context = chromium.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale={"es": "es-ES", "en": "en-GB"}[language],
        timezone_id="Europe/Madrid",
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        accept_downloads=True,
        has_touch=size == PHONE,
    )
    context.set_default_timeout(SECONDS * 1000)
    visitor = Visitor(house, context, context.new_page())
    if user:
        visitor.sign_in(user)
    _watch(visitor)
    try:
        yield visitor
        visitor.check()
    except BaseException:
        _leave_picture(visitor)
        raise
    finally:
        context.close()


def set_size(page: Page, size: tuple[int, int]) -> None:
    """Make the window so large."""
    page.set_viewport_size({"width": size[0], "height": size[1]})


def next_page(page: Page) -> Any:
    """Wait, at the end of a `with`, for the page that what is done in it leads to.

    It is told by its load alone: htmx notes a place in the history while a page starts, and Playwright's
    `expect_navigation` takes that for having gone.
    """
    return page.expect_event("load")


def _leave_picture(visitor: Visitor) -> None:
    """What the window showed when something failed, for whoever looks into it."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    test = os.environ.get("PYTEST_CURRENT_TEST", "visit").split("::")[-1].split(" ")[0]
    name = re.sub(r"[^A-Za-z0-9]+", "-", test).strip("-")
    with suppress(BrowserError):
        visitor.page.screenshot(path=PICTURES / f"{name}-{id(visitor.page) % 1000}.png", full_page=True)


def _watch(visitor: Visitor) -> None:
    page, trouble = visitor.page, visitor.trouble

    # A route would see them too, but while there is one, Playwright has the browser keep nothing that it fetched.
    # That nothing gets there is seen to where the browser is started.
    def asked(request: Request) -> None:
        if not request.url.startswith((visitor.house.url + "/", "data:", "blob:")):
            trouble.append(f"request to another host: {request.url}")

    def answered(response: Response) -> None:
        if response.status >= 500:
            trouble.append(f"{response.status} for {response.url}")

    page.on("request", asked)
    page.on("response", answered)
    page.on("pageerror", lambda error: trouble.append(f"script error on {page.url}: {error}"))
    page.on("dialog", lambda dialog: (trouble.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on(
        "console",
        lambda message: (
            trouble.append(f"console on {page.url}: {message.text}")
            if message.type in {"error", "warning"} or "csp" in message.text.lower()
            else None
        ),
    )
