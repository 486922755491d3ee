"""What a supervisor does with the daily cut: close, approve, send, adjust, reject, answer, end forgotten timers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from ecuanime.accounts.models import Role
from ecuanime.billing.actions import free_time, rate_time_again
from ecuanime.clients.models import Client
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.web.acting import attempt
from ecuanime.web.components.fields import CommentForm
from ecuanime.web.components.toasts import say, say_refused
from ecuanime.web.guards import StaffRequest, for_staff
from ecuanime.web.office.hours.forms import AdjustForm, ContractForm, CorrectionForm, ReasonForm, TimerEndForm
from ecuanime.web.office.hours.views import day_url, entry_of, entry_page
from ecuanime.web.refusals import tell
from ecuanime.web.seen import seen_in
from ecuanime.worklog import actions
from ecuanime.worklog.models import TimeEntry, Timer

supervisors = for_staff(Role.SUPERVISOR)


@supervisors
@require_POST
def close(request: StaffRequest, day: date) -> HttpResponse:
    """Close the day by hand, for review."""
    try:
        report = actions.close_day(day=day, now=read_clock(), by=request.user)
    except Refused as refusal:
        say_refused(request, str(refusal))
        return redirect("hours_day", day)
    text = ngettext("%(count)s entry is closed.", "%(count)s entries are closed.", report.closed)
    say(request, text % {"count": report.closed})
    if report.overlapping:
        numbers = ", ".join(f"#{entry.ticket.number}" for entry in report.overlapping)
        text = _("Not closed, because they overlap other time of the same person: %(numbers)s.")
        say_refused(request, text % {"numbers": numbers})
    return redirect("hours_day", day)


@supervisors
@require_POST
def review(request: StaffRequest, day: date) -> HttpResponse:
    """Approve the ticked entries of one client, or one of them by its own button; all or none."""
    seen = seen_in(request.POST)
    if not seen:
        say_refused(request, _("No entry was ticked, so nothing was approved. Tick those that are right."))
    else:
        text = ngettext("%(count)s entry is approved.", "%(count)s entries are approved.", len(seen))
        said = text % {"count": len(seen)}
        attempt(request, lambda: actions.review_entries(seen=seen, by=request.user, now=read_clock()), said)
    return redirect(_place(request, day))


@supervisors
@require_POST
def send(request: StaffRequest, day: date) -> HttpResponse:
    """Ask the clients of the posted codes to approve what was reviewed of the day; each on its own."""
    codes = request.POST.getlist("client")[:200]
    sent = 0
    for client in Client.objects.filter(code__in=codes).order_by("name", "pk"):
        try:
            actions.send_cut(client=client, day=day, by=request.user, now=read_clock())
            sent += 1
        except Refused as refusal:
            say_refused(request, f"{client}: {refusal}")
    if sent:
        text = ngettext("Sent to %(count)s client.", "Sent to %(count)s clients.", sent)
        say(request, text % {"count": sent})
    return redirect(_place(request, day) if len(codes) == 1 else reverse("hours_day", args=[day]))


def _place(request: StaffRequest, day: date) -> str:
    """The client's place on the page of the day."""
    code = request.POST.get("client", "")
    anchor = f"#{code}" if code.replace("-", "").isalnum() else ""
    return reverse("hours_day", args=[day]) + anchor


@supervisors
@require_POST
def adjust(request: StaffRequest, pk: int) -> HttpResponse:
    """Change what counts of an entry, with a reason; it must be approved anew."""
    entry = entry_of(request, pk)
    form = AdjustForm(request.POST, entry=entry)

    def act(data: dict[str, Any]) -> None:
        said = {"reason": data["reason"], "version": data["version"]} | form.changes()
        actions.adjust_entry(entry=entry, by=request.user, now=read_clock(), **said)

    return _act(request, entry, "adjust", form, act, _("Adjusted. It waits to be approved."))


@supervisors
@require_POST
def goodwill(request: StaffRequest, pk: int) -> HttpResponse:
    """Charge nothing of an entry."""

    def act(entry: TimeEntry, data: dict[str, Any]) -> None:
        actions.adjust_entry(entry=entry, by=request.user, now=read_clock(), billable_seconds=0, **data)

    return _with_reason(request, pk, "goodwill", act, _("Goodwill: worked, not charged."))


@supervisors
@require_POST
def reject(request: StaffRequest, pk: int) -> HttpResponse:
    """Refuse an entry: it is kept and never charged."""

    def act(entry: TimeEntry, data: dict[str, Any]) -> None:
        actions.reject_entry(entry=entry, by=request.user, now=read_clock(), **data)

    return _with_reason(request, pk, "reject", act, _("Rejected. It is kept and never charged."))


@supervisors
@require_POST
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    """Explain a disputed entry to the client, for whom it waits again."""

    def act(entry: TimeEntry, data: dict[str, Any]) -> None:
        actions.answer_dispute(entry=entry, by=request.user, explanation=data["reason"], now=read_clock())

    return _with_reason(request, pk, "answer", act, _("Answered. It waits for the client again."))


@supervisors
@require_POST
def choose_contract(request: StaffRequest, pk: int) -> HttpResponse:
    """Say which contract an entry without one belongs to."""
    entry = entry_of(request, pk)
    form = ContractForm(request.POST, entry=entry)

    def act(data: dict[str, Any]) -> None:
        actions.choose_contract(entry=entry, by=request.user, now=read_clock(), **data)

    return _act(request, entry, "contract", form, act, _("The contract is chosen."))


@supervisors
@require_POST
def free(request: StaffRequest, pk: int) -> HttpResponse:
    """Take an approval back: what it drew returns and it waits for review again."""

    def act(entry: TimeEntry, data: dict[str, Any]) -> None:
        free_time(entry=entry, reason=data["reason"], by=request.user, now=read_clock())

    return _with_reason(request, pk, "free", act, _("Taken back. It waits to be approved."))


@supervisors
@require_POST
def rate_again(request: StaffRequest, pk: int) -> HttpResponse:
    """Rate an approved entry anew, as lots and rates stand now."""

    def act(entry: TimeEntry, data: dict[str, Any]) -> None:
        rate_time_again(entry=entry, reason=data["reason"], by=request.user, now=read_clock())

    return _with_reason(request, pk, "again", act, _("Rated again, as packs and rates stand now."))


@for_staff()
@require_POST
def comment(request: StaffRequest, pk: int) -> HttpResponse:
    """Write to the client about a disputed entry, which stays held."""
    entry = entry_of(request, pk)
    form = CommentForm(request.POST)
    if form.is_valid():
        try:
            text = form.cleaned_data["comment"]
            actions.comment_as_firm(entry=entry, by=request.user, text=text, now=read_clock())
        except Refused as refusal:
            tell(form, refusal)
        else:
            say(request, _("Sent to the client. The entry stays held until it is settled."))
            return redirect("hours_entry", pk)
    return entry_page(request, entry, {"comment": form}, status=422)


@for_staff()
@require_POST
def correct(request: StaffRequest, pk: int) -> HttpResponse:
    """Add to an approved entry or take from it, by an entry of its own that goes through the approvals anew."""
    entry = entry_of(request, pk)
    form = CorrectionForm(request.POST, entry=entry)
    if form.is_valid():
        try:
            reason, change = form.cleaned_data["reason"], form.change()
            correction = actions.record_correction(
                entry=entry, by=request.user, reason=reason, now=read_clock(), **change
            )
        except Refused as refusal:
            tell(form, refusal)
        else:
            say(request, _("The correction is recorded. The next daily cut takes it to review."))
            return redirect("hours_entry", correction.pk)
    return entry_page(request, entry, {"correct": form}, status=422)


@supervisors
@require_POST
def end_timer(request: StaffRequest, pk: int) -> HttpResponse:
    """Say when the work of a forgotten timer ended."""
    timer, form = _timer(pk), TimerEndForm(request.POST)
    if not form.is_valid():
        say_refused(request, _("Say the day and the time at which that work ended."))
    else:
        ended_at = form.cleaned_data["ended_at"]
        attempt(
            request,
            lambda: actions.end_stuck_timer(
                timer=timer, by=request.user, ended_at=ended_at, now=read_clock()
            ),
            _("The timer is stopped and its time recorded for %(name)s.") % {"name": timer.user},
        )
    return _back(request)


@supervisors
@require_POST
def ask_timer(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask the person of a forgotten timer when that work ended."""
    timer = _timer(pk)
    attempt(
        request,
        lambda: actions.ask_about_timer(timer=timer, by=request.user, now=read_clock()),
        _("%(name)s has been asked by e-mail.") % {"name": timer.user},
    )
    return _back(request)


def _timer(pk: int) -> Timer:
    timer = Timer.objects.select_related("user").filter(pk=pk).first()
    if timer is None:
        raise Http404
    return timer


def _back(request: StaffRequest) -> HttpResponse:
    """The day the person was looking at."""
    try:
        return redirect("hours_day", date.fromisoformat(request.POST.get("day", "")))
    except ValueError:
        return redirect("hours")


def _with_reason(
    request: StaffRequest, pk: int, name: str, act: Callable[[TimeEntry, dict[str, Any]], None], said: str
) -> HttpResponse:
    """Do what asks for nothing but a reason."""
    entry = entry_of(request, pk)
    form = ReasonForm(request.POST, entry=entry, name=name)
    return _act(request, entry, name, form, lambda data: act(entry, data), said)


def _act(
    request: StaffRequest,
    entry: TimeEntry,
    name: str,
    form: Form,
    act: Callable[[dict[str, Any]], None],
    said: str,
) -> HttpResponse:
    """Do it and go back to the day; what was wrong or refused is shown in the form on the entry's page."""
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except Refused as refusal:
            tell(form, refusal)
        else:
            say(request, said)
            return redirect(day_url(entry))
    fresh = entry_of(request, entry.pk)
    form.data = {**dict(form.data.items()), "version": fresh.version}  # the page shows this one now
    return entry_page(request, fresh, {name: form}, status=422)
