"""One outage, many clients: declaring it, grouping the tickets under it, one notice to all, and its end."""

from __future__ import annotations

import re
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.tickets import actions
from ecuanime.tickets.access import DESK_ROLES, visible_tickets
from ecuanime.tickets.letters import language_of
from ecuanime.tickets.models import OPEN_STATES, Outage, Ticket
from ecuanime.tickets.queries import affected_by, outage_of, reply_recipients
from ecuanime.web.components.toasts import say, say_refused
from ecuanime.web.desk.tickets import ticket_or_404, ticket_url
from ecuanime.web.guards import StaffRequest, for_staff

MOST_NUMBERS = 500


@for_staff(*DESK_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def outage(request: StaffRequest, number: int) -> HttpResponse:
    """The page of an outage; `do` says which of its forms was sent."""
    ticket = ticket_or_404(request, number)
    found = outage_of(ticket)
    wanted = request.POST.get("do", "")
    try:
        if request.method == "POST" and wanted == "declare":
            _declare(request, ticket)
        elif request.method == "POST" and found is not None and wanted != "preview":
            _act(request, found, wanted)
        else:
            return _page(request, ticket, found)
    except Refused as refusal:
        return _page(request, ticket, outage_of(ticket), refusal=str(refusal))
    return redirect("ticket_outage", number)


def _declare(request: StaffRequest, ticket: Ticket) -> None:
    actions.declare_outage(
        ticket=ticket,
        line_es=request.POST.get("line_es", ""),
        line_en=request.POST.get("line_en", ""),
        by=request.user,
        now=read_clock(),
    )
    say(request, _("The clients under it read it in the portal."))


def _act(request: StaffRequest, found: Outage, wanted: str) -> None:
    by, now = request.user, read_clock()
    if wanted == "group":
        actions.group_under(outage=found, tickets=_named(request), by=by, now=now)
    elif wanted == "end":
        actions.end_outage(outage=found, by=by, now=now)
        say(request, _("The outage is over. Solving the ticket offers what hangs on it."))
    elif wanted == "tell":
        _tell(request, found)


def _tell(request: StaffRequest, found: Outage) -> None:
    told = actions.tell_all(
        outage=found,
        text_es=request.POST.get("text_es", ""),
        text_en=request.POST.get("text_en", ""),
        key=request.POST.get("key", "") or uuid4().hex,
        by=request.user,
        now=read_clock(),
    )
    count = len(told.messages)
    words = ngettext("%(count)s ticket was answered", "%(count)s tickets were answered", count)
    say(request, words % {"count": count})
    for ticket, why in told.left_out:
        say_refused(request, f"#{ticket.number}: {why}")


def _named(request: StaffRequest) -> list[Ticket]:
    """The tickets whose numbers were written, in whatever way they were set apart."""
    numbers = [int(each) for each in re.findall(r"\d{1,15}", request.POST.get("numbers", ""))][:MOST_NUMBERS]
    found = list(visible_tickets(request.user).filter(number__in=numbers))
    missing = sorted(set(numbers) - {ticket.number for ticket in found})
    if missing or not found:
        text = _("There is no ticket with this number: %(numbers)s")
        raise Refused("unknown", text % {"numbers": ", ".join(map(str, missing)) or "–"})
    return found


def _page(request: StaffRequest, ticket: Ticket, found: Outage | None, *, refusal: str = "") -> HttpResponse:
    affected = affected_by(found) if found else []
    texts = {name: request.POST.get(name, "") for name in ("text_es", "text_en")}
    context = {
        "ticket": ticket,
        "outage": found,
        "is_lasting": found is not None and found.ended_at is None,
        "back_url": ticket_url(request, ticket.number),
        "rows": [_row(each, texts) for each in affected],
        "open_count": sum(each.state in OPEN_STATES for each in affected),
        "refusal": refusal,
        "is_preview": request.POST.get("do") == "preview" and not refusal,
        "key": request.POST.get("key") or uuid4().hex,
        "line_es": request.POST.get("line_es", found.line_es if found else ""),
        "line_en": request.POST.get("line_en", found.line_en if found else ""),
        "numbers": request.POST.get("numbers", ""),
        **texts,
    }
    return render(request, "desk/ticket/outage.html", context, status=422 if refusal else 200)


def _row(ticket: Ticket, texts: dict[str, str]) -> dict[str, object]:
    is_english = language_of(ticket).startswith("en")
    return {
        "ticket": ticket,
        "to": ", ".join(reply_recipients(ticket)),
        "language": _("English") if is_english else _("Spanish"),
        "text": texts["text_en" if is_english else "text_es"],
        "is_open": ticket.state in OPEN_STATES,
    }
