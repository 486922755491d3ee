"""My day: what was recorded, the gaps and overlaps, and adding, correcting or deleting an entry."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.tickets.access import DESK_ROLES, visible_tickets
from ecuanime.tickets.models import Ticket
from ecuanime.web.acting import attempt
from ecuanime.web.components.toasts import say, say_refused
from ecuanime.web.desk.day_drawing import drawing_of
from ecuanime.web.desk.day_rows import rows_of, usual_of
from ecuanime.web.desk.entry_forms import DayEntryForm, EntryForm, initial_of
from ecuanime.web.desk.tickets import back_to_ticket, posted, ticket_or_404, ticket_url
from ecuanime.web.guards import StaffRequest, for_staff
from ecuanime.web.refusals import tell
from ecuanime.worklog.actions import cut_out_overlap, delete_entry, edit_entry, record_time
from ecuanime.worklog.models import TimeEntry
from ecuanime.worklog.queries import my_day, usual_work


@for_staff(*DESK_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def day(request: StaffRequest, day: date | None = None) -> HttpResponse:
    """A person's own day; posted, it records one more entry with the long form."""
    shown = day or _today(request)
    form = DayEntryForm(request.POST or None, initial={"work_on": shown})
    if request.method == "POST" and form.is_valid():
        ticket = visible_tickets(request.user).filter(number=form.cleaned_data["number"]).first()
        if ticket is None:
            form.add_error("number", _("There is no ticket with this number."))
        elif _record(request, form, ticket):
            return redirect("my_day_of", day=shown)
    return day_page(request, shown, form=form, line=request.GET.get("linea", ""))


def day_page(
    request: StaffRequest, day: date, *, form: DayEntryForm | None = None, line: str = "", problem: str = ""
) -> HttpResponse:
    """The page of a day, with what was typed and could not be recorded still in its place."""
    now, today = read_clock(), _today(request)
    form = form or DayEntryForm(initial={"work_on": day})
    found = my_day(request.user, day, now=now)
    context = {
        "form": form,
        "line": line[:500],
        "problem": problem,
        "day": found,
        "rows": rows_of(request.user, found, is_today=day == today),
        "drawing": drawing_of(found, now=now),
        "usual": usual_of(usual_work(request.user, now=now)),
        "is_today": day == today,
        "previous": day - timedelta(days=1),
        "next": day + timedelta(days=1) if day < today else None,
    }
    status = 422 if form.is_bound or problem else 200
    return render(request, "desk/time/my_day.html", context, status=status)


def _today(request: StaffRequest) -> date:
    return read_clock().astimezone(request.firm.zone).date()


@for_staff(*DESK_ROLES)
@posted
def make_room(request: StaffRequest, pk: int) -> HttpResponse:
    """Leave the time that two entries share to the other one."""
    entry, key = _own(request, pk), request.POST.get("other", "")
    others = TimeEntry.objects.select_related("ticket").filter(user=request.user)
    other = others.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 19 else None
    try:
        if other is None:
            raise Refused("not_found", _("The other entry was deleted meanwhile. Reload the page."))
        cut_out_overlap(entry=entry, other=other, by=request.user, now=read_clock())
        say(request, _("The time they shared is left to #%(number)s.") % {"number": other.ticket.number})
    except Refused as refusal:
        say_refused(request, str(refusal))
    return redirect("my_day_of", day=entry.work_on)


@for_staff(*DESK_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: StaffRequest, number: int) -> HttpResponse:
    """Record time on a ticket by hand."""
    ticket = ticket_or_404(request, number)
    form = EntryForm(request.POST or None, initial={"work_on": _today(request)})
    if request.method == "POST" and form.is_valid() and _record(request, form, ticket):
        return back_to_ticket(request, number, "tiempo")
    context = {"form": form, "ticket": ticket, "back_url": ticket_url(request, number)}
    return render(request, "desk/time/entry.html", context, status=422 if form.is_bound else 200)


@for_staff(*DESK_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Correct one's own entry until the daily cut closes it."""
    entry = _own(request, pk)
    form = EntryForm(request.POST or None, initial=initial_of(entry))
    if request.method == "POST" and form.is_valid():
        try:
            edit_entry(
                entry=entry,
                by=request.user,
                now=read_clock(),
                contract=entry.contract,
                **_kept_seconds(form, entry),
            )
        except Refused as refusal:
            tell(form, refusal)
        else:
            say(request, _("The entry is corrected."))
            return redirect("my_day_of", day=form.cleaned_data["work_on"])
    context = {
        "form": form,
        "ticket": entry.ticket,
        "entry": entry,
        "back_url": reverse("my_day_of", args=[entry.work_on]),
    }
    return render(request, "desk/time/entry.html", context, status=422 if form.is_bound else 200)


@for_staff(*DESK_ROLES)
@posted
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    """Delete one's own entry until the daily cut closes it; the audit trail keeps what it said."""
    entry = _own(request, pk)
    attempt(
        request,
        lambda: delete_entry(entry=entry, by=request.user, now=read_clock()),
        _("The entry on #%(number)s is deleted.") % {"number": entry.ticket.number},
    )
    return redirect("my_day_of", day=entry.work_on)


def _own(request: StaffRequest, pk: int) -> TimeEntry:
    """One's own entry; nobody else's can be changed here."""
    related = ("ticket__client", "work_type", "contract__version")
    entry = TimeEntry.objects.select_related(*related).filter(pk=pk, user=request.user).first()
    if entry is None:
        raise Http404
    return entry


def _record(request: StaffRequest, form: EntryForm, ticket: Ticket) -> bool:
    try:
        record_time(user=request.user, ticket=ticket, now=read_clock(), **form.arguments())
    except Refused as refusal:
        tell(form, refusal)
        return False
    say(request, _("Recorded on #%(number)s") % {"number": ticket.number})
    return True


def _kept_seconds(form: EntryForm, entry: TimeEntry) -> dict[str, Any]:
    """The form's arguments; times that were not touched keep the seconds that the form does not show."""
    values: dict[str, Any] = form.arguments()
    if not {"starts", "ends", "work_on", "duration"} & set(form.changed_data):
        values |= {"started_at": entry.started_at, "ended_at": entry.ended_at}
        if entry.started_at is None:
            values |= {"work_on": entry.work_on, "seconds": entry.elapsed_seconds}
        else:
            values |= {"work_on": None, "seconds": None}
    if "billable" not in form.changed_data:
        values["billable_seconds"] = entry.billable_seconds
    return values
