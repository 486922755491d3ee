"""The inbox: its views, the button that says what is new, and the peek at one ticket."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from ecuanime.foundation.clock import read_clock
from ecuanime.tickets.access import visible_messages, works_at_desk
from ecuanime.tickets.models import Message, Ticket
from ecuanime.tickets.queries import View, inbox, inbox_counts, news_in
from ecuanime.web.context import timer_of
from ecuanime.web.desk.hours import hours_of_ticket
from ecuanime.web.desk.place import ICONS, LABELS, Place, first_view, place_in
from ecuanime.web.desk.rows import channel_of, clock_of, grouped
from ecuanime.web.desk.tickets import others_open, place_of, ticket_or_404
from ecuanime.web.guards import StaffRequest, for_staff

PAGE = 50


@for_staff()
@require_safe
def home(request: StaffRequest) -> HttpResponse:
    """The inbox without a view named: the one that fits the role."""
    return redirect("inbox_view", first_view(request.user).value)


@for_staff()
@require_safe
def view(request: StaffRequest, view: str) -> HttpResponse:
    """One view of the inbox, filtered by client and tag, a page at a time."""
    place = _place(request, view)
    now = read_clock()
    page = inbox(request.user, place.view, client=place.client, tag=place.tag, after=place.after, size=PAGE)
    timer = timer_of(request)
    counts = request.inbox_counts = inbox_counts(request.user)  # type: ignore[attr-defined]  # for the frame
    groups = grouped(
        page.rows, request.user, place, now=now, timed=timer.ticket_id if timer is not None else None
    )
    context = {
        "place": place,
        "title": place.label,
        "views": _views(place, counts),
        "count": counts[place.view],
        "unread": sum(1 for ticket in page.rows if ticket.unread_count),
        "groups": groups,
        "is_whole": not page.next and not place.after,
        "next_url": Place(place.view, place.client, place.tag, page.next).url if page.next else "",
        "first_url": Place(place.view, place.client, place.tag).url if place.after else "",
        "unfiltered_url": reverse("inbox_view", args=[place.view.value]),
        "news_url": reverse("inbox_news", args=[place.view.value]) + f"?desde={now.timestamp():.0f}",
        "empty_next": _useful_next(place.view, counts),
        "may_write": works_at_desk(request.user),
    }
    return render(request, "desk/inbox/inbox.html", context)


@for_staff()
@require_safe
def news(request: StaffRequest, view: str) -> HttpResponse:
    """How many tickets of the view have news since the list was drawn; nothing moves until it is asked for."""
    place = _place(request, view)
    try:
        since = datetime.fromtimestamp(int(request.GET.get("desde", "")), tz=read_clock().tzinfo)
    except (ValueError, OverflowError, OSError):
        return HttpResponse(status=204)
    found = news_in(request.user, place.view, since)
    if not found:
        return HttpResponse(status=204)
    text = ngettext("%(number)s ticket with news", "%(number)s tickets with news", found) % {"number": found}
    return render(request, "desk/inbox/news.html", {"text": text, "url": place.url})


@for_staff()
@require_safe
def peek(request: StaffRequest, number: int) -> HttpResponse:
    """A look at a ticket beside the list; asked for as a page, it is the ticket itself."""
    ticket = ticket_or_404(request, number)
    place = place_of(request)
    if request.headers.get("HX-Request") != "true":
        return redirect(place.ticket_url(number) if place else reverse("ticket", args=[number]))
    now = read_clock()
    context = {
        "ticket": ticket,
        "url": place.ticket_url(number) if place else reverse("ticket", args=[number]),
        "channel": channel_of(ticket),
        "clock": clock_of(ticket, now),
        "hours": hours_of_ticket(ticket, now=now),
        "others": others_open(request, ticket),
        "timer": timer_of(request),
        "may_write": works_at_desk(request.user),
        **_last_words(request, ticket),
    }
    return render(request, "desk/inbox/peek.html", context)


def _place(request: StaffRequest, view: str) -> Place:
    place = place_in(request.GET, view)
    if place is None:
        raise Http404
    return place


def _views(place: Place, counts: dict[View, str]) -> list[dict[str, Any]]:
    return [
        {
            "url": reverse("inbox_view", args=[view.value]),
            "label": LABELS[view],
            "icon": ICONS[view],
            "count": counts[view],
            "current": view == place.view,
        }
        for view in LABELS
    ]


def _useful_next(view: View, counts: dict[View, str]) -> dict[str, Any] | None:
    """Where there is something to do when this view is empty."""
    for other in (View.UNASSIGNED, View.TRIAGE, View.ALL_OPEN):
        if other != view and counts[other] != "0":
            url = reverse("inbox_view", args=[other.value])
            return {"label": LABELS[other], "count": counts[other], "url": url}
    return None


def _last_words(request: StaffRequest, ticket: Ticket) -> dict[str, Message | None]:
    """The last thing that was said, and the last note, in one query."""
    latest = list(
        visible_messages(request.user, ticket)
        .select_related("author")
        .defer("html", "quoted_html")
        .order_by("-created_at", "-id")[:12]
    )
    said = next((message for message in latest if message.kind != Message.Kind.NOTE), None)
    note = next((message for message in latest if message.kind == Message.Kind.NOTE), None)
    return {"said": said, "note": note}
