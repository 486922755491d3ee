"""Search: tickets by number, subject and client; clients by name."""

from __future__ import annotations

import re

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from ecuanime.clients.access import visible_clients
from ecuanime.clients.queries import client_page
from ecuanime.foundation.clock import read_clock
from ecuanime.tickets.access import visible_tickets
from ecuanime.tickets.queries import search_tickets
from ecuanime.web.context import timer_of
from ecuanime.web.desk.rows import rows_of
from ecuanime.web.guards import StaffRequest, for_staff

TICKETS, CLIENTS = 30, 10
_NUMBER = re.compile(r"\s*#?\s*(\d{1,15})\s*")


@for_staff()
@require_safe
def search(request: StaffRequest) -> HttpResponse:
    """What was found; a ticket's number alone leads straight to it."""
    text = request.GET.get("q", "")[:200].strip()
    exact = _NUMBER.fullmatch(text)
    if exact and visible_tickets(request.user).filter(number=int(exact[1])).exists():
        return redirect("ticket", number=int(exact[1]))
    tickets = search_tickets(request.user, text, limit=TICKETS) if text else []
    clients = client_page(visible_clients(request.user), search=text, size=CLIENTS).rows if text else []
    timer = timer_of(request)
    timed = timer.ticket_id if timer else None
    rows = rows_of(tickets, request.user, now=read_clock(), timed=timed)
    context = {"text": text, "rows": rows, "clients": clients, "has_more": len(tickets) == TICKETS}
    return render(request, "desk/search.html", context)
