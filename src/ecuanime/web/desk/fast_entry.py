"""Recording with one typed line: how it was understood, shown while it is typed, and recorded on Enter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ecuanime.contracts.models import Contract, WorkType
from ecuanime.contracts.queries import work_types
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.tickets.access import DESK_ROLES, visible_tickets
from ecuanime.tickets.models import Ticket
from ecuanime.web.components.durations import typed
from ecuanime.web.components.toasts import say
from ecuanime.web.desk.entry_forms import DayEntryForm
from ecuanime.web.desk.fast_line import FastLine, read_line
from ecuanime.web.desk.my_day import day_page
from ecuanime.web.guards import StaffRequest, for_staff
from ecuanime.worklog.actions import record_time
from ecuanime.worklog.models import TimeEntry
from ecuanime.worklog.queries import entries_between
from ecuanime.worklog.queries.contracts import contract_for, midday_of

LONGEST_LINE = 500


@dataclass(frozen=True)
class Understood:
    """A line as it would be recorded; `problem` says what it lacks, and is empty when nothing does."""

    said: FastLine
    form: DayEntryForm
    ticket: Ticket | None
    work_type: WorkType | None
    contract: Contract | None
    overlaps: Sequence[TimeEntry]
    problem: str

    @property
    def seconds(self) -> int:
        """How long it took, with clock times or without."""
        data = self.form.cleaned_data
        if data.get("started_at") is None:
            return data.get("duration") or 0
        return int((data["ended_at"] - data["started_at"]).total_seconds())

    @property
    def arguments(self) -> dict[str, Any]:
        """What `record_time` is given; only without a problem."""
        return self.form.arguments()


@for_staff(*DESK_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: StaffRequest, day: date) -> HttpResponse:
    """How a line is understood; posted, it is recorded on that day, or comes back with what it lacks."""
    text = (request.POST or request.GET).get("linea", "")[:LONGEST_LINE]
    today = read_clock().astimezone(request.firm.zone).date()
    found = understand(request, text, day, today)
    if request.method != "POST":
        return render(request, "desk/time/understood.html", {"line": text, "found": found})
    problem = found.problem or _record(request, found)
    if problem:
        return day_page(request, day, line=text, problem=problem)
    return redirect("my_day_of", day=found.form.cleaned_data["work_on"])


def understand(request: StaffRequest, text: str, day: date, today: date) -> Understood:
    """Read a line on a day, and look up the ticket and the kind of work that it names."""
    types = list(work_types())
    said = read_line(text, {each.code: (each.name_es, each.name_en) for each in types}, today)
    work_type = next((each for each in types if each.code == said.work_type), types[0] if types else None)
    form = DayEntryForm(_as_posted(said, work_type, day), types=types)
    ticket = None
    if said.number is not None:
        tickets = visible_tickets(request.user).select_related("client", "contract", "area")
        ticket = tickets.filter(number=said.number).first()
    problem = _problem(said, form, ticket, types)
    contract, overlaps = (None, ()) if problem or ticket is None else _around(request, form, ticket)
    return Understood(said, form, ticket, work_type, contract, overlaps, problem)


def _around(
    request: StaffRequest, form: DayEntryForm, ticket: Ticket
) -> tuple[Contract | None, Sequence[TimeEntry]]:
    """The contract it would belong to, and what it would overlap."""
    start, end = form.cleaned_data.get("started_at"), form.cleaned_data.get("ended_at")
    contract = contract_for(ticket, at=start or midday_of(form.cleaned_data["work_on"]))
    overlaps = entries_between(request.user, start, end) if start is not None and end is not None else ()
    return contract, overlaps


def _as_posted(said: FastLine, work_type: WorkType | None, day: date) -> dict[str, Any]:
    """The line as the form of an entry would have posted it."""
    return {
        "number": said.number,
        "work_type": work_type.pk if work_type else None,
        "work_on": said.day or day,
        "starts": f"{said.starts:%H:%M}" if said.starts else "",
        "ends": f"{said.ends:%H:%M}" if said.ends else "",
        "duration": typed(said.seconds),
        "units": said.units,
        "note": said.note,
        "billable": "0" if said.is_goodwill else "",
        "is_urgent": "on" if said.is_urgent else "",
    }


def _problem(said: FastLine, form: DayEntryForm, ticket: Ticket | None, types: Sequence[WorkType]) -> str:
    if said.number is None:
        return _("Say which ticket: write its number.")
    if ticket is None:
        return _("There is no ticket #%(number)s.") % {"number": said.number}
    if said.doubtful:
        names = [str(each) for each in types if each.code in said.doubtful]
        return _("Which kind of work is it: %(names)s?") % {"names": ", ".join(names)}
    if form.is_valid():
        return ""
    return next(str(error) for errors in form.errors.values() for error in errors)


def _record(request: StaffRequest, found: Understood) -> str:
    """Record it and say so; what refuses it, or nothing."""
    if found.ticket is None:
        return found.problem
    try:
        record_time(user=request.user, ticket=found.ticket, now=read_clock(), **found.arguments)
    except Refused as refusal:
        return str(refusal)
    say(request, _("Recorded on #%(number)s") % {"number": found.ticket.number})
    return ""
