"""Signing in through a provider, click by click, with a real one on loopback; unlinking it, and linking it again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from ecuanime.accounts.models import Identity, Role, User
from tests.browser.house import House
from tests.browser.visitor import PHONE, visiting
from tests.factories.provider import Double, running_provider

PASSWORD = "una clave bastante larga"


@pytest.fixture
def double(house: House, settings: Any) -> Iterator[Double]:
    """The provider, in which a supervisor of the firm has signed in."""
    supervisor = User.objects.get(roles=[Role.SUPERVISOR])
    with running_provider() as listening:
        listening.person = {"sub": "7", "email": supervisor.email, "email_verified": True}
        settings.ECUANIME_OIDC_INTERNAL = frozenset({listening.issuer})
        settings.ECUANIME_OIDC_PROVIDERS = (listening.as_provider(),)
        yield listening
    cache.clear()


def test_signing_in_unlinking_and_linking_again(house: House, chromium: Any, double: Double) -> None:
    with visiting(house, chromium, language="en") as visitor:
        visitor.expected.append(double.issuer)
        page = visitor.open("/cuenta/login/")
        page.get_by_role("link", name="Sign in with Casa").click()
        page.wait_for_url("**/bandeja/**")
        visitor.open("/cuenta/proveedores/")
        page.locator("form[action$='/quitar/'] button").click()
        expect(page.locator("main")).to_contain_text("None opens your account yet.")
        page.locator("form[action$='/casa/enlazar/'] button").click()
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.locator(f"main a[href^='{double.issuer}']").click()
        page.wait_for_url("**/cuenta/proveedores/")
        assert Identity.objects.get(issuer=double.issuer).unlinked_at is None


def test_who_is_not_known_reads_why_on_a_phone(house: House, chromium: Any, double: Double) -> None:
    double.person = {"sub": "8", "email": "nadie@fuera.example", "email_verified": True}
    with visiting(house, chromium, size=PHONE) as visitor:
        visitor.expected += ["status of 403", double.issuer]
        page = visitor.open("/cuenta/login/")
        page.get_by_role("link", name="Entrar con Casa").click()
        expect(page.locator("h1")).to_have_text("No se ha entrado")
        assert not visitor.has_sideways_scroll()
        assert page.locator("main a[href='/cuenta/login/']").is_visible()
