"""Home, and what search engines are told."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from ecuanime.accounts.models import User
from ecuanime.web.guards import public


@public
def home(request: HttpRequest) -> HttpResponse:
    """Lead everybody to where they work: the inbox, the portal, or the sign-in page."""
    if not isinstance(request.user, User):
        return redirect("account_login")
    return redirect("/bandeja/" if request.user.is_of_firm else "/portal/")


@public
def robots(request: HttpRequest) -> HttpResponse:
    """Nothing here is for search engines."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")
