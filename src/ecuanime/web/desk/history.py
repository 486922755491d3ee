"""The whole history of a ticket: every change and message, who, when, and from where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ecuanime.tickets.access import DESK_ROLES
from ecuanime.tickets.models import Channel
from ecuanime.tickets.queries import Change, history_of
from ecuanime.web.desk.sentences import told_of
from ecuanime.web.desk.tickets import ticket_or_404, ticket_url
from ecuanime.web.guards import StaffRequest, for_staff


@dataclass(frozen=True)
class Row:
    """A line of the history."""

    at: datetime
    text: str
    icon: str
    address: str


@for_staff(*DESK_ROLES)
@require_safe
def history(request: StaffRequest, number: int) -> HttpResponse:
    """A page of the history, the newest first."""
    ticket = ticket_or_404(request, number)
    page = history_of(ticket, after=request.GET.get("despues", ""))
    context = {
        "ticket": ticket,
        "rows": [_row(change) for change in page.rows],
        "next": page.next,
        "is_first": "despues" not in request.GET,
        "back_url": ticket_url(request, number),
    }
    return render(request, "desk/ticket/history.html", context)


def _row(change: Change) -> Row:
    text, icon = _told(change)
    return Row(change.at, text, icon, change.address)


def _told(change: Change) -> tuple[str, str]:
    data, who = change.data, {"who": change.name}
    if change.verb == "ticket_changed":
        texts = (str(data.get(name, "")) for name in ("field", "before", "after"))
        return told_of(change.name, *texts)
    if change.verb == "ticket_opened":
        channel = data.get("channel", "")
        how = Channel(channel).label if channel in Channel.values else channel
        return _("%(who)s opened it (%(how)s)") % {**who, "how": how}, "circle-plus"
    if change.verb == "ticket_message_taken_in":
        return _("%(who)s took in a message of the client") % who, "message"
    if change.verb == "ticket_answered":
        to = ", ".join([*data.get("to", ()), *data.get("cc", ())])
        return _("%(who)s answered %(to)s") % {**who, "to": to}, "send"
    if change.verb == "ticket_note_added":
        return _("%(who)s wrote an internal note") % who, "note"
    return _("%(who)s: %(what)s") % {**who, "what": change.verb.replace("_", " ")}, "history"
