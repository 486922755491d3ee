"""What one was told: the list behind the bell, and the way to what each notice is about."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ecuanime.accounts.models import User
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.notices.actions import mark_all_read, mark_read
from ecuanime.notices.models import Kind, Notice
from ecuanime.notices.queries import notices_of
from ecuanime.tickets.access import DESK_ROLES
from ecuanime.tickets.actions import follow, unfollow
from ecuanime.web.components.toasts import say, say_refused
from ecuanime.web.desk.tickets import back_to_ticket, posted, ticket_or_404
from ecuanime.web.guards import StaffRequest, for_staff

ICONS = {
    Kind.MENTION: "at",
    Kind.ASSIGNED: "user-check",
    Kind.CLIENT: "message",
    Kind.TEAM: "message-2",
    Kind.STATE: "circle-half-2",
    Kind.DEADLINE: "alarm",
    Kind.EMERGENCY: "bolt",
    Kind.MAILBOX: "mail-exclamation",
    Kind.WORK: "alert-triangle",
}


@for_staff()
@require_safe
def notices(request: StaffRequest) -> HttpResponse:
    """One's notices, the newest first."""
    after = request.GET.get("despues", "")
    page = notices_of(request.user, after=after)
    context = {
        "rows": [{"notice": notice, "icon": ICONS.get(Kind(notice.kind), "bell")} for notice in page.rows],
        "older_url": f"?despues={page.next}" if page.next else "",
        "is_first": not after,
    }
    return render(request, "desk/notices.html", context)


@for_staff()
@require_POST
def open_notice(request: StaffRequest, pk: int) -> HttpResponse:
    """Go to what it is about; it counts as read."""
    notice = get_object_or_404(Notice, pk=pk, user=request.user)
    mark_read(notice=notice, now=read_clock())
    return redirect(notice.url)


@for_staff()
@require_POST
def all_read(request: StaffRequest) -> HttpResponse:
    """None of them is new any more."""
    mark_all_read(user=request.user, now=read_clock())
    say(request, _("All notices are read."))
    return redirect("notices")


@for_staff(*DESK_ROLES)
@posted
def follow_ticket(request: StaffRequest, number: int) -> HttpResponse:
    """Follow a ticket or no longer, oneself or a colleague."""
    ticket, asked = ticket_or_404(request, number), request.POST.get("person", "")
    person = User.objects.filter(pk=asked).first() if asked.isdigit() and len(asked) < 19 else request.user
    try:
        if person is None:
            raise Refused("unknown", _("That person is no longer here. Choose somebody else."))
        if request.POST.get("follows") == "no":
            unfollow(ticket=ticket, user=person)
        else:
            follow(ticket=ticket, user=person, by=request.user, now=read_clock())
    except Refused as refusal:
        say_refused(request, str(refusal))
    return back_to_ticket(request, number)
