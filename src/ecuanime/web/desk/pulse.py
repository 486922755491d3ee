"""What keeps a list true without reloading: has anything changed, and if so its rows and numbers as they are now."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ecuanime.foundation.clock import read_clock
from ecuanime.tickets.access import works_at_desk
from ecuanime.tickets.queries import Versions, tickets_numbered, versions
from ecuanime.web.context import timer_of
from ecuanime.web.desk.place import place_in
from ecuanime.web.desk.rows import rows_in
from ecuanime.web.desk.sidebar import sidebar
from ecuanime.web.guards import StaffRequest, for_staff

MOST_ROWS = 50


@for_staff()
@require_safe
def pulse(request: StaffRequest, view: str) -> HttpResponse:
    """Nothing when no ticket has changed since version `v`; else the rows of the numbers `t` and every counter."""
    seen = versions()
    if seen.is_settled and request.GET.get("v") == str(seen.tickets):
        return HttpResponse(status=204)
    place = place_in(request.GET, view, request.user)
    if place is None:
        raise Http404
    now, timer = read_clock(), timer_of(request)
    numbers = [int(each) for each in request.GET.get("t", "").split(",") if each.isdigit() and len(each) < 16]
    tickets = tickets_numbered(request.user, numbers[:MOST_ROWS])
    context: dict[str, Any] = {
        "rows": rows_in(tickets, request.user, place, now=now, timed=timer.ticket_id if timer else None),
        "bar": sidebar(request, place, seen, now=now),
        "may_write": works_at_desk(request.user),
    }
    answer = render(request, "desk/inbox/pulse.html", context)
    answer["X-Version"] = version_of(seen)
    return answer


def version_of(seen: Versions) -> str:
    """What a page says it shows; while a change is on its way nothing, so that it asks again."""
    return str(seen.tickets) if seen.is_settled else ""
