"""The daily cut on screen: where «Hours» leads, the day by client, and one entry with its whole history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ecuanime.accounts.models import Role
from ecuanime.foundation.clock import read_clock
from ecuanime.rules.calendars import local_date
from ecuanime.staff.models import Firm
from ecuanime.tickets.access import works_at_desk
from ecuanime.web.components.batches import batches_of
from ecuanime.web.components.fields import CommentForm
from ecuanime.web.components.hours import history_of
from ecuanime.web.components.traces import Teller
from ecuanime.web.guards import StaffRequest, for_staff
from ecuanime.web.office.hours.forms import AdjustForm, ContractForm, CorrectionForm, ReasonForm
from ecuanime.web.office.hours.page import (
    day_mark,
    day_to_show,
    has_open,
    parts_of,
    phases_of,
    row_of,
    to_approve,
    to_send,
)
from ecuanime.worklog.access import may_correct_entry, may_review_time, visible_entries
from ecuanime.worklog.models import EntryState, RatedEntry, TimeEntry
from ecuanime.worklog.queries import (
    StuckTimer,
    cut_days,
    cut_page,
    entry_line,
    open_disputes,
    totals_of_lines,
)
from ecuanime.worklog.rating import NEEDED

readers = for_staff(Role.SUPERVISOR, Role.BILLING)
_ADJUSTABLE = (EntryState.CLOSED, EntryState.REVIEWED, EntryState.DISPUTED)


@for_staff()
@require_safe
def home(request: StaffRequest) -> HttpResponse:
    """Lead a supervisor to the day that waits for them, and whoever records time to their own day."""
    if not request.user.has_role(Role.SUPERVISOR, Role.BILLING):
        return redirect("my_day" if works_at_desk(request.user) else "home")
    today = local_date(read_clock(), request.firm.time_zone)
    return redirect("hours_day", day_to_show(cut_days(), today))


@readers
@require_safe
def day(request: StaffRequest, day: date) -> HttpResponse:
    """One day: what waits, by client, with the ways to approve, send and close."""
    now, firm = read_clock(), request.firm
    today = local_date(now, firm.time_zone)
    reviews = may_review_time(request.user)
    page = cut_page(day, now=now)
    parts = parts_of(page, request.user)
    lines = [row.line for part in parts for row in part.rows]
    context = {
        "day": day,
        "page": page,
        "parts": parts,
        "phases": phases_of(page, firm),
        "totals": totals_of_lines(lines),
        "to_send": to_send(parts),
        "batches": batches_of(to_approve(parts, request.user)),
        "may_close": reviews and day <= today and has_open(page),
        "reviews": reviews,
        "stuck": [each for each in page.stuck if reviews and _began_on(each, firm) <= day],
        "days": [{"day": each.day, "mark": day_mark(each)} for each in cut_days(before=day, limit=7)],
        "disputes": open_disputes() if reviews else [],
        "previous": day - timedelta(days=1),
        "next": day + timedelta(days=1) if day < today else None,
    }
    return render(request, "office/hours/day.html", context)


def _began_on(stuck: StuckTimer, firm: Firm) -> date:
    return local_date(stuck.timer.started_at, firm.time_zone)


@for_staff()
@require_safe
def entry(request: StaffRequest, pk: int) -> HttpResponse:
    """One entry with everything that was decided over it, and every rating with its trace."""
    return entry_page(request, entry_of(request, pk), {})


def entry_of(request: StaffRequest, pk: int) -> TimeEntry:
    """The entry, if the person may see it; else there is nothing here."""
    found = visible_entries(request.user).select_related(*NEEDED, "cut").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def entry_page(
    request: StaffRequest, entry: TimeEntry, bound: Mapping[str, Form], status: int = 200
) -> HttpResponse:
    """The entry's page; `bound` are forms that were posted and could not be done."""
    line = entry_line(entry)
    reviews = may_review_time(request.user)
    ratings = list(RatedEntry.objects.filter(entry=entry).select_related("contract").order_by("-id"))
    traces = [rating.trace for rating in ratings] + ([line.figures.trace] if line.figures else [])
    teller = Teller(traces)
    decisions = list(entry.decisions.select_related("user", "contact", "stands_for").order_by("id"))
    forms = _forms(entry) if reviews else {}
    if entry.state == EntryState.APPROVED and may_correct_entry(request.user, entry) and not entry.takes_away:
        forms["correct"] = CorrectionForm(entry=entry)
    if entry.state == EntryState.DISPUTED and (reviews or entry.user_id == request.user.pk):
        forms["comment"] = CommentForm()
    context = {
        "entry": entry,
        "row": row_of(line, teller, reviews),
        "history": history_of(entry, decisions),
        "corrections": entry.corrections.order_by("id"),
        "former": [
            {"rating": rating, "steps": teller.steps(rating.trace, rating.contract.time_zone)}
            for rating in ratings
            if rating.superseded_at is not None
        ],
        "forms": {**forms, **bound},
        "back_url": day_url(entry) if request.user.has_role(Role.SUPERVISOR, Role.BILLING) else "",
    }
    return render(request, "office/hours/entry.html", context, status=status)


def _forms(entry: TimeEntry) -> dict[str, Form]:
    """What a supervisor may do with the entry as it stands."""
    forms: dict[str, Form] = {}
    if entry.contract is None and entry.state in (EntryState.OPEN, EntryState.CLOSED):
        forms["contract"] = ContractForm(entry=entry)
    if entry.state in _ADJUSTABLE:
        forms["reject"] = ReasonForm(entry=entry, name="reject")
    if entry.state in _ADJUSTABLE and entry.corrects_id is None:
        forms["adjust"] = AdjustForm(entry=entry)
        if entry.billed_seconds:
            forms["goodwill"] = ReasonForm(entry=entry, name="goodwill")
    if entry.state == EntryState.DISPUTED:
        forms["answer"] = ReasonForm(entry=entry, name="answer")
    if entry.state == EntryState.APPROVED and not entry.takes_away:
        forms["free"] = ReasonForm(entry=entry, name="free")
        forms["again"] = ReasonForm(entry=entry, name="again")
    return forms


def day_url(entry: TimeEntry) -> str:
    """The entry's place on the page of its cut."""
    shown = entry.cut.day if entry.cut else entry.work_on
    return f"{reverse('hours_day', args=[shown])}#{entry.client.code}"
