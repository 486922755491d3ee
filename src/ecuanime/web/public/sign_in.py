"""Signing in by a link, and asking for another password: the answer never tells who has an account."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.views import LoginView, PasswordResetView
from allauth.core.ratelimit import consume, respond_429
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ecuanime.accounts.actions import redeem_sign_in_link
from ecuanime.accounts.jobs import send_sign_in_link
from ecuanime.accounts.models import SignInLink
from ecuanime.accounts.queries import link_is_usable
from ecuanime.emergencies.published import takes_strangers
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.web.guards import public
from ecuanime.web.public.sign_in_forms import AddressForm

reset_password = PasswordResetView.as_view()


class SignInView(LoginView):
    """The library's page, which shows the way to the form for emergencies too, where the firm has one."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the page shows."""
        return {**super().get_context_data(**kwargs), "has_emergency_door": takes_strangers()}


sign_in = SignInView.as_view()


@public
@never_cache
@require_http_methods(["GET", "POST"])
def ask_link(request: HttpRequest) -> HttpResponse:
    """Ask for a link by mail; known and unknown addresses get the same page after the same work."""
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"].lower()
        if not consume(request, action="ask_link", key=email):
            return limited(request)
        send_sign_in_link.defer(email=email)
        return redirect("sign_in_link_sent")
    return render(request, "account/ask_link.html", {"form": form})


@public
def link_sent(request: HttpRequest) -> HttpResponse:
    """What happens next, whoever asked."""
    return render(request, "account/link_sent.html")


@public
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_with_link(request: HttpRequest, token: str) -> HttpResponse:
    """A page with one button: opening it (as mail scanners do) uses nothing up, pressing it does.

    A second factor is still asked for where the account has one.
    """
    now = read_clock()
    if request.method != "POST":
        usable = link_is_usable(token, now)
        return render(request, "account/link.html", {"usable": usable}, status=200 if usable else 410)
    if not consume(request, action="redeem_link"):
        return limited(request)
    try:
        link = redeem_sign_in_link(token=token, now=now)
    except Refused:
        return render(request, "account/link.html", {"usable": False}, status=410)
    return _enter(request, link)


def or_by_link(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The library's page that asks for a password or a code; whoever has neither is led to a link or a password."""

    @never_cache
    @wraps(view)
    def confirm(request: HttpRequest) -> HttpResponse:
        if get_adapter().get_reauthentication_methods(request.user):
            return view(request)
        return render(request, "account/reauthenticate_by_link.html")

    return confirm


def limited(request: HttpRequest) -> HttpResponse:
    """Too many tries: says when to try again, 429."""
    response: HttpResponse = respond_429(request)
    return response


def _enter(request: HttpRequest, link: SignInLink) -> HttpResponse:
    """Through the library's own flow, so that its stages (second factor, closed account) apply."""
    if request.user.is_authenticated:
        get_adapter().logout(request)
    chooses_password = link.purpose == SignInLink.Purpose.INVITATION and link.user.is_of_firm
    after = reverse("account_set_password") if chooses_password else None
    record_authentication(request, link.user, method="mail_link")
    response: HttpResponse = perform_login(
        request, Login(user=link.user, email=link.user.email, redirect_url=after)
    )
    return response
