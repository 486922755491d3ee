"""The demo from outside: filled in from the set-up page, waited for, and entered as any of its people."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core.ratelimit import consume
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ecuanime.accounts.models import User
from ecuanime.accounts.setup import setup_is_open
from ecuanime.demo.actions import ask_for_demo
from ecuanime.demo.progress import Progress, Stage, progress
from ecuanime.demo.queries import demo_accounts
from ecuanime.foundation.errors import Refused
from ecuanime.staff.queries import current_firm
from ecuanime.web.components.toasts import say_refused
from ecuanime.web.guards import public
from ecuanime.web.public.sign_in import limited


@public
@never_cache
@require_POST
def ask(request: HttpRequest, token: str) -> HttpResponse:
    """Fill the demo in, for the holder of the set-up link alone; then wait for it."""
    if not setup_is_open(token):
        return redirect("setup_begin", token)
    if not consume(request, action="set_up"):
        return limited(request)
    try:
        ask_for_demo()
    except Refused as refusal:
        say_refused(request, str(refusal))
        return redirect("setup_begin", token)
    return redirect("demo_wait")


@public
@never_cache
@require_safe
def wait(request: HttpRequest) -> HttpResponse:
    """How far the demo is. Once it is there this leads on to the sign-in page, which names its people."""
    stand = _stand()
    if stand is None or stand.stage == Stage.DONE:
        return redirect("setup")
    return render(request, "public/demo_wait.html", {"progress": stand})


@public
@never_cache
@require_safe
def wait_part(request: HttpRequest) -> HttpResponse:
    """The part of that page that asks again until the demo is there, and then leads on."""
    stand = _stand()
    response = render(request, "public/demo_progress.html", {"progress": stand})
    if stand is not None and stand.stage == Stage.DONE:
        response.headers["HX-Redirect"] = reverse("account_login")
    return response


def _stand() -> Progress | None:
    """How far it is; a firm that is there is a demo that is done, also for who asks an hour later."""
    return Progress(Stage.DONE, 100) if current_firm() is not None else progress()


@public
@never_cache
@require_POST
def become(request: HttpRequest) -> HttpResponse:
    """Go on as another person of the demo: their password is on the sign-in page anyway. Elsewhere not found."""
    firm, email = current_firm(), request.POST.get("email", "")
    if firm is None or not firm.is_demo or email not in {one.email for one in demo_accounts()}:
        raise Http404
    user = get_object_or_404(User, email=email, is_active=True)
    if request.user.is_authenticated:
        get_adapter().logout(request)
    record_authentication(request, user, method="demo")
    response: HttpResponse = perform_login(
        request, Login(user=user, email=user.email, redirect_url=reverse("home"))
    )
    return response
