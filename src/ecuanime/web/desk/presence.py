"""Who else has the ticket before them: the page says every 20 seconds that it is open, and is told of the others."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from ecuanime.foundation.clock import read_clock
from ecuanime.tickets.access import DESK_ROLES
from ecuanime.tickets.actions import note_presence
from ecuanime.tickets.models import Message
from ecuanime.tickets.queries import Present, others_present
from ecuanime.web.desk.tickets import posted, ticket_or_404
from ecuanime.web.guards import StaffRequest, for_staff


@for_staff(*DESK_ROLES)
@posted
def presence(request: StaffRequest, number: int) -> HttpResponse:
    """Note that this page is open, and say who else is there."""
    ticket, now = ticket_or_404(request, number), read_clock()
    note_presence(ticket=ticket, user=request.user, now=now)
    others = [(_told(one), one.writes) for one in others_present(ticket, request.user, now=now)]
    return render(request, "desk/ticket/presence.html", {"others": others})


def _told(one: Present) -> str:
    words = (
        {
            Message.Kind.REPLY: _("%(name)s is writing a reply"),
            Message.Kind.NOTE: _("%(name)s is writing a note"),
        }.get(Message.Kind(one.writes))
        if one.writes
        else _("%(name)s is looking at it")
    )
    return (words or "") % {"name": one.name}
