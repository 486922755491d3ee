"""A passkey is added, signs in alone, and is asked for as second factor, with the browser's own authenticator."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from ecuanime.accounts.models import Role, User
from tests.browser.house import House
from tests.browser.visitor import visiting

PASSWORD = "una clave bastante larga"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def named(house: House, settings: Any) -> House:
    """The house by a name: passkeys belong to names, not to numbers."""
    settings.ECUANIME_URL = house.url.replace("127.0.0.1", "localhost")
    return replace(house, url=settings.ECUANIME_URL)


def test_a_passkey_from_the_first_to_the_last(named: House, chromium: Any) -> None:
    user = User.objects.get(roles=[Role.SUPERVISOR])
    with visiting(named, chromium, user=user, language="en") as visitor:
        page = visitor.page
        devtools = visitor.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        visitor.open("/cuenta/2fa/passkeys/nueva/")
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.check("input[name=passwordless]")
        page.click("[data-passkey-button]")
        page.wait_for_url("**/cuenta/2fa/codes/")
        assert Authenticator.objects.get(user=user, type="webauthn").wrap().is_passwordless
        visitor.context.clear_cookies()
        visitor.open("/cuenta/login/")
        enter_by_passkey(page)
        visitor.context.clear_cookies()
        visitor.open("/cuenta/login/")
        page.fill("input[name=login]", user.email)
        page.fill("input[name=password]", PASSWORD)
        page.click("form[action='/cuenta/login/'] button[type=submit]")
        page.wait_for_url("**/cuenta/2fa/authenticate/")
        enter_by_passkey(page)


def enter_by_passkey(page: Page) -> None:
    page.click("[data-passkey-button]")
    page.wait_for_url("**/bandeja/**")
    expect(page.locator("h1").first).to_be_visible()
