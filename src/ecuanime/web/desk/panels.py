"""The panels beside a ticket. Each stands alone: one that fails says so in its place and leaves the page whole."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from ecuanime.clients.queries import contacts_at_hand
from ecuanime.contracts.queries import contracts_of, work_types
from ecuanime.foundation.clock import read_clock
from ecuanime.procedures.queries import checklists
from ecuanime.tickets.access import works_at_desk
from ecuanime.tickets.clocks import SHARED
from ecuanime.tickets.models import OPEN_STATES, State, Ticket
from ecuanime.tickets.queries import (
    checklists_on,
    deadlines_of,
    fields_of,
    opinion_of,
    related_to,
    suggestion_for,
)
from ecuanime.web.components.deadlines import shown
from ecuanime.web.context import timer_of
from ecuanime.web.desk.assignment import proposals_of
from ecuanime.web.desk.beside import beside
from ecuanime.web.desk.entry_forms import EntryForm
from ecuanime.web.desk.tickets import others_open, place_of
from ecuanime.web.guards import StaffRequest
from ecuanime.worklog.access import may_review_time

logger = logging.getLogger(__name__)

Builder = Callable[[StaffRequest, Ticket], dict[str, Any]]


def client_panel(request: StaffRequest, ticket: Ticket) -> dict[str, Any]:
    """Who asks, and what else is open for them; in triage, the way to say whose it is."""
    people = contacts_at_hand(ticket.client) if ticket.client else []
    return {"others": others_open(ticket), "people": people}


def contract_panel(request: StaffRequest, ticket: Ticket) -> dict[str, Any]:
    """What the contract has left, lot by lot, and what this ticket would take."""
    hours = beside(request, ticket)
    return {
        "hours": hours.hours,
        "time": hours.time if ticket.contract else None,
        "may_simulate": may_review_time(request.user),
        "contracts": list(contracts_of(ticket.client)[:20]) if ticket.client else [],
    }


def deadlines_panel(_request: StaffRequest, ticket: Ticket) -> dict[str, Any]:
    """What was promised about time, how each clock stands, and whether service is normal again."""
    now = read_clock()
    return {
        "deadlines": [shown(row, now) for row in deadlines_of(ticket)],
        "is_closed": ticket.state == State.CLOSED,
    }


def time_panel(request: StaffRequest, ticket: Ticket) -> dict[str, Any]:
    """The timer, what was recorded here, and the form to record by hand."""
    types = list(work_types())
    return {
        "time": beside(request, ticket).time,
        "timer": timer_of(request),
        "work_types": types,
        "form": EntryForm(initial={"work_on": read_clock()}, prefix=None, types=types),
    }


def assignment_panel(request: StaffRequest, ticket: Ticket) -> dict[str, Any]:
    """Who could take a ticket that waits for somebody, and why; nothing once somebody has it."""
    if not _waits_for_somebody(request, ticket):
        return {"proposals": None}
    return {"proposals": proposals_of(suggestion_for(ticket, now=read_clock()), ticket)}


def _waits_for_somebody(request: StaffRequest, ticket: Ticket) -> bool:
    return ticket.assignee_id is None and ticket.state in OPEN_STATES and works_at_desk(request.user)


def checklists_panel(_request: StaffRequest, ticket: Ticket) -> dict[str, Any]:
    """The checklists gone through here, and those that could be."""
    runs = checklists_on(ticket)
    begun = {each.run.checklist_id for each in runs}
    return {
        "runs": runs,
        "offered": [each for each in checklists() if each.pk not in begun],
        "is_closed": ticket.state == State.CLOSED,
    }


def fields_panel(_request: StaffRequest, ticket: Ticket) -> dict[str, Any]:
    """The firm's own fields."""
    fields = fields_of(ticket)
    return {
        "fields": fields,
        "filled": [each for each in fields if each.said],
        "is_closed": ticket.state == State.CLOSED,
    }


def joined_panel(_request: StaffRequest, ticket: Ticket) -> dict[str, Any]:
    """Its parent, what hangs on it, and what it is linked with."""
    related = related_to(ticket)
    return {
        "parent": ticket.parent if ticket.parent_id else None,
        "related": related,
        "open_children": sum(one.kind == "child" and one.is_open for one in related),
        "is_done": ticket.state not in OPEN_STATES,
    }


def history_panel(_request: StaffRequest, ticket: Ticket) -> dict[str, Any]:
    """When it was opened, answered, solved and closed, and what it follows."""
    follow_ups = Ticket.objects.filter(follows=OuterRef("pk")).order_by("-number").values("number")
    facts = Ticket.objects.annotate(
        changes=Count("events", filter=~Q(events__field__in=SHARED)),
        follow_ups=ArraySubquery(follow_ups[:5]),
    )
    is_closed = ticket.state == State.CLOSED
    return {
        "opinion": opinion_of(ticket) if is_closed else None,
        **facts.values("changes", "follow_ups").get(pk=ticket.pk),
        "follows": ticket.follows if ticket.follows_id else None,
    }


PANELS: dict[str, tuple[str, Builder]] = {
    "reparto": ("assignment", assignment_panel),
    "cliente": ("client", client_panel),
    "plazos": ("deadlines", deadlines_panel),
    "contrato": ("contract", contract_panel),
    "tiempo": ("time", time_panel),
    "listas": ("checklists", checklists_panel),
    "datos": ("fields", fields_panel),
    "vinculos": ("joined", joined_panel),
    "historial": ("history", history_panel),
}


BELOW = "resto"
"""The name under which the panels below the deadlines come together: they rate the ticket's time, which takes longer
than showing its thread."""
_AT_ONCE = ("cliente", "plazos")
_BELOW = ("contrato", "tiempo", "listas", "datos", "vinculos", "historial")


def beside_the_thread(request: StaffRequest, ticket: Ticket) -> list[SafeString]:
    """The panels that come with the page, and the places of the others, which the browser fills."""
    proposal = [_place(request, ticket, "reparto")] if _waits_for_somebody(request, ticket) else []
    return [
        *proposal,
        *(render_panel(request, ticket, name) for name in _AT_ONCE),
        _place(request, ticket, BELOW),
    ]


def panels_below(request: StaffRequest, ticket: Ticket) -> SafeString:
    """The panels that come once the page is there."""
    return mark_safe("".join(render_panel(request, ticket, name) for name in _BELOW))  # noqa: S308  # each is markup


def _place(request: StaffRequest, ticket: Ticket, name: str) -> SafeString:
    place = place_of(request)
    context = {"ticket": ticket, "name": name, "query": place.query if place else ""}
    return render_to_string("desk/ticket/panels/later.html", context)


def render_panel(request: StaffRequest, ticket: Ticket, name: str) -> SafeString:
    """A panel as markup, or in its place the words that say it could not be shown."""
    template, build = PANELS[name]
    place = place_of(request)
    context: dict[str, Any] = {
        "ticket": ticket,
        "name": name,
        "query": place.query if place else "",
        "may_write": works_at_desk(request.user),
    }
    try:
        context |= build(request, ticket)
        return render_to_string(f"desk/ticket/panels/{template}.html", context, request)
    except Exception:
        logger.exception("panel %s of ticket %s could not be shown", name, ticket.number)
        return render_to_string("desk/ticket/panels/failed.html", context, request)
