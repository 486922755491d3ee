"""What the command palette finds on the server: lists, tickets and clients."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ecuanime.clients.queries import clients_named
from ecuanime.foundation.words import fold
from ecuanime.tickets.queries import Source, View, names_of, queues_for, saved_views_for, search_tickets
from ecuanime.web.desk.place import icon_of, label_of, url_of
from ecuanime.web.guards import StaffRequest, for_staff

LISTS, TICKETS, CLIENTS = 5, 6, 4


@dataclass(frozen=True)
class Found:
    """One line of the palette."""

    url: str
    icon: str
    label: str
    note: str = ""


@for_staff()
@require_safe
def palette(request: StaffRequest) -> HttpResponse:
    """The lines that fit what was written."""
    text = request.GET.get("q", "")[:200].replace("\0", "").strip()
    found = [*_lists(request, text), *_tickets(request, text), *_clients(request, text)] if text else []
    return render(request, "desk/palette.html", {"found": found})


def _lists(request: StaffRequest, text: str) -> Iterator[Found]:
    words = fold(text).split()
    sources: list[Source] = [*View, *queues_for(request.user)[:30], *saved_views_for(request.user)[:40]]
    fitting = [each for each in sources if all(word in fold(label_of(each)) for word in words)]
    for source in fitting[:LISTS]:
        yield Found(url_of(source), icon_of(source), label_of(source))


def _tickets(request: StaffRequest, text: str) -> Iterator[Found]:
    for ticket in search_tickets(request.user, text, limit=TICKETS):
        yield Found(
            reverse("ticket", args=[ticket.number]),
            "ticket",
            f"#{ticket.number} {ticket.subject}",
            names_of(ticket).client,
        )


def _clients(request: StaffRequest, text: str) -> Iterator[Found]:
    for client in clients_named(request.user, text, limit=CLIENTS):
        yield Found(reverse("client", args=[client.code]), "building-store", client.name, client.code)
