"""Answering, noting, drafts, and sending again what failed."""

from __future__ import annotations

import re

from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.utils.translation import gettext as _

from ecuanime.delivery.actions import send_again
from ecuanime.delivery.addresses import returned_among
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.tickets.access import DESK_ROLES
from ecuanime.tickets.actions import add_note, reply, save_draft
from ecuanime.tickets.actions.writing import THEN
from ecuanime.tickets.models import Message
from ecuanime.web.components.toasts import say, say_refused
from ecuanime.web.components.uploads import files_of
from ecuanime.web.desk.ticket import Attempt, missed_since, show_ticket
from ecuanime.web.desk.tickets import back_to_ticket, posted, ticket_or_404
from ecuanime.web.guards import StaffRequest, for_staff

CONFLICTS = {"newer_message", "stale", "closed"}


@for_staff(*DESK_ROLES)
@posted
def answer(request: StaffRequest, number: int) -> HttpResponse:
    """Send a reply; refused, the page comes back with what was written and what came meanwhile."""
    ticket = ticket_or_404(request, number)
    text, then = request.POST.get("body", ""), request.POST.get("then", "")
    to, cc = request.POST.get("to", ""), request.POST.get("cc", "")
    seen = _whole(request.POST.get("seen_message"))
    try:
        sent = reply(
            ticket=ticket,
            author=request.user,
            text=text,
            now=read_clock(),
            expected_version=_whole(request.POST.get("version")),
            seen_message=seen,
            to=_addresses(to),
            cc=_addresses(cc),
            files=files_of(request),
            then=then if then in THEN else "",
        )
    except Refused as refusal:
        is_conflict = refusal.code in CONFLICTS
        attempt = Attempt(
            kind=Message.Kind.REPLY,
            text=text,
            refusal=str(refusal),
            to=to,
            cc=cc,
            had_files="files" in request.FILES,
            missed=missed_since(request, ticket, seen or 0) if is_conflict else None,
        )
        return show_ticket(request, number, attempt=attempt, status=409 if is_conflict else 422)
    words = {
        "wait": _("Sent to %(to)s. The ticket waits for the client."),
        "solve": _("Sent to %(to)s, and the ticket is solved."),
    }.get(then, _("On its way to %(to)s"))
    say(request, words % {"to": ", ".join(sent.to)})
    for returned in returned_among([*sent.to, *sent.cc]):
        text = _("Mail to %(address)s has come back before: watch whether this one arrives.")
        say_refused(request, text % {"address": returned.address})
    return back_to_ticket(request, number, f"m{sent.pk}")


@for_staff(*DESK_ROLES)
@posted
def note(request: StaffRequest, number: int) -> HttpResponse:
    """Keep an internal note."""
    ticket = ticket_or_404(request, number)
    text = request.POST.get("body", "")
    try:
        kept = add_note(
            ticket=ticket, author=request.user, text=text, now=read_clock(), files=files_of(request)
        )
    except Refused as refusal:
        attempt = Attempt(
            kind=Message.Kind.NOTE, text=text, refusal=str(refusal), had_files="files" in request.FILES
        )
        return show_ticket(request, number, attempt=attempt, status=422)
    say(request, _("The note is kept. Only the team reads it."))
    return back_to_ticket(request, number, f"m{kept.pk}")


@for_staff(*DESK_ROLES)
@posted
def draft(request: StaffRequest, number: int) -> HttpResponse:
    """Keep what is being written, every few seconds; an empty text forgets it."""
    ticket = ticket_or_404(request, number)
    kind = request.POST.get("kind", "")
    if kind not in (Message.Kind.REPLY, Message.Kind.NOTE):
        return HttpResponseBadRequest()
    save_draft(
        ticket=ticket, user=request.user, kind=kind, text=request.POST.get("body", ""), now=read_clock()
    )
    return HttpResponse(status=204)


@for_staff(*DESK_ROLES)
@posted
def again(request: StaffRequest, number: int, message: int) -> HttpResponse:
    """Send the mail of a reply again, to those it has not reached."""
    ticket = ticket_or_404(request, number)
    found = ticket.messages.select_related("outgoing").filter(pk=message).first()
    if found is None or found.outgoing is None:
        raise Http404
    try:
        send_again(mail=found.outgoing, now=read_clock())
    except Refused as refusal:
        say_refused(request, str(refusal))
    else:
        say(request, _("It is being sent again."))
    return back_to_ticket(request, number, f"m{found.pk}")


def _addresses(text: str) -> list[str]:
    return [part for part in re.split(r"[\s,;]+", text[:4000]) if part]


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() and len(text) < 19 else None
