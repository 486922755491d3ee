"""The team's page: who is at work now, who is away, and asking for leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ecuanime.accounts.models import User
from ecuanime.accounts.queries import people_of_firm
from ecuanime.foundation import formats
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.rules.attendance import Attendance
from ecuanime.staff.access import leave_approver_for
from ecuanime.staff.actions import approve_leave, cancel_leave, note_leave
from ecuanime.staff.models import Leave
from ecuanime.staff.queries import attendance_of, leaves_from, today_at_firm
from ecuanime.web.acting import attempt
from ecuanime.web.components.toasts import say
from ecuanime.web.guards import StaffRequest, for_staff
from ecuanime.web.refusals import tell

MOST = 300


class LeaveForm(forms.Form):
    """Days on which somebody is away."""

    person = forms.ModelChoiceField(label=gettext_lazy("Person"), queryset=User.objects.none())
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Leave.Kind.choices)
    first_day = forms.DateField(
        label=gettext_lazy("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last_day = forms.DateField(
        label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    from_time = forms.TimeField(
        label=gettext_lazy("From (time)"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("Both times only for a part of one day."),
    )
    until_time = forms.TimeField(
        label=gettext_lazy("Until (time)"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=200)

    def __init__(self, *args: Any, user: User, may_approve: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = people_of_firm()
        person: Any = self.fields["person"]
        person.queryset = people if may_approve else people.filter(pk=user.pk)
        person.initial = user.pk


@dataclass(frozen=True)
class Present:
    """A person and where they stand now."""

    person: User
    text: str
    icon: str
    tone: str = ""


@for_staff()
@require_http_methods(["GET", "POST"])
def team(request: StaffRequest) -> HttpResponse:
    """Who is here, the leave to come, and the form to note some."""
    user, now = request.user, read_clock()
    may_approve = leave_approver_for(user)
    form = LeaveForm(request.POST or None, user=user, may_approve=may_approve(None))
    if request.method == "POST" and form.is_valid():
        days = dict(form.cleaned_data)
        try:
            leave = note_leave(user=days.pop("person"), by=user, now=now, **days)
        except Refused as refusal:
            tell(form, refusal)
        else:
            noted = _("The leave is noted.")
            say(request, noted if leave.approved_at else _("Asked for. A supervisor has to approve it."))
            return redirect("team")
    people = list(people_of_firm()[:MOST])
    found = attendance_of(people, now=now)
    context = {
        "rows": [_present(person, found[person.pk]) for person in people],
        "leaves": [
            {
                "leave": leave,
                "may_approve": leave.approved_at is None and may_approve(leave.user),
                "may_cancel": leave.user_id == user.pk or may_approve(leave.user),
                "shows_kind": leave.user_id == user.pk or may_approve(None),
            }
            for leave in leaves_from(today_at_firm(now))[:MOST]
        ],
        "form": form,
        "may_approve": may_approve(None),
    }
    return render(request, "desk/team.html", context, status=422 if form.is_bound else 200)


@for_staff()
@require_POST
def approve(request: StaffRequest, pk: int) -> HttpResponse:
    """Let a leave count."""
    return _act(request, pk, approve_leave, _("The leave is approved."))


@for_staff()
@require_POST
def cancel(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a leave back."""
    return _act(request, pk, cancel_leave, _("The leave is cancelled."))


def _act(request: StaffRequest, pk: int, action: Any, said: str) -> HttpResponse:
    attempt(
        request,
        lambda: action(leave=get_object_or_404(Leave, pk=pk), by=request.user, now=read_clock()),
        said,
    )
    return redirect("team")


def _present(person: User, found: Attendance) -> Present:
    if found.until is not None:
        return Present(person, _("at work until %(at)s") % {"at": _moment(found.until)}, "circle-check", "ok")
    if found.on_leave:
        return Present(person, _("is on leave"), "calendar-off", "warn")
    if found.from_ is not None:
        return Present(person, _("comes to work %(at)s") % {"at": _moment(found.from_)}, "clock")
    return Present(person, _("does not work these days"), "moon")


def _moment(at: datetime) -> str:
    return formats.moment(
        timezone.localtime(at), formats.locale_for(get_language()), today=timezone.localdate()
    )
