"""Language and theme, for visitors and for people who are signed in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from ecuanime.accounts.actions import change_language
from ecuanime.accounts.models import Language, User
from ecuanime.foundation.clock import read_clock
from ecuanime.web.guards import public

A_YEAR = 365 * 24 * 3600
THEMES = ("auto", "light", "dark")


@public
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Speak the chosen language from now on: in this browser, and in the account of whoever is signed in."""
    response = redirect(_way_back(request))
    language = request.POST.get("language", "")
    if language in Language.values:
        if isinstance(request.user, User):
            change_language(user=request.user, language=language, now=read_clock())
        _remember(response, settings.LANGUAGE_COOKIE_NAME, language)
    return response


@public
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the system says, in this browser."""
    response = redirect(_way_back(request))
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        _remember(response, "ec_theme", theme)
    return response


def _way_back(request: HttpRequest) -> str:
    """The page they came from, if it is one of ours."""
    asked = request.POST.get("next", "")
    safe = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if safe else "/"


def _remember(response: HttpResponse, name: str, value: str) -> None:
    # The theme is read and set by a script too, which is why these cookies are not HttpOnly.
    response.set_cookie(name, value, max_age=A_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
