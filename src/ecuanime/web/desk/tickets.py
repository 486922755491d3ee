"""Finding the ticket an address names, the list it was opened from, and the way back after a change."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ecuanime.foundation.prepared import prepared
from ecuanime.tickets.models import OPEN_STATES, Ticket
from ecuanime.tickets.queries import ticket_with_surroundings
from ecuanime.web.desk.place import Place, place_in
from ecuanime.web.guards import StaffRequest

OTHERS = 5


def ticket_or_404(request: StaffRequest, number: int) -> Ticket:
    """The ticket with that number that the person may see."""
    ticket = ticket_with_surroundings(number, request.user)
    if ticket is None:
        raise Http404
    return ticket


def place_of(request: StaffRequest) -> Place | None:
    """The list the ticket was opened from, if the address says so; looked up once per request."""
    if not hasattr(request, "opened_from"):
        found = place_in(request.GET, request.GET.get("vista", ""), request.user)
        request.opened_from = found  # type: ignore[attr-defined]  # kept for the rest of this request
    return cast("Place | None", getattr(request, "opened_from", None))


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


def others_open(ticket: Ticket) -> list[Ticket]:
    """A few other open tickets of the same client, the latest first; the firm's people see them all."""
    return _others(client=ticket.client_id, ticket=ticket.pk) if ticket.client_id else []


@prepared
def _others(*, client: int, ticket: int) -> QuerySet[Ticket]:
    others = Ticket.objects.filter(client=client, state__in=OPEN_STATES).exclude(pk=ticket)
    return others.order_by("-last_message_at", "-id").only("number", "subject")[:OTHERS]
