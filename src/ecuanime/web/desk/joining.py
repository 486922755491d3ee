"""What ties a ticket to others: merging and taking that back, splitting, links, parents and their children."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.tickets import actions
from ecuanime.tickets.access import DESK_ROLES, visible_messages, visible_tickets
from ecuanime.tickets.models import OPEN_STATES, Merge, Message, Ticket
from ecuanime.tickets.queries import merge_to_undo
from ecuanime.web.components.toasts import say, say_refused
from ecuanime.web.desk.thread import author_of
from ecuanime.web.desk.tickets import back_to_ticket, place_of, posted, ticket_or_404, ticket_url
from ecuanime.web.guards import StaffRequest, for_staff
from ecuanime.worklog.actions import MOST_MERGED, merge_tickets, undo_merges

CANDIDATES = 15


@for_staff(*DESK_ROLES)
@require_safe
def join(request: StaffRequest, number: int) -> HttpResponse:
    """Choose another ticket to merge this one into, to link it with, or to put it under."""
    ticket = ticket_or_404(request, number)
    return _join_page(request, ticket)


@for_staff(*DESK_ROLES)
@posted
def merge(request: StaffRequest, number: int) -> HttpResponse:
    """Merge the ticket into another one, with a way back."""
    ticket = ticket_or_404(request, number)
    try:
        into = _other(request)
        merge_tickets(
            ticket=ticket,
            into=into,
            by=request.user,
            now=read_clock(),
            expected_version=_whole(request.POST.get("version")),
        )
    except Refused as refusal:
        return _join_page(request, ticket, refusal=str(refusal))
    text = _("#%(number)s goes on in #%(into)s") % {"number": ticket.number, "into": into.number}
    say(request, text, undo_url=reverse("ticket_merge_undo", args=[ticket.number]))
    return back_to_ticket(request, into.number)


@for_staff(*DESK_ROLES)
@posted
def undo(request: StaffRequest, number: int) -> HttpResponse:
    """Take a merge back, or all of those that were done together (`m`), while nothing has happened since."""
    ticket, now = ticket_or_404(request, number), read_clock()
    found = _to_undo(request, ticket, now)
    if not found:
        say_refused(request, _("There is no merge that could be taken back any more."))
        return back_to_ticket(request, number)
    try:
        undone = undo_merges(merges=found, by=request.user, now=now)
    except Refused as refusal:
        say_refused(request, str(refusal))
        return back_to_ticket(request, number)
    last = undone[-1]
    facts = {
        "number": ", ".join(f"#{each.merged.number}" for each in reversed(undone)),
        "into": last.into.number,
    }
    say(request, _("%(number)s and #%(into)s are tickets of their own again") % facts)
    return back_to_ticket(request, last.merged.number)


@for_staff(*DESK_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def split(request: StaffRequest, number: int) -> HttpResponse:
    """Choose the messages that are about something else, and give them a ticket of their own."""
    ticket = ticket_or_404(request, number)
    if request.method != "POST":
        return _split_page(request, ticket)
    chosen = {int(each) for each in request.POST.getlist("message") if _whole(each)}
    try:
        other = actions.split_ticket(
            ticket=ticket,
            messages=chosen,
            subject=request.POST.get("subject", ""),
            by=request.user,
            now=read_clock(),
            expected_version=_whole(request.POST.get("version")),
        )
    except Refused as refusal:
        return _split_page(request, ticket, chosen=chosen, refusal=str(refusal))
    facts = {"number": other.number, "before": ticket.number}
    say(request, _("#%(number)s was split off #%(before)s") % facts)
    return back_to_ticket(request, other.number)


@for_staff(*DESK_ROLES)
@posted
def link(request: StaffRequest, number: int) -> HttpResponse:
    """Link the ticket with another one, or take the link away."""
    ticket = ticket_or_404(request, number)
    try:
        other = _other(request)
        common: dict[str, Any] = {"by": request.user, "now": read_clock()}
        if "remove" in request.POST:
            actions.unlink(ticket=ticket, other=other, **common)
        else:
            actions.link(ticket=ticket, other=other, **common)
    except Refused as refusal:
        return _join_page(request, ticket, refusal=str(refusal))
    return back_to_ticket(request, number, "vinculos")


@for_staff(*DESK_ROLES)
@posted
def parent(request: StaffRequest, number: int) -> HttpResponse:
    """Put the ticket under another one, or under none."""
    ticket = ticket_or_404(request, number)
    try:
        over = None if "remove" in request.POST else _other(request)
        actions.set_parent(ticket=ticket, parent=over, by=request.user, now=read_clock())
    except Refused as refusal:
        return _join_page(request, ticket, refusal=str(refusal))
    return back_to_ticket(request, number, "vinculos")


@for_staff(*DESK_ROLES)
@posted
def solve_children(request: StaffRequest, number: int) -> HttpResponse:
    """Solve what hangs on a solved ticket."""
    ticket = ticket_or_404(request, number)
    try:
        solved = actions.solve_children(ticket=ticket, by=request.user, now=read_clock())
    except Refused as refusal:
        say_refused(request, str(refusal))
    else:
        count = len(solved)
        say(request, ngettext("%(count)s is solved", "%(count)s are solved", count) % {"count": count})
    return back_to_ticket(request, number, "vinculos")


def _to_undo(request: StaffRequest, ticket: Ticket, now: datetime) -> list[Merge]:
    keys = [key for each in request.GET.getlist("m")[:MOST_MERGED] if (key := _whole(each))]
    if keys:
        return list(Merge.objects.filter(pk__in=keys, into=ticket))
    merge = merge_to_undo(ticket, now=now)
    return [merge] if merge else []


def _join_page(request: StaffRequest, ticket: Ticket, *, refusal: str = "") -> HttpResponse:
    others = visible_tickets(request.user).filter(client=ticket.client_id, state__in=OPEN_STATES)
    if ticket.client_id is None:
        others = others.filter(requester_email__iexact=ticket.requester_email)
    rows = others.exclude(pk=ticket.pk).select_related("contact").order_by("-last_message_at", "-id")
    context = {
        **_frame(request, ticket, refusal),
        "others": list(rows[:CANDIDATES]),
        "wanted": request.POST.get("number") or request.POST.get("chosen") or "",
    }
    return render(request, "desk/ticket/join.html", context, status=422 if refusal else 200)


def _split_page(
    request: StaffRequest, ticket: Ticket, *, chosen: set[int] | None = None, refusal: str = ""
) -> HttpResponse:
    messages = list(
        visible_messages(request.user, ticket)
        .select_related("author", "contact")
        .order_by("created_at", "id")
    )
    since = _whole(request.GET.get("desde")) or 0
    if chosen is None:
        chosen = {message.pk for message in _since(messages, since)}
    context = {
        **_frame(request, ticket, refusal),
        "rows": [(message, author_of(message), message.pk in chosen) for message in messages],
        "subject": request.POST.get("subject", ticket.subject),
        "since": since,
    }
    return render(request, "desk/ticket/split.html", context, status=422 if refusal else 200)


def _since(messages: list[Message], first: int) -> list[Message]:
    """The message with that id and those after it; none without one."""
    places = [place for place, message in enumerate(messages) if message.pk == first]
    return messages[places[0] :] if places else []


def _frame(request: StaffRequest, ticket: Ticket, refusal: str) -> dict[str, Any]:
    place = place_of(request)
    return {
        "ticket": ticket,
        "refusal": refusal,
        "back_url": ticket_url(request, ticket.number),
        "query": place.query if place else "",
    }


def _other(request: StaffRequest) -> Ticket:
    """The ticket that the form names: the number written, else the one chosen from the list."""
    written = request.POST.get("number", "").strip().lstrip("#") or request.POST.get("chosen", "")
    found = visible_tickets(request.user).filter(number=_whole(written) or 0).first()
    if found is None:
        raise Refused(
            "unknown", _("There is no ticket with that number. Look at it again, or choose one below.")
        )
    return found


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
