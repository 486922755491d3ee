"""The timer: one per person, started and stopped from anywhere, asked about when it was forgotten."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ecuanime.contracts.models import WorkType
from ecuanime.contracts.queries import work_types
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.formats import hours_of_seconds, locale_for
from ecuanime.tickets.access import DESK_ROLES
from ecuanime.web.acting import attempt
from ecuanime.web.components.toasts import say, say_refused
from ecuanime.web.context import timer_of
from ecuanime.web.desk.tickets import posted, ticket_or_404
from ecuanime.web.guards import StaffRequest, for_staff
from ecuanime.worklog.actions import discard_timer, keep_timer, start_timer, stop_timer
from ecuanime.worklog.models import TimeEntry


@for_staff(*DESK_ROLES)
@require_safe
def timer(request: StaffRequest) -> HttpResponse:
    """The running timer with all that can be done with it; where one lands when it has run for too long."""
    running = timer_of(request)
    now = timezone.localtime(read_clock())
    context = {
        "running": running,
        "work_types": list(work_types()) if running else [],
        "until": f"{now:%Y-%m-%dT%H:%M}",
        "since": f"{timezone.localtime(running.started_at):%Y-%m-%dT%H:%M}" if running else "",
    }
    return render(request, "desk/time/timer.html", context)


@for_staff(*DESK_ROLES)
@posted
def start(request: StaffRequest, number: int) -> HttpResponse:
    """Start on a ticket; what ran elsewhere is stopped and recorded."""
    ticket = ticket_or_404(request, number)
    try:
        started = start_timer(
            user=request.user,
            ticket=ticket,
            now=read_clock(),
            work_type=_work_type(request),
            note=request.POST.get("note", ""),
        )
    except Refused as refusal:
        say_refused(request, str(refusal))
        return redirect("timer") if refusal.code == "long_timer" else _back(request, number)
    if started.recorded is not None:
        say(request, _recorded(started.recorded))
    return _back(request, number)


@for_staff(*DESK_ROLES)
@posted
def stop(request: StaffRequest) -> HttpResponse:
    """Stop and record; a timer that has run for too long is asked about first."""
    running = timer_of(request)
    number = running.ticket.number if running else None
    values: dict[str, Any] = {"user": request.user, "now": read_clock(), "work_type": _work_type(request)}
    if "note" in request.POST:
        values["note"] = request.POST["note"]
    try:
        values["ended_at"] = _ended_at(request)
        entry = stop_timer(confirmed=bool(request.POST.get("confirmed")), **values)
    except Refused as refusal:
        say_refused(request, str(refusal))
        return redirect("timer") if refusal.code != "no_timer" else _back(request, number)
    say(request, _recorded(entry) if entry else _("Less than a second had run, so nothing was recorded."))
    return _back(request, number)


@for_staff(*DESK_ROLES)
@posted
def keep(request: StaffRequest) -> HttpResponse:
    """Still at it: a timer that the cut has caught goes on."""
    try:
        timer = keep_timer(user=request.user, now=read_clock())
    except Refused as refusal:
        say_refused(request, str(refusal))
        return redirect("timer")
    say(request, _("Your timer goes on. The next daily cut asks again."))
    return _back(request, timer.ticket.number)


@for_staff(*DESK_ROLES)
@posted
def discard(request: StaffRequest) -> HttpResponse:
    """Throw the running timer away."""
    running = timer_of(request)
    attempt(
        request,
        lambda: discard_timer(user=request.user, now=read_clock()),
        _("The timer was thrown away. Nothing was recorded."),
    )
    return _back(request, running.ticket.number if running else None)


def _recorded(entry: TimeEntry) -> str:
    hours = hours_of_seconds(entry.elapsed_seconds, locale_for(get_language()))
    return _("%(hours)s recorded on #%(number)s") % {"hours": hours, "number": entry.ticket.number}


def _work_type(request: StaffRequest) -> WorkType | None:
    code = request.POST.get("work_type", "")
    return work_types().filter(code=code).first() if code else None


def _ended_at(request: StaffRequest) -> datetime | None:
    """The end that was typed, in the reader's zone."""
    text = request.POST.get("ended_at", "")
    if not text:
        return None
    try:
        typed = parse_datetime(text)
    except ValueError:
        typed = None
    if typed is None:
        raise Refused("bad_times", _("That is not a date and time. Write when the work ended."))
    return typed if timezone.is_aware(typed) else timezone.make_aware(typed)


def _back(request: StaffRequest, number: int | None) -> HttpResponse:
    """To the page the button was on, else to the ticket."""
    target = request.POST.get("next", "")
    if target and url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        return redirect(target)
    return redirect(reverse("ticket", args=[number]) if number else reverse("inbox"))
