"""The inbox: its views, queues and saved views, the button that says what is new, and the peek at one ticket."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.paging import Page
from ecuanime.tickets.access import may_change_view, visible_messages, works_at_desk
from ecuanime.tickets.filters import LONGEST_QUERY, Unreadable, offers
from ecuanime.tickets.models import Column, Message, Order, SavedView, Ticket
from ecuanime.tickets.queries import Versions, listed, news_in
from ecuanime.web.context import timer_of, versions_seen
from ecuanime.web.desk.bulk import choices
from ecuanime.web.desk.hours import hours_of_ticket
from ecuanime.web.desk.place import Place, first_view, place_in
from ecuanime.web.desk.pulse import version_of
from ecuanime.web.desk.rows import channel_of, clock_of, columns_of, grouped
from ecuanime.web.desk.sidebar import Sidebar, sidebar
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
    """One list of the inbox, narrowed by a query, a page at a time; what cannot be read is marked."""
    place = _place(request, view)
    now, seen = (
        read_clock(),
        versions_seen(request),
    )  # before the rows: what changes meanwhile is asked for again
    may_write = works_at_desk(request.user)
    bar = sidebar(request, place, seen, now=now)
    try:
        page, problem = _page(request, place, now, seen), None
    except Unreadable as unreadable:
        page, problem = Page[Ticket]([]), unreadable
    context = {
        "place": place,
        "title": place.label,
        "bar": bar,
        "count": bar.count_of(place.listing.source),
        "unread": sum(1 for ticket in page.rows if ticket.unread_count),
        "has_problem": problem is not None,
        "problem": _marked(place.listing.query, problem) if problem else None,
        "news_url": _news_url(place, now),
        "pulse_url": reverse("inbox_pulse", args=[place.slug]) + place.query,
        "version": version_of(seen),
        "may_write": may_write,
        "many": choices(request.user, seen) if may_write and page.rows else None,
        **_list(request, place, page, now),
        **_tools(request, place, bar),
    }
    return render(request, "desk/inbox/inbox.html", context, status=400 if problem else 200)


@for_staff()
@require_safe
def news(request: StaffRequest, view: str) -> HttpResponse:
    """How many tickets of the list have news since it was drawn; nothing moves until it is asked for."""
    place, now = _place(request, view), read_clock()
    try:
        since = datetime.fromtimestamp(int(request.GET.get("desde", "")), tz=now.tzinfo)
        found = news_in(request.user, place.listing, since, now=now)
    except (ValueError, OverflowError, OSError):
        return HttpResponse(status=204)
    if not found:
        return HttpResponse(status=204)
    text = ngettext("%(number)s ticket with news", "%(number)s tickets with news", found) % {"number": found}
    return render(request, "desk/inbox/news.html", {"text": text, "url": place.at("").url})


@for_staff()
@require_safe
def offered(request: StaffRequest) -> HttpResponse:
    """What could stand where somebody writes in a filter."""
    text, at = request.GET.get("q", "")[:LONGEST_QUERY], request.GET.get("at", "")
    place = int(at) if at.isascii() and at.isdigit() and len(at) < 6 else len(text)
    found = offers(request.user, text, place, now=read_clock())
    return render(request, "desk/inbox/offers.html", {"offers": found})


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
        "others": others_open(ticket),
        "timer": timer_of(request),
        "may_write": works_at_desk(request.user),
        **_last_words(request, ticket),
    }
    return render(request, "desk/inbox/peek.html", context)


def _place(request: StaffRequest, view: str) -> Place:
    place = place_in(request.GET, view, request.user)
    if place is None:
        raise Http404
    return place


def _page(request: StaffRequest, place: Place, now: datetime, seen: Versions) -> Page[Ticket]:
    return listed(
        request.user,
        place.listing,
        now=now,
        after=place.after,
        size=PAGE,
        with_tags=Column.TAGS in columns_of(place.listing.source),
        version=seen.of_around,
    )


def _list(request: StaffRequest, place: Place, page: Page[Ticket], now: datetime) -> dict[str, Any]:
    """The rows under their headings, and the pages around this one."""
    timer = timer_of(request)
    timed = timer.ticket_id if timer is not None else None
    return {
        "groups": grouped(page.rows, request.user, place, now=now, timed=timed),
        "is_whole": not page.next and not place.after,
        "next_url": place.at(page.next).url if page.next else "",
        "first_url": place.at("").url if place.after else "",
    }


def _tools(request: StaffRequest, place: Place, bar: Sidebar) -> dict[str, Any]:
    """What narrows and orders the list, and where to go when it is empty."""
    source, listing = place.listing.source, place.listing
    own_order = source.order if isinstance(source, SavedView) else ""
    return {
        "orders": tuple(Order.choices),
        "order": listing.order or own_order,
        "unfiltered_url": Place(replace(listing, query="", order="")).url,
        "empty_next": bar.useful_next(),
        "view_edit_url": _edit_url(request, source),
    }


def _edit_url(request: StaffRequest, source: object) -> str:
    may = isinstance(source, SavedView) and may_change_view(request.user, source)
    return reverse("view_edit", args=[source.pk]) if may and isinstance(source, SavedView) else ""


def _news_url(place: Place, now: datetime) -> str:
    query = place.at("").query
    return reverse("inbox_news", args=[place.slug]) + f"{query}&desde={now.timestamp():.0f}"


def _marked(query: str, problem: Unreadable) -> dict[str, str]:
    """The query with the part that cannot be read, and why. A saved view's own words are not in this box."""
    end = problem.at + problem.length
    return {
        "text": problem.text,
        "before": query[: problem.at],
        "part": query[problem.at : end],
        "after": query[end:],
    }


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
