"""The ticket's page: its thread, what can be changed, the composer and the panels beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ecuanime.accounts.models import User
from ecuanime.delivery.addresses import returned_among
from ecuanime.foundation.clock import read_clock
from ecuanime.notices.actions import mark_subject_read
from ecuanime.tickets.access import works_at_desk
from ecuanime.tickets.actions import mark_read
from ecuanime.tickets.filters import Unreadable
from ecuanime.tickets.models import Message, State, Ticket
from ecuanime.tickets.notices import notice_key
from ecuanime.tickets.queries import (
    TicketPage,
    merge_to_undo,
    numbers_listed,
    thread_before,
    thread_since,
    ticket_page,
)
from ecuanime.web.components.uploads import MOST_BYTES
from ecuanime.web.context import unread_of, versions_seen
from ecuanime.web.desk.badges import badges_for
from ecuanime.web.desk.furniture import furniture_for
from ecuanime.web.desk.macros import with_macro
from ecuanime.web.desk.menus import menus_of
from ecuanime.web.desk.panels import BELOW, PANELS, beside_the_thread, panels_below, render_panel
from ecuanime.web.desk.place import Place
from ecuanime.web.desk.rows import channel_of, clock_of
from ecuanime.web.desk.sentences import state_icon
from ecuanime.web.desk.thread import author_of, lines_of
from ecuanime.web.desk.tickets import place_of, ticket_or_404, ticket_url
from ecuanime.web.guards import StaffRequest, for_staff


@dataclass(frozen=True)
class Attempt:
    """A message that was not taken: what was written, where it would have gone, and why not.

    `missed` is what came to the thread meanwhile, so that theirs and yours are both in sight.
    """

    kind: str
    text: str
    refusal: str
    to: str = ""
    cc: str = ""
    had_files: bool = False
    missed: list[tuple[str, Message]] | None = None


@for_staff()
@require_safe
def ticket(request: StaffRequest, number: int) -> HttpResponse:
    """The page of a ticket; opening it at the desk marks its messages as read."""
    return show_ticket(request, number)


@for_staff()
@require_safe
def news(request: StaffRequest, number: int) -> HttpResponse:
    """Whether something was written since a message; the page asks now and then, and moves nothing by itself."""
    found = ticket_or_404(request, number)
    since = request.GET.get("desde", "")
    if not since.isdigit() or len(since) > 18:
        return HttpResponse(status=204)
    newer = [entry.message for entry in thread_since(found, request.user, after_message=int(since))]
    others = [message for message in newer if message and message.author_id != request.user.pk]
    if not others:
        return HttpResponse(status=204)
    context = {
        "author": author_of(others[0]),
        "at": others[0].created_at,
        "more": len(others) - 1,
        "url": ticket_url(request, number, f"m{others[0].pk}"),
    }
    return render(request, "desk/ticket/news.html", context)


@for_staff()
@require_safe
def panel(request: StaffRequest, number: int, name: str) -> HttpResponse:
    """One panel of the page by itself, when it comes later or has failed, or all that come below."""
    if name != BELOW and name not in PANELS:
        raise Http404
    found = ticket_or_404(request, number)
    return HttpResponse(panels_below(request, found) if name == BELOW else render_panel(request, found, name))


def show_ticket(
    request: StaffRequest, number: int, *, attempt: Attempt | None = None, status: int = 200
) -> HttpResponse:
    """The page, after a refusal with what was written and what came meanwhile."""
    page = ticket_page(number, request.user)
    if page is None:
        raise Http404
    found, now = page.ticket, read_clock()
    at_desk = works_at_desk(request.user)
    unread = found.unread_count if at_desk else 0
    if unread:
        mark_read(ticket=found)
    if unread_of(request):
        mark_subject_read(user=request.user, subject_key=notice_key(found.number), now=now)
    place = place_of(request)
    context = {
        "page": page,
        "ticket": found,
        "place": place,
        "neighbours": _neighbours(request.user, place, number) if place else None,
        "query": place.query if place else "",
        "badge": badges_for([found], now=now).get(found.pk),
        "clock": clock_of(found, now),
        "channel": channel_of(found),
        "state_icon": state_icon(found.state),
        "may_write": at_desk and not found.merged_into,
        "undoable": bool(found.merged_into) and at_desk and merge_to_undo(found, now=now) is not None,
        "panels": beside_the_thread(request, found),
        **_thread(request, page, unread),
    }
    if context["may_write"]:
        at_hand = furniture_for(request.user, versions_seen(request))
        context |= menus_of(request.user, page, at_hand)
        context |= _composer(page, attempt, place.query if place else "")
        context["mentions"] = at_hand.mentions
        context["reply_text"] = with_macro(request, at_hand.macros, found, context["reply_text"])
    return render(request, "desk/ticket/page.html", context, status=status)


def missed_since(request: StaffRequest, found: Ticket, seen: int) -> list[tuple[str, Message]]:
    """What others wrote after the newest message somebody had seen, with who wrote it."""
    entries = thread_since(found, request.user, after_message=seen)
    newer = [entry.message for entry in entries if entry.message]
    return [(author_of(message), message) for message in newer if message.author_id != request.user.pk]


def _thread(request: StaffRequest, page: TicketPage, unread: int) -> dict[str, Any]:
    """The thread, or with `antes` the stretch before a message."""
    before, images = _number(request.GET.get("antes")), _number(request.GET.get("imagenes"))
    if before:
        older = thread_before(page.ticket, request.user, before_message=before)
        first = next((entry.message.pk for entry in older if entry.message), 0)
        return {
            "lines": lines_of(older, request.user, images_of=images),
            "older": first if older and len(older) >= 200 else 0,
            "is_old": True,
        }
    return {
        "lines": lines_of(page.entries, request.user, unread=unread, images_of=images),
        "older": page.oldest_message if page.has_older else 0,
        "is_old": False,
    }


def _composer(page: TicketPage, attempt: Attempt | None, query: str) -> dict[str, Any]:
    """The two drafts: what was just refused, else what the server kept."""
    found = page.ticket
    drafts = {kind: draft.text for kind, draft in page.drafts.items()}
    name = found.contact.name if found.contact else found.requester_name
    if attempt:
        drafts[attempt.kind] = attempt.text
    recipients = ", ".join(page.recipients)
    can_reply = found.state != State.CLOSED
    refusals = {attempt.kind: attempt.refusal} if attempt else {}
    return {
        "draft_key": f"ticket-{found.number}",
        "can_reply": can_reply,
        "reply_url": reverse("ticket_reply", args=[found.number]) + query if can_reply else "",
        "note_url": reverse("ticket_note", args=[found.number]) + query,
        "version": found.version,
        "seen_message": page.newest_message,
        "recipient_name": name or recipients or _("whoever asked"),
        "recipient_line": f"{name}, {recipients}" if name and recipients else recipients or name,
        "reply_text": drafts.get(Message.Kind.REPLY, ""),
        "note_text": drafts.get(Message.Kind.NOTE, ""),
        "reply_said": page.last_said.get(Message.Kind.REPLY),
        "note_said": page.last_said.get(Message.Kind.NOTE),
        "reply_to": attempt.to if attempt else "",
        "reply_cc": attempt.cc if attempt else "",
        "has_address": bool(page.recipients),
        "returned": returned_among(page.recipients) if can_reply else [],
        "reply_errors": refusals.get(Message.Kind.REPLY, ""),
        "note_errors": refusals.get(Message.Kind.NOTE, ""),
        "attempt": attempt,
        "attach_limit": MOST_BYTES,
        "draft_url": reverse("ticket_draft", args=[found.number]),
    }


def _neighbours(user: User, place: Place, number: int) -> dict[str, Any] | None:
    """The tickets before and after this one on its page of the list; None when it has left that page."""
    try:
        numbers = numbers_listed(user, place.listing, now=read_clock(), after=place.after)
    except Unreadable:
        numbers = []
    if number not in numbers:
        return {"back": place.url}
    at = numbers.index(number)
    return {
        "back": place.row_url(number),
        "previous": place.ticket_url(numbers[at - 1]) if at else "",
        "next": place.ticket_url(numbers[at + 1]) if at + 1 < len(numbers) else "",
    }


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 19 else 0
