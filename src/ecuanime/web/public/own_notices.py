"""How one wants to be told: by which way of what, quiet hours, and the targets of pushes."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.notices.actions import add_target, remove_target, set_wishes, try_target
from ecuanime.notices.models import Kind
from ecuanime.notices.notifiers.registry import NOTIFIERS
from ecuanime.notices.queries import kinds_for, quiet_hours_of, wishes_of
from ecuanime.web.acting import attempt
from ecuanime.web.components.toasts import say
from ecuanime.web.guards import StaffRequest, for_staff
from ecuanime.web.refusals import tell


def _time(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label, required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )


class QuietForm(forms.Form):
    """The hours in which nothing leaves."""

    quiet_begins: Any = _time(gettext_lazy("Quiet from"))
    quiet_ends: Any = _time(gettext_lazy("Quiet until"))


class TargetForm(forms.Form):
    """Where pushes go."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy(
            "As Apprise writes it, for example ntfys://ntfy.sh/topic or tgram://token/chat. It is kept encrypted "
            "and not shown again."
        ),
    )


@for_staff()
@require_http_methods(["GET", "POST"])
def notices(request: StaffRequest) -> HttpResponse:
    """The wishes, the quiet hours and the targets."""
    form = QuietForm(request.POST or None, initial=_quiet(request))
    if request.method == "POST" and form.is_valid():
        keys = [(kind, notifier) for kind in kinds_for(request.user) for notifier in NOTIFIERS]
        wanted = {(kind, notifier): f"{kind}:{notifier}" in request.POST for kind, notifier in keys}
        try:
            set_wishes(user=request.user, wanted=wanted, now=read_clock(), **form.cleaned_data)
        except Refused as refusal:
            tell(form, refusal)
        else:
            say(request, _("Saved."))
            return redirect("account_notices")
    return _page(request, form, TargetForm(), status=422 if form.is_bound else 200)


@for_staff()
@require_POST
def new_target(request: StaffRequest) -> HttpResponse:
    """Add where pushes go."""
    form = TargetForm(request.POST)
    if form.is_valid():
        try:
            add_target(user=request.user, now=read_clock(), **form.cleaned_data)
        except Refused as refusal:
            tell(form, refusal)
        else:
            say(request, _("The target was added. Send a try to see that it arrives."))
            return redirect("account_notices")
    return _page(request, QuietForm(initial=_quiet(request)), form, status=422)


@for_staff()
@require_POST
def drop_target(request: StaffRequest, pk: int) -> HttpResponse:
    """Forget one."""
    remove_target(target=get_object_or_404(request.user.notice_targets, pk=pk), now=read_clock())
    say(request, _("The target was removed."))
    return redirect("account_notices")


@for_staff()
@require_POST
def try_one(request: StaffRequest, pk: int) -> HttpResponse:
    """Send a line there."""
    attempt(
        request,
        lambda: try_target(target=get_object_or_404(request.user.notice_targets, pk=pk), now=read_clock()),
        _("It was taken. Look whether it arrived."),
    )
    return redirect("account_notices")


def _quiet(request: StaffRequest) -> dict[str, time]:
    kept = quiet_hours_of(request.user)
    return {"quiet_begins": kept.begins, "quiet_ends": kept.ends} if kept else {}


def _page(request: StaffRequest, form: QuietForm, target_form: TargetForm, *, status: int) -> HttpResponse:
    wishes = wishes_of(request.user)
    notifiers = list(NOTIFIERS.values())
    rows = [
        {
            "label": Kind(kind).label,
            "cells": [
                {
                    "name": f"{kind}:{each.key}",
                    "is_wanted": wishes[kind, each.key],
                    "label": f"{Kind(kind).label}: {each.label}",
                    "way": each.label,
                }
                for each in notifiers
            ],
        }
        for kind in kinds_for(request.user)
    ]
    context = {
        "form": form,
        "target_form": target_form,
        "rows": rows,
        "notifiers": notifiers,
        "targets": request.user.notice_targets.all(),
    }
    return render(request, "account/notices.html", context, status=status)
