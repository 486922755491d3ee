"""Merging several chosen tickets into one of them: what would happen, and doing it with a way back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.tickets.access import DESK_ROLES, visible_tickets
from ecuanime.tickets.actions import why_not_merged
from ecuanime.tickets.models import Ticket
from ecuanime.web.components.toasts import say, say_refused
from ecuanime.web.guards import StaffRequest, for_staff
from ecuanime.worklog.actions import MOST_MERGED, merge_many


@dataclass(frozen=True)
class Chosen:
    """A ticket that was chosen, and why it cannot go on in the other; empty when it can."""

    ticket: Ticket
    why_not: str = ""


def merge_url(numbers: list[int]) -> str:
    """The page that says what merging these would do."""
    return f"{reverse('merge_many')}?{urlencode({'t': numbers}, doseq=True)}"


@for_staff(*DESK_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: StaffRequest) -> HttpResponse:
    """Say what would go on where; posted, do just that."""
    tickets = _tickets(request, request.GET.getlist("t"))
    if len(tickets) < 2 or len(tickets) > MOST_MERGED:
        words = _("Choose between 2 and %(most)s tickets of which one goes on.") % {"most": MOST_MERGED}
        say_refused(request, words)
        return redirect("inbox")
    into = next((each for each in tickets if str(each.number) == request.GET.get("en")), tickets[0])
    if request.method != "POST":
        return _page(request, tickets, into)
    try:
        merges = merge_many(
            tickets=[each for each in tickets if each != into and _version(request, each) is not None],
            into=into,
            by=request.user,
            now=read_clock(),
            versions={
                each.pk: version for each in tickets if (version := _version(request, each)) is not None
            },
        )
    except Refused as refusal:
        return _page(request, tickets, into, refusal=str(refusal))
    gone = ", ".join(f"#{merge.merged.number}" for merge in merges)
    undo_url = reverse("ticket_merge_undo", args=[into.number])
    undo_url += f"?{urlencode({'m': [merge.pk for merge in merges]}, doseq=True)}"
    say(
        request,
        _("%(numbers)s go on in #%(into)s") % {"numbers": gone, "into": into.number},
        undo_url=undo_url,
    )
    return redirect("ticket", into.number)


def _page(request: StaffRequest, tickets: list[Ticket], into: Ticket, *, refusal: str = "") -> HttpResponse:
    others = [Chosen(each, why_not_merged(each, into)) for each in tickets if each != into]
    context: dict[str, Any] = {
        "tickets": tickets,
        "into": into,
        "fitting": [each.ticket for each in others if not each.why_not],
        "unfit": [each for each in others if each.why_not],
        "refusal": refusal,
    }
    return render(request, "desk/inbox/merge.html", context, status=422 if refusal else 200)


def _tickets(request: StaffRequest, written: list[str]) -> list[Ticket]:
    """Those of the numbers that the person may see, the oldest first, each with how many messages it has."""
    numbers = [
        int(each)
        for each in written[: MOST_MERGED * 2]
        if each.isascii() and each.isdigit() and len(each) < 19
    ]
    found = (
        visible_tickets(request.user).filter(number__in=numbers).annotate(messages_count=Count("messages"))
    )
    return list(found.select_related("client", "contact", "merged_into").order_by("number"))


def _version(request: HttpRequest, ticket: Ticket) -> int | None:
    """The version of the ticket that somebody saw and means to merge; None for one that they leave."""
    written = request.POST.get(f"version{ticket.number}", "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else None
