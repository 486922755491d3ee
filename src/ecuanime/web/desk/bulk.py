"""Changing many tickets of a list: the chosen ones, or all of them, with a report of what was refused."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from ecuanime.accounts.models import User
from ecuanime.accounts.queries import people_of_firm
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.tickets.access import DESK_ROLES, visible_tickets, works_at_desk
from ecuanime.tickets.actions import Changes, continue_bulk, start_bulk
from ecuanime.tickets.actions.bulk import AT_ONCE, MOST_TICKETS
from ecuanime.tickets.actions.together import ME, NOBODY
from ecuanime.tickets.filters import Unreadable
from ecuanime.tickets.jobs import run_bulk
from ecuanime.tickets.models import BulkRun, Macro, Priority, Queue, State
from ecuanime.tickets.queries import macros_for, rows_of
from ecuanime.web.components.toasts import say, say_refused
from ecuanime.web.desk.place import Place, place_in
from ecuanime.web.desk.words import names_in
from ecuanime.web.guards import StaffRequest, for_staff


@for_staff(*DESK_ROLES)
@require_POST
def change(request: StaffRequest, view: str) -> HttpResponse:
    """Do one change to the chosen tickets: a few at once, more of them as a job with a page of its own."""
    place = place_in(request.GET, view, request.user)
    if place is None:
        raise Http404
    now = read_clock()
    try:
        changes = changes_of(request.POST)
        run = start_bulk(
            tickets=_chosen(request, place),
            changes=changes,
            macro=_macro(request.user, request.POST.get("macro", "")),
            by=request.user,
            now=now,
        )
    except Refused as refusal:
        say_refused(request, str(refusal))
        return redirect(place.url)
    if run.total > AT_ONCE:
        run_bulk.defer(run_id=run.pk)
        return redirect("bulk_run", run.pk)
    return _tell(request, continue_bulk(run=run, now=now), place)


@for_staff(*DESK_ROLES)
@require_safe
def run(request: StaffRequest, pk: int) -> HttpResponse:
    """A change of many tickets: how far it is, and what was refused."""
    return render(request, "desk/inbox/bulk_run.html", {"run": _own(request, pk)})


@for_staff(*DESK_ROLES)
@require_safe
def progress(request: StaffRequest, pk: int) -> HttpResponse:
    """The part of that page that asks again until it is done."""
    return render(request, "desk/inbox/bulk_progress.html", {"run": _own(request, pk)})


def choices(user: User) -> dict[str, Any]:
    """What many tickets can be changed into, for the forms that offer it."""
    people = [(str(person.pk), str(person)) for person in people_of_firm() if works_at_desk(person)]
    return {
        "assignees": [(ME, _("me")), (NOBODY, _("nobody")), *people],
        "states": [(state.value, state.label) for state in State if state != State.NEW],
        "priorities": Priority.choices,
        "queues": [
            (str(pk), name) for pk, name in Queue.objects.filter(is_active=True).values_list("pk", "name")
        ],
        "macros": list(macros_for(user)),
        "most": MOST_TICKETS,
    }


def changes_of(data: Any) -> Changes:
    """The changes that a form says."""
    priority = data.get("priority", "")
    return Changes(
        state=data.get("state", ""),
        priority=int(priority) if priority in {str(value) for value in Priority.values} else 0,
        assignee=data.get("assignee", ""),
        queue=data.get("queue", ""),
        add_tags=tuple(names_in(data.get("add_tags", ""))),
        remove_tags=tuple(names_in(data.get("remove_tags", ""))),
    )


def _chosen(request: StaffRequest, place: Place) -> list[int]:
    """The keys of the chosen tickets, or of all in the list, in its order; one beyond the most, to be refused."""
    if request.POST.get("everything"):
        try:
            rows = rows_of(request.user, place.listing, now=read_clock())
        except Unreadable as problem:
            raise Refused("query", problem.text) from problem
        ordered = rows.order_by(*place.listing.sorting)
        return list(ordered.values_list("pk", flat=True)[: MOST_TICKETS + 1])
    numbers = [int(each) for each in request.POST.getlist("ticket") if each.isdigit() and len(each) < 19]
    found = visible_tickets(request.user).filter(number__in=numbers[: AT_ONCE * 2])
    return list(found.order_by(*place.listing.sorting).values_list("pk", flat=True))


def _macro(user: User, key: str) -> Macro | None:
    if not key:
        return None
    found = macros_for(user).filter(pk=int(key) if key.isdigit() and len(key) < 19 else 0).first()
    if found is None:
        raise Refused("macro_gone", _("This macro is no longer there. Choose another."))
    return found


def _tell(request: StaffRequest, done: BulkRun, place: Place) -> HttpResponse:
    if done.changed:
        words = ngettext("%(count)s ticket was changed", "%(count)s tickets were changed", done.changed)
        say(request, words % {"count": done.changed})
    if done.refused:
        return redirect("bulk_run", done.pk)
    return redirect(place.url)


def _own(request: StaffRequest, pk: int) -> BulkRun:
    return get_object_or_404(BulkRun.objects.select_related("macro"), pk=pk, by=request.user)
