"""Changing many tickets of a list: the chosen ones, or all of them, with a report of what was refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from ecuanime.accounts.models import User
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.tickets.access import DESK_ROLES, visible_tickets
from ecuanime.tickets.actions import Changes, continue_bulk, start_bulk
from ecuanime.tickets.actions.bulk import AT_ONCE, MOST_TICKETS
from ecuanime.tickets.actions.together import ME, NOBODY
from ecuanime.tickets.filters import Unreadable
from ecuanime.tickets.jobs import run_bulk
from ecuanime.tickets.models import BulkRun, Macro, Priority, State
from ecuanime.tickets.queries import Versions, macros_for, rows_of
from ecuanime.web.components.toasts import say, say_refused
from ecuanime.web.desk.furniture import furniture_for
from ecuanime.web.desk.merging import merge_url
from ecuanime.web.desk.place import Place, place_in
from ecuanime.web.desk.words import names_in
from ecuanime.web.guards import StaffRequest, for_staff
from ecuanime.worklog.actions import MOST_MERGED


@for_staff(*DESK_ROLES)
@require_POST
def change(request: StaffRequest, view: str) -> HttpResponse:
    """Do one change to the chosen tickets: a few at once, more of them as a job with a page of its own."""
    place = place_in(request.GET, view, request.user)
    if place is None:
        raise Http404
    now = read_clock()
    if request.POST.get("merge"):
        return _to_merge(request, place)
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


@dataclass(frozen=True)
class Choices:
    """What many tickets can be changed into, as pairs of value and words."""

    assignees: tuple[tuple[str, str], ...]
    states: tuple[tuple[str, str], ...]
    priorities: tuple[tuple[int, str], ...]
    queues: tuple[tuple[str, str], ...]
    macros: tuple[tuple[int, str], ...]


def choices(user: User, seen: Versions) -> Choices:
    """What a person can change many tickets into."""
    at_hand = furniture_for(user, seen)
    people = [(str(person.pk), str(person)) for person in at_hand.people]
    return Choices(
        assignees=((ME, _("me")), (NOBODY, _("nobody")), *people),
        states=tuple((state.value, str(state.label)) for state in State if state != State.NEW),
        priorities=tuple((priority.value, str(priority.label)) for priority in Priority),
        queues=tuple((str(queue.pk), queue.name) for queue in at_hand.queues),
        macros=tuple((macro.pk, str(macro)) for macro in at_hand.macros),
    )


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


def _to_merge(request: StaffRequest, place: Place) -> HttpResponse:
    """On to the page that merges the chosen ones; what is too many is said there."""
    try:
        keys = _chosen(request, place)[: MOST_MERGED + 1]
    except Refused as refusal:
        say_refused(request, str(refusal))
        return redirect(place.url)
    numbers = visible_tickets(request.user).filter(pk__in=keys).order_by("number")
    return redirect(merge_url(list(numbers.values_list("number", flat=True))))


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
