"""Checklists on a ticket: begin one, answer its items, take it off."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.procedures.models import Checklist, Run, RunItem
from ecuanime.tickets import actions
from ecuanime.tickets.access import DESK_ROLES
from ecuanime.web.components.toasts import say_refused
from ecuanime.web.desk.tickets import back_to_ticket, posted, ticket_or_404
from ecuanime.web.guards import StaffRequest, for_staff

M = TypeVar("M", bound=Model)


@for_staff(*DESK_ROLES)
@posted
def start(request: StaffRequest, number: int) -> HttpResponse:
    """Begin the one chosen."""
    ticket = ticket_or_404(request, number)
    try:
        chosen = _there(Checklist.objects.all(), request.POST.get("checklist", ""))
        actions.start_checklist(ticket=ticket, checklist=chosen, by=request.user, now=read_clock())
    except Refused as refusal:
        say_refused(request, str(refusal))
    return back_to_ticket(request, number, "listas")


@for_staff(*DESK_ROLES)
@posted
def answer(request: StaffRequest, number: int) -> HttpResponse:
    """Answer one item, or take its answer back."""
    ticket = ticket_or_404(request, number)
    here = RunItem.objects.filter(run__ticket_checklist__ticket=ticket)
    text = request.POST.get("answer", "")
    try:
        item = _there(here, request.POST.get("item", ""))
        actions.answer_checklist(ticket=ticket, item=item, answer=text, by=request.user, now=read_clock())
    except Refused as refusal:
        say_refused(request, str(refusal))
    return back_to_ticket(request, number, "listas")


@for_staff(*DESK_ROLES)
@posted
def drop(request: StaffRequest, number: int) -> HttpResponse:
    """Take one off the ticket."""
    ticket = ticket_or_404(request, number)
    try:
        run = _there(Run.objects.filter(ticket_checklist__ticket=ticket), request.POST.get("run", ""))
        actions.drop_checklist(ticket=ticket, run=run, by=request.user, now=read_clock())
    except Refused as refusal:
        say_refused(request, str(refusal))
    return back_to_ticket(request, number, "listas")


def _there(rows: QuerySet[M], key: str) -> M:
    """The one that a form names; refuses what is no longer there."""
    known = key.isascii() and key.isdigit() and len(key) < 19
    found = rows.filter(pk=int(key)).first() if known else None
    if found is None:
        raise Refused("unknown", _("That checklist is no longer here. Look at the ticket again."))
    return found
