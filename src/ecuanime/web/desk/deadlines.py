"""Why a ticket's clocks stand as they do, and what came of each promise."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ecuanime.foundation.clock import read_clock
from ecuanime.tickets.models import DeadlineEvent
from ecuanime.tickets.queries import deadline_events_of, standings
from ecuanime.web.components.deadlines import explained, moment
from ecuanime.web.desk.tickets import ticket_or_404, ticket_url
from ecuanime.web.guards import StaffRequest, for_staff

ICONS = {
    DeadlineEvent.Kind.WARNED: "hourglass-low",
    DeadlineEvent.Kind.BREACHED: "alert-triangle",
    DeadlineEvent.Kind.MET: "circle-check",
    DeadlineEvent.Kind.LATE: "clock-exclamation",
}


@for_staff()
@require_safe
def deadlines(request: StaffRequest, number: int) -> HttpResponse:
    """Every clock of a ticket, stretch by stretch, and who was told when time ran out."""
    ticket = ticket_or_404(request, number)
    context = {
        "ticket": ticket,
        "back": ticket_url(request, number, "plazos"),
        "deadlines": [explained(each) for each in standings(ticket, now=read_clock())],
        "events": [_event(each) for each in deadline_events_of(ticket)],
    }
    return render(request, "desk/ticket/deadlines.html", context)


def _event(event: DeadlineEvent) -> dict[str, Any]:
    told = ", ".join(event.told)
    return {
        "when": moment(event.at),
        "icon": ICONS[DeadlineEvent.Kind(event.kind)],
        "text": f"{event.deadline.get_metric_display()}: {event.get_kind_display()}",
        "note": _("told: %(names)s") % {"names": told} if told else "",
    }
