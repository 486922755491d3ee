"""The public form: anybody asks, proves their address by a link, and only then a ticket opens.

Whoever writes there is shown nothing of anybody, and gets the same page whether a mail goes out or not.
"""

from __future__ import annotations

from typing import Any

from allauth.core.ratelimit import consume
from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ecuanime.channels.web.actions import LONGEST_TEXT, confirm_request, link_works, take_request
from ecuanime.emergencies.published import takes_strangers
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.staff.models import ProductArea
from ecuanime.staff.queries import current_firm, product_areas
from ecuanime.web.guards import public
from ecuanime.web.public.open_forms import OpenForm, seen_now
from ecuanime.web.public.sign_in import limited
from ecuanime.web.refusals import tell


class AskForm(OpenForm):
    """What somebody asks."""

    name = forms.CharField(label=_("Your name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    area = forms.ModelChoiceField(
        label=_("About what"),
        queryset=ProductArea.objects.none(),
        required=False,
        empty_label=_("something else"),
    )
    subject = forms.CharField(label=_("What it is about, in a few words"), max_length=200)
    text = forms.CharField(
        label=_("What happens, and since when"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area: Any = self.fields["area"]
        area.queryset = product_areas()
        if not area.queryset.exists():
            del self.fields["area"]


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The form, and what follows it."""
    _offered_or_404()
    form = AskForm(request.POST or None, initial={"seen": seen_now()})
    if request.method != "POST":
        return render(request, "public/ask.html", {"form": form, "has_emergency_door": takes_strangers()})
    if not consume(request, action="web_form"):
        return limited(request)
    if form.is_valid():
        if form.is_of_a_program():
            return redirect("ask_sent")
        if not consume(request, action="web_form_address", key=form.cleaned_data["email"].lower()):
            return limited(request)
        asked = form.cleaned_data
        try:
            take_request(
                name=asked["name"],
                email=asked["email"],
                subject=asked["subject"],
                text=asked["text"],
                area=asked.get("area"),
                language=get_language() or "",
                now=read_clock(),
            )
        except Refused as refusal:
            tell(form, refusal)
        else:
            return redirect("ask_sent")
    context = {"form": form, "has_emergency_door": takes_strangers()}
    return render(request, "public/ask.html", context, status=422)


@public
@require_http_methods(["GET", "HEAD"])
def sent(request: HttpRequest) -> HttpResponse:
    """What happens next, whoever asked."""
    _offered_or_404()
    return render(request, "public/ask_sent.html")


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A page with one button: opening it (as mail scanners do) sends nothing, pressing it does."""
    now = read_clock()
    if request.method != "POST":
        works = link_works(token, now)
        return render(request, "public/ask_confirm.html", {"works": works}, status=200 if works else 410)
    if not consume(request, action="redeem_link"):
        return limited(request)
    try:
        ticket = confirm_request(token=token, now=now)
    except Refused:
        return render(request, "public/ask_confirm.html", {"works": False}, status=410)
    return render(request, "public/ask_confirm.html", {"works": True, "ticket": ticket})


def _offered_or_404() -> None:
    firm = current_firm()
    if firm is None or not firm.takes_public_requests:
        raise Http404
