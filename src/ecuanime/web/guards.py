"""Who may open a view: every view wears exactly one of these, and a test walks all addresses to prove it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from ecuanime.accounts.models import User
from ecuanime.clients.models import Contact
from ecuanime.staff.models import Firm


class StaffRequest(HttpRequest):
    """A request of a person of the firm; `firm` was read once for it."""

    user: User
    firm: Firm


class PortalRequest(HttpRequest):
    """A request of a client's contact, who is at hand as `contact`."""

    user: User
    contact: Contact


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """Lead whoever is not signed in to the sign-in page and back; a part of a page hears 401, for its script to say."""
    if request.headers.get("HX-Request") == "true" or "X-Live" in request.headers:
        return HttpResponse(status=401)
    where = request.get_full_path() if request.method in {"GET", "HEAD"} else page_before(request) or "/"
    return redirect_to_login(where)


def page_before(request: HttpRequest) -> str:
    """The page of ours from which a request was sent, as path and query; empty when there is none."""
    before = urlsplit(request.headers.get("Referer", ""))
    is_ours = before.netloc == request.get_host() and before.path.startswith("/")
    where = f"{before.path}?{before.query}" if before.query else before.path
    return where if is_ours and not where.startswith("//") else ""


def public(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Anybody may open it."""
    view.guard = "public"  # type: ignore[attr-defined]  # read by the test that walks all addresses
    return view


def for_staff(*roles: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """People of the firm; with `roles`, only those who have one of them (an administrator has all)."""

    def guard(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return sign_in_first(request)
            user = request.user
            if not user.is_of_firm or (roles and not user.has_role(*roles)):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.guard = ("staff", *roles)  # type: ignore[attr-defined]  # read by the test that walks all addresses
        return guarded

    return guard


def for_contacts(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Contacts of clients; `request.contact` is theirs."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return sign_in_first(request)
        if getattr(request, "contact", None) is None:  # who it is, the middleware has found out
            raise PermissionDenied
        return view(request, *args, **kwargs)

    guarded.guard = ("portal",)  # type: ignore[attr-defined]  # read by the test that walks all addresses
    return guarded


def for_signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Anybody with an account."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return sign_in_first(request)
        return view(request, *args, **kwargs)

    guarded.guard = ("signed_in",)  # type: ignore[attr-defined]  # read by the test that walks all addresses
    return guarded


def person_of(request: HttpRequest) -> User:
    """Who asks; the guard has seen to it that there is one."""
    return cast(User, request.user)
