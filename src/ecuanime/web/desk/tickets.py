"""Finding the ticket an address names, the list it was opened from, and the way back after a change."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ecuanime.tickets.access import visible_tickets
from ecuanime.tickets.models import OPEN_STATES, Ticket
from ecuanime.web.desk.place import Place, place_in
from ecuanime.web.guards import StaffRequest

RELATED = (
    "client",
    "contact__user",
    "assignee",
    "area",
    "queue",
    "contract__version__plan",
    "merged_into",
    "parent",
)
OTHERS = 5


def ticket_or_404(request: StaffRequest, number: int) -> Ticket:
    """The ticket with that number that the person may see."""
    ticket = visible_tickets(request.user).select_related(*RELATED).filter(number=number).first()
    if ticket is None:
        raise Http404
    return ticket


def place_of(request: StaffRequest) -> Place | None:
    """The list the ticket was opened from, if the address says so."""
    return place_in(request.GET, request.GET.get("vista", ""), request.user)


def ticket_url(request: StaffRequest, number: int, anchor: str = "") -> str:
    """The ticket's page, still knowing the list it was opened from."""
    place = place_of(request)
    plain = place.ticket_url(number) if place else reverse("ticket", args=[number])
    return f"{plain}#{anchor}" if anchor else plain


def back_to_ticket(request: StaffRequest, number: int, anchor: str = "") -> HttpResponse:
    """What follows a change on a ticket."""
    return redirect(ticket_url(request, number, anchor))


def posted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only what is posted is acted on. Whoever comes by a link, after signing in again say, is led to the ticket,
    where what they wrote is still kept."""

    @wraps(view)
    def acted(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            return view(request, *args, **kwargs)
        return back_to_ticket(request, kwargs["number"]) if "number" in kwargs else redirect("inbox")

    return acted


def others_open(request: StaffRequest, ticket: Ticket) -> list[Ticket]:
    """A few other open tickets of the same client, the latest first."""
    if ticket.client_id is None:
        return []
    found = visible_tickets(request.user).filter(client_id=ticket.client_id, state__in=OPEN_STATES)
    return list(found.exclude(pk=ticket.pk).order_by("-last_message_at", "-id")[:OTHERS])
