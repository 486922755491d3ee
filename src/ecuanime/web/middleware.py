"""What every response and every request needs: security headers, the person's language and zone, set-up first."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation

from ecuanime.accounts.models import Language, User
from ecuanime.billing.cards import stripe
from ecuanime.clients.queries import contact_of
from ecuanime.foundation.addresses import client_address
from ecuanime.foundation.audit import SYSTEM, Actor, acting_as
from ecuanime.staff.queries import current_firm

Handler = Callable[[HttpRequest], HttpResponse]

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
    )
)
PAYS_AT_STRIPE = CONTENT_SECURITY_POLICY.replace("form-action 'self'", f"form-action 'self' {stripe.PAGES}")
"""Of pages with a form that is answered by the way to Stripe's page: browsers hold the redirect against it."""
PROBE = "/healthz"  # answers without the database too, so nothing may be read for it on the way
OPEN_BEFORE_SETUP = ("/static/", PROBE, "/inicio/", "/idioma/", "/tema/", "/robots.txt")


def headers(get_response: Handler) -> Handler:
    """Add the content policy and the rest of the headers to every response, static files included."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return respond


def person(get_response: Handler) -> Handler:
    """Speak the person's language, show times in their zone, and record what they do under their name."""

    def respond(request: HttpRequest) -> HttpResponse:
        if request.path == PROBE:
            return get_response(request)
        user = request.user if isinstance(request.user, User) else None
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        chosen = chosen if chosen in Language.values else None
        firm = request.firm = current_firm()  # type: ignore[attr-defined]  # read once for the whole request
        language = (
            user.language if user else chosen or _accepted(request) or (firm.language if firm else "es")
        )
        zone = (user and user.time_zone) or (firm.time_zone if firm else "UTC")
        actor = Actor(user.pk, str(user), client_address(request)) if user else SYSTEM
        contact = contact_of(user) if user and not user.is_of_firm else None
        request.contact = contact  # type: ignore[attr-defined]  # declared by PortalRequest
        spoken = contact.client.addressed_in(language) if contact else language
        with translation.override(spoken), timezone.override(ZoneInfo(zone)), acting_as(actor):
            request.LANGUAGE_CODE = language  # Django's templates read it
            response = get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response

    return respond


def text_only(get_response: Handler) -> Handler:
    """Refuse what holds a NUL, which no text of ours has and the database cannot look for. The API says so itself."""

    def respond(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/api/"):
            given = [request.GET, request.POST]
            texts = [text for each in given for name, values in each.lists() for text in (name, *values)]
            if any("\x00" in text for text in (request.path, *texts)):
                raise BadRequest("a NUL in the address or the form")
        return get_response(request)

    return respond


def setup_first(get_response: Handler) -> Handler:
    """Until the firm is set up, every address leads to the set-up page."""

    def respond(request: HttpRequest) -> HttpResponse:
        is_set_up = getattr(request, "firm", None) is not None
        if not is_set_up and not request.path.startswith(OPEN_BEFORE_SETUP):
            return redirect("setup")
        return get_response(request)

    return respond


def _accepted(request: HttpRequest) -> str:
    return (
        translation.get_language_from_request(request).split("-")[0]
        if "HTTP_ACCEPT_LANGUAGE" in request.META
        else ""
    )
