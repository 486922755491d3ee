"""The door for emergencies of firms that are not known: a form, and a link that proves the address.

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

from ecuanime.contracts.words import opening
from ecuanime.emergencies import actions
from ecuanime.emergencies.actions import Declared, Stranger
from ecuanime.emergencies.links import standing_way
from ecuanime.emergencies.published import Published, published_or_none, takes_strangers
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.staff.models import ProductArea
from ecuanime.web.guards import public
from ecuanime.web.public.open_forms import OpenForm, seen_now
from ecuanime.web.public.sign_in import limited
from ecuanime.web.refusals import tell


def _line(label: Any, most: int, **attrs: str) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=forms.TextInput(attrs=attrs))


class StrangerForm(OpenForm):
    """What somebody whom the firm does not know says of their emergency, and who they are."""

    area = forms.ModelChoiceField(
        label=_("About what"), queryset=ProductArea.objects.none(), empty_label=None
    )
    facts = forms.CharField(
        label=_("What has stopped working?"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )
    since = forms.CharField(label=_("Since when?"), max_length=200, required=False)
    critical = forms.CharField(
        label=_("What is critical meanwhile?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    desired = forms.CharField(
        label=_("When would you call it normal again?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    available = forms.CharField(label=_("Who can we reach, and how?"), max_length=300, required=False)
    firm = _line(_("Your firm"), 160, autocomplete="organization")
    name = _line(_("Your name"), 120, autocomplete="name")
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )

    def __init__(self, found: Published, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["area"].queryset = ProductArea.objects.filter(pk__in=[area.pk for area in found.areas])

    def declared(self) -> Declared:
        """What was said of the emergency."""
        names = ("area", "facts", "since", "critical", "desired", "available")
        return Declared(**{name: self.cleaned_data[name] for name in names})

    def who(self) -> Stranger:
        """Who they are."""
        names = ("firm", "name", "email", "phone")
        return Stranger(
            **{name: self.cleaned_data[name] for name in names}, language=(get_language() or "")[:2]
        )


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: HttpRequest) -> HttpResponse:
    """The form: it says first whether these are the Express hours, what will happen, by when and at which rates."""
    now = read_clock()
    found = published_or_none(now=now)
    if found is None:
        raise Http404
    form = StrangerForm(found, request.POST or None, auto_id="new_%s", initial={"seen": seen_now()})
    if request.method == "POST":
        if not consume(request, action="web_form"):
            return limited(request)
        if form.is_valid():
            done = _take(request, form)
            if done is not None:
                return done
    context = {"form": form, "found": found, "hours": _hours(found)}
    return render(request, "public/emergency.html", context, status=422 if form.is_bound else 200)


def _take(request: HttpRequest, form: StrangerForm) -> HttpResponse | None:
    """The answer to what was sent; None where the form says why it was not taken."""
    if form.is_of_a_program():
        return redirect("express_sent")
    if not consume(request, action="web_form_address", key=form.cleaned_data["email"].lower()):
        return limited(request)
    try:
        actions.take_declaration(who=form.who(), declared=form.declared(), now=read_clock())
    except Refused as refusal:
        tell(form, refusal)
        return None
    return redirect("express_sent")


def _hours(found: Published) -> str:
    """The hours in words; nothing where the firm is there at any hour."""
    return opening(list(found.calendar.bands.all())) if found.calendar else ""


@public
@require_http_methods(["GET", "HEAD"])
def sent(request: HttpRequest) -> HttpResponse:
    """What happens next, whoever wrote."""
    if not takes_strangers():
        raise Http404
    return render(request, "public/emergency_sent.html")


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A page with one button: opening it (as mail scanners do) declares nothing, pressing it does."""
    now = read_clock()
    if request.method != "POST":
        works = actions.declaration_waits(token, now=now)
        context: dict[str, Any] = {"works": works, "found": published_or_none(now=now)}
        return render(request, "public/emergency_confirm.html", context, status=200 if works else 410)
    if not consume(request, action="redeem_link"):
        return limited(request)
    try:
        case = actions.confirm_declaration(token=token, now=now)
    except Refused as refusal:
        context = {"works": False, "refusal": str(refusal)}
        return render(request, "public/emergency_confirm.html", context, status=410)
    way = standing_way(case, case.contact)
    return redirect(way) if way else render(request, "public/case_gone.html", status=410)
