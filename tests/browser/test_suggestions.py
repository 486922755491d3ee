"""What is offered while one writes: in a filter, and after @ in a note, by keys alone and on a phone."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from ecuanime.accounts.models import Role, User
from tests.browser.axe import violations
from tests.browser.house import House
from tests.browser.visitor import PHONE, next_page, visiting


def offered(page: Page) -> Any:
    return page.locator(".ec-offers:not([hidden]) [role=option]")


def test_a_filter_is_written_by_what_is_offered(house: House, chromium: Any) -> None:
    with visiting(house, chromium, user=User.objects.get(roles=[Role.TECHNICIAN])) as visitor:
        page = visitor.open("/bandeja/todos/")
        box, keys = page.locator("#narrow"), page.keyboard
        box.focus()
        keys.type("priori")
        expect(offered(page)).to_have_count(1)
        expect(box).to_have_attribute("aria-expanded", "true")
        assert box.get_attribute("aria-activedescendant") is None, "Enter would ask for the list"
        keys.press("ArrowDown")
        expect(box).to_have_attribute("aria-activedescendant", offered(page).first.get_attribute("id") or "")
        keys.press("Enter")
        expect(box).to_have_value("priority:")
        expect(offered(page)).to_have_count(4)
        assert violations(page) == []
        keys.press("ArrowUp")
        keys.press("Tab")
        expect(box).to_have_value("priority:low")
        expect(box).to_be_focused()
        keys.type(" eti")
        expect(offered(page)).to_have_count(1)
        keys.press("Escape")
        expect(offered(page)).to_have_count(0)
        expect(box).to_have_value("priority:low eti")
        for _ in " eti":
            keys.press("Backspace")
        with next_page(page):
            keys.press("Enter")
        assert "q=priority%3Alow" in page.url


def test_whoever_writes_faster_than_the_answers_come_loses_no_letter(house: House, chromium: Any) -> None:
    with visiting(house, chromium, user=User.objects.get(roles=[Role.TECHNICIAN])) as visitor:
        page = visitor.open("/bandeja/todos/")
        box, keys = page.locator("#narrow"), page.keyboard
        box.focus()
        keys.type("prio")
        expect(offered(page)).to_have_count(1)
        page.route("**/bandeja/completar/**", lambda _route: None)  # no answer comes any more
        keys.type("ri")
        keys.press("ArrowDown")
        keys.press("Enter")
        expect(box).to_have_value("priority:")
        page.unroute("**/bandeja/completar/**")
        box.fill("prio")
        expect(offered(page)).to_have_count(1)
        keys.type(" ")
        expect(offered(page)).to_have_count(0)
        expect(box).to_have_value("prio ")


def test_a_colleague_is_named_in_a_note(house: House, chromium: Any) -> None:
    user = User.objects.get(roles=[Role.TECHNICIAN])
    colleague = User.objects.get(roles=[Role.SUPERVISOR])
    with visiting(house, chromium, user=user) as visitor:
        page = visitor.open("/bandeja/todos/")
        page.locator("[data-row] [data-open]").first.dblclick()
        page.wait_for_url("**/tickets/*/**")
        keys = page.keyboard
        keys.press("n")
        keys.type(f"Mira, @{colleague.name[:3].lower()}")
        expect(offered(page).first).to_contain_text(colleague.name)
        assert violations(page) == []
        keys.press("Enter")
        area = page.locator("#body-note")
        expect(area).to_have_value(f"Mira, @{colleague.name} ")
        keys.type("por favor")
        keys.press("Enter")
        expect(area).to_have_value(f"Mira, @{colleague.name} por favor\n")
        with next_page(page):
            keys.press("Control+Enter")
        expect(page.locator("#hilo .ec-msg.note").last).to_contain_text("por favor")


def test_a_finger_takes_what_is_offered(house: House, chromium: Any) -> None:
    with visiting(
        house, chromium, user=User.objects.get(roles=[Role.TECHNICIAN]), size=PHONE, language="en"
    ) as visitor:
        page = visitor.open("/bandeja/todos/")
        page.locator("#narrow").tap()
        page.keyboard.type("es:")
        expect(offered(page).first).to_be_visible()
        assert not visitor.has_sideways_scroll()
        offered(page).first.tap()
        assert page.locator("#narrow").input_value().startswith("es:")
        expect(page.locator("#narrow")).to_be_focused()
