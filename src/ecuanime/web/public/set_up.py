"""The set-up: only who holds the link printed at the start may create the firm and its first administrator."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core.ratelimit import consume
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ecuanime.accounts.queries import has_administrator
from ecuanime.accounts.setup import setup_is_open
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.staff.actions import set_up_firm
from ecuanime.staff.queries import current_firm
from ecuanime.web.guards import public
from ecuanime.web.office.settings.frame import steps
from ecuanime.web.public.set_up_forms import SetUpForm
from ecuanime.web.public.sign_in import limited
from ecuanime.web.refusals import tell


@public
@never_cache
def setup(request: HttpRequest) -> HttpResponse:
    """Where everybody arrives before the firm is set up: it says where the link is. Afterwards it leads home."""
    if current_firm() is not None and has_administrator():
        return redirect("home")
    return render(request, "public/setup_wait.html")


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, token: str) -> HttpResponse:
    """The first step: firm, country and administrator. Closed to all but the holder of the current link."""
    if not setup_is_open(token):
        return render(request, "public/setup_closed.html", {"is_set_up": has_administrator()}, status=404)
    form = SetUpForm(request.POST or None, initial={"country": _guessed_country(request)})
    if request.method == "POST":
        if not consume(request, action="set_up"):
            return limited(request)
        if form.is_valid():
            try:
                administrator = set_up_firm(
                    token=token, language=get_language() or "es", now=read_clock(), **form.cleaned_data
                )
            except Refused as refusal:
                tell(form, refusal)
            else:
                record_authentication(request, administrator, method="set_up")
                login = Login(user=administrator, redirect_url=reverse("setup_firm"))
                response: HttpResponse = perform_login(request, login)
                return response
    context = {"form": form, "steps": steps("begin", is_setup=True), "token": token}
    return render(request, "public/setup_begin.html", context, status=422 if form.errors else 200)


def _guessed_country(request: HttpRequest) -> str:
    """What the browser's first language suggests (`es-MX`); Spain when it says no country."""
    first = request.headers.get("Accept-Language", "").split(",")[0].partition("-")[2][:2].upper()
    known = {code for code, _name in SetUpForm.countries()}
    return first if first in known else "ES"
