"""Working without a mouse: the keys of the desk, and a focus that can always be seen."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from ecuanime.accounts.models import Role, User
from ecuanime.tickets.models import Message
from ecuanime.worklog.models import TimeEntry, Timer
from tests.browser.house import House
from tests.browser.keys import RING
from tests.browser.visitor import next_page, visiting


def test_a_morning_by_keys_alone(house: House, chromium: Any) -> None:
    """Choose in the inbox, open, answer, note, start and stop the timer, ask for help, go back."""
    user = User.objects.get(roles=[Role.TECHNICIAN])
    with visiting(house, chromium, user=user) as visitor:
        page = visitor.open("/bandeja/abiertos/")
        keys = page.keyboard
        keys.press("j")
        keys.press("j")
        keys.press("k")
        chosen = page.locator("[data-row].cur")
        expect(chosen).to_have_count(1)
        assert chosen.evaluate("(row) => row.contains(document.activeElement)")
        keys.press("Enter")
        page.wait_for_url("**/tickets/*/**")
        written = Message.objects.count()
        write(page, "r", "Lo miramos ahora mismo, sin ratón.")
        expect(page.locator("#hilo")).to_contain_text("sin ratón")
        write(page, "n", "Nota sin ratón: llamar al proveedor.")
        expect(page.locator("#hilo .ec-msg.note").last).to_contain_text("llamar al proveedor")
        assert Message.objects.count() == written + 2
        Timer.objects.filter(user=user).delete()
        visitor.open(page.url)
        keys.press("t")
        expect(page.locator(".ec-running")).to_be_visible()
        visitor.settle()
        house.clock.forward(minutes=20)
        entries = TimeEntry.objects.filter(user=user).count()
        keys.press("t")
        expect(page.locator(".ec-running")).to_have_count(0)
        visitor.settle()
        assert TimeEntry.objects.filter(user=user).count() == entries + 1
        keys.press("?")
        expect(page.locator("#ec-keys")).to_be_visible()
        keys.press("Escape")
        expect(page.locator("#ec-keys")).to_be_hidden()
        keys.press("Escape")
        page.wait_for_url("**/bandeja/**")


def write(page: Page, key: str, text: str) -> None:
    """Open the reply or the note by its key, write, and send by Ctrl and Enter."""
    page.keyboard.press(key)
    page.keyboard.type(text)
    with next_page(page):
        page.keyboard.press("Control+Enter")


def test_the_sections_and_the_search_have_their_keys(house: House, chromium: Any) -> None:
    with visiting(house, chromium, user=User.objects.get(roles=[Role.ADMINISTRATOR])) as visitor:
        page = visitor.open("/bandeja/abiertos/")
        for key, address in {"c": "/clientes/", "h": "/horas/", "f": "/facturas/", "b": "/bandeja/"}.items():
            page.keyboard.press("g")
            with next_page(page):
                page.keyboard.press(key)
            assert address in page.url
        page.keyboard.press("/")
        page.keyboard.type("impresora")
        with next_page(page):
            page.keyboard.press("Enter")
        assert "/buscar/" in page.url


def test_keys_can_be_turned_off(house: House, chromium: Any) -> None:
    user = User.objects.get(roles=[Role.BILLING])
    User.objects.filter(pk=user.pk).update(single_keys=False)
    with visiting(house, chromium, user=user) as visitor:
        page = visitor.open("/facturas/")
        page.keyboard.press("?")
        page.keyboard.press("j")
        expect(page.locator("#ec-keys")).to_be_hidden()
        expect(page.locator("[data-row].cur")).to_have_count(0)


def test_focus_can_be_seen_and_the_frame_skipped(house: House, chromium: Any) -> None:
    """The first stop leads past the frame; every stop after it shows where one is."""
    with visiting(house, chromium, user=User.objects.get(roles=[Role.TECHNICIAN])) as visitor:
        page = visitor.open("/bandeja/abiertos/")
        page.keyboard.press("Tab")
        expect(page.locator(".ec-skip")).to_be_focused()
        expect(page.locator(".ec-skip")).to_be_in_viewport()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "contenido"
        for path in ("/bandeja/abiertos/", "/horas/mi-dia/"):
            visitor.open(path)
            for _stop in range(30):
                page.keyboard.press("Tab")
                tag, is_seen = page.evaluate(RING)
                assert is_seen or tag == "BODY", page.evaluate(
                    "document.activeElement.outerHTML.slice(0, 200)"
                )
