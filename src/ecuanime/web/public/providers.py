"""Signing in through a provider of OpenID Connect, and which of them open one's own account."""

from __future__ import annotations

import logging
import time
from dataclasses import asdict

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.models import Login
from allauth.core.internal.ratelimit import consume
from allauth.mfa.internal.constants import LoginStageKey
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ecuanime.accounts.actions import link_identity, unlink_identity, use_identity
from ecuanime.accounts.models import User
from ecuanime.accounts.openid.asking import Attempt, address_at_provider, new_attempt, who_came_back
from ecuanime.accounts.openid.errors import Unproven, Unreachable
from ecuanime.accounts.openid.tokens import Claims
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.sign_in_providers import Provider
from ecuanime.web.components.toasts import say, say_refused
from ecuanime.web.guards import for_signed_in, person_of, public
from ecuanime.web.public.sign_in import limited

KEPT_SECONDS = 600
_ATTEMPT = "ec_provider_attempt"

logger = logging.getLogger(__name__)


@public
@never_cache
@require_safe
def begin(request: HttpRequest, key: str) -> HttpResponse:
    """Send somebody to the provider. By GET, because the content policy lets no form lead to another host."""
    provider = _provider(key)
    if not _is_within_limit(request):
        return limited(request)
    goes_to = request.GET.get("next", "")
    attempt = new_attempt(
        provider, begun_at=time.time(), goes_to=goes_to if get_adapter().is_safe_url(goes_to) else ""
    )
    try:
        return redirect(_start(request, provider, attempt))
    except Unreachable as error:
        return _unreachable(request, provider, error)


@public
@never_cache
@require_safe
def back(request: HttpRequest, key: str) -> HttpResponse:
    """Somebody comes back from the provider: signs them in, or links them to the account that asked for it."""
    provider = _provider(key)
    if not _is_within_limit(request):
        return limited(request)
    kept = request.session.pop(_ATTEMPT, None)
    attempt = Attempt(**kept) if kept else None
    if attempt is None or not 0 <= time.time() - attempt.begun_at <= KEPT_SECONDS:
        return _unproven(request, provider, Unproven("no_attempt"))
    if "error" in request.GET or "code" not in request.GET:
        return _unproven(request, provider, Unproven("refused_there"))
    try:
        claims = who_came_back(
            provider,
            attempt,
            state=request.GET.get("state", ""),
            code=request.GET["code"],
            issuer=request.GET.get("iss"),
            redirect_uri=_redirect_uri(provider),
        )
    except Unreachable as error:
        return _unreachable(request, provider, error)
    except Unproven as error:
        return _unproven(request, provider, error)
    if attempt.links_to is not None:
        return _link(request, attempt.links_to, claims)
    return _enter(request, provider, attempt, claims)


@for_signed_in
@require_safe
def identities(request: HttpRequest) -> HttpResponse:
    """The providers, and who at each of them opens the account."""
    user = person_of(request)
    live = list(user.identities.filter(unlinked_at=None).order_by("linked_at", "pk"))
    by_issuer = {identity.issuer: identity for identity in live}
    providers: tuple[Provider, ...] = settings.ECUANIME_OIDC_PROVIDERS
    names = {provider.issuer: provider.name for provider in providers}
    context = {
        "linked": [{"identity": one, "name": names.get(one.issuer, one.issuer)} for one in live],
        "others": [provider for provider in providers if provider.issuer not in by_issuer],
    }
    return render(request, "account/identities.html", context)


@for_signed_in
@never_cache
@require_POST
def link(request: HttpRequest, key: str) -> HttpResponse:
    """Ready to link somebody at the provider; the page holds the way there, since no form may lead to another host."""
    provider = _provider(key)
    raise_if_reauthentication_required(
        request, app="account"
    )  # the library then asks, and repeats the request
    if not _is_within_limit(request):
        return limited(request)
    attempt = new_attempt(provider, begun_at=time.time(), links_to=person_of(request).pk)
    try:
        address = _start(request, provider, attempt)
    except Unreachable as error:
        return _unreachable(request, provider, error)
    return render(request, "account/identity_link.html", {"provider": provider, "address": address})


@for_signed_in
@require_POST
def unlink(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody at a provider enter one's account no more."""
    user = person_of(request)
    unlink_identity(identity=get_object_or_404(user.identities, pk=pk), now=read_clock())
    say(request, _("It no longer opens your account."))
    return redirect("account_identities")


def _provider(key: str) -> Provider:
    providers: tuple[Provider, ...] = settings.ECUANIME_OIDC_PROVIDERS
    found = next((provider for provider in providers if provider.key == key), None)
    if found is None:
        raise Http404
    return found


def _is_within_limit(request: HttpRequest) -> bool:
    """Whether this address may ask once more; the library's outer door would not count a GET."""
    return bool(consume(request, app="allauth.account", action="provider", limit_get=True))


def _redirect_uri(provider: Provider) -> str:
    """Where the provider sends people back: the firm's own address, whatever a request calls it."""
    return f"{settings.ECUANIME_URL}{reverse('provider_back', args=[provider.key])}"


def _start(request: HttpRequest, provider: Provider, attempt: Attempt) -> str:
    address = address_at_provider(provider, attempt, _redirect_uri(provider))
    request.session[_ATTEMPT] = asdict(attempt)
    return address


def _enter(request: HttpRequest, provider: Provider, attempt: Attempt, claims: Claims) -> HttpResponse:
    """Through the library's own flow, so that a second factor is asked for unless the provider has."""
    try:
        user = use_identity(claims=claims, now=read_clock())
    except Refused as refusal:
        logger.warning("sign-in through %s was refused: %s", provider.key, refusal.code)
        return _failed(request, provider, str(refusal), 403)
    if request.user.is_authenticated:
        get_adapter().logout(request)
    record_authentication(request, user, method="provider", provider=provider.key)
    handled = {LoginStageKey.MFA_AUTHENTICATE.value: {"handled": True}} if provider.does_second_factor else {}
    login = Login(
        user=user, email=user.email, redirect_url=attempt.goes_to or None, state={"stages": handled}
    )
    response: HttpResponse = perform_login(request, login)
    return response


def _link(request: HttpRequest, links_to: int, claims: Claims) -> HttpResponse:
    if not isinstance(request.user, User) or request.user.pk != links_to:
        return redirect("account_login")
    try:
        link_identity(user=request.user, claims=claims, now=read_clock())
    except Refused as refusal:
        say_refused(request, str(refusal))
    else:
        say(request, _("It opens your account from now on."))
    return redirect("account_identities")


def _unreachable(request: HttpRequest, provider: Provider, error: Unreachable) -> HttpResponse:
    logger.warning("the sign-in provider %s cannot be used: %s", provider.key, error)
    said = _("%(name)s does not answer as it should. Try again in a moment, or sign in another way.")
    return _failed(request, provider, said % {"name": provider.name}, 502)


def _unproven(request: HttpRequest, provider: Provider, error: Unproven) -> HttpResponse:
    logger.warning("sign-in through %s proved nobody: %s", provider.key, error)
    said = _("What came back from %(name)s does not prove who signs in, so nobody was signed in.")
    return _failed(request, provider, said % {"name": provider.name}, 400)


def _failed(request: HttpRequest, provider: Provider, why: str, status: int) -> HttpResponse:
    context = {"provider": provider, "why": why}
    return render(request, "account/provider_failed.html", context, status=status)
