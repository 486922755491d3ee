"""One's own account: name, phone, language, zone, keys, and the tokens of one's programs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ecuanime.accounts.actions import issue_api_token, revoke_api_token, update_profile
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.web.components.toasts import say
from ecuanime.web.guards import for_signed_in, for_staff, person_of
from ecuanime.web.public.own_account_forms import ProfileForm, TokenForm
from ecuanime.web.refusals import tell


@for_signed_in
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """What a person may change of their own, and the ways to their security."""
    user = person_of(request)
    form = ProfileForm(request.POST or None, initial=ProfileForm.initial_of(user), user=user)
    if request.method == "POST" and form.is_valid():
        try:
            update_profile(user=user, now=read_clock(), **form.cleaned_data)
        except Refused as refusal:
            tell(form, refusal)
        else:
            say(request, _("Your account was changed."))
            return redirect("account")
    return render(request, "account/profile.html", {"form": form}, status=422 if form.errors else 200)


@for_staff()
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The keys of one's programs. A new one is shown once, in the answer that made it."""
    user = person_of(request)
    form, secret, now = TokenForm(request.POST or None), "", read_clock()
    if request.method == "POST" and form.is_valid():
        try:
            _token, secret = issue_api_token(
                user=user,
                name=form.cleaned_data["name"],
                scope=form.cleaned_data["scope"],
                expires_at=form.expires_at(now),
                now=now,
            )
        except Refused as refusal:
            tell(form, refusal)
        else:
            form = TokenForm()
    kept = user.api_tokens.order_by("-created_at", "-pk")[:100]
    rows = [{"token": token, "usable": token.is_usable(now)} for token in kept]
    return render(
        request,
        "account/tokens.html",
        {"form": form, "rows": rows, "secret": secret},
        status=422 if form.errors else 200,
    )


@for_staff()
@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own keys."""
    user = person_of(request)
    revoke_api_token(token=get_object_or_404(user.api_tokens, pk=pk), now=read_clock())
    say(request, _("The token no longer works."))
    return redirect("account_tokens")
