"""A change that came too late: what somebody wanted and what the ticket says now, side by side, and a way on."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from ecuanime.accounts.models import User
from ecuanime.clients.models import Contact, Site
from ecuanime.staff.models import ProductArea
from ecuanime.tickets.models import Priority, State, Ticket
from ecuanime.tickets.queries import fields_of, lines_of, ticket_fields
from ecuanime.web.desk.sentences import told
from ecuanime.web.desk.tickets import place_of, ticket_url
from ecuanime.web.guards import StaffRequest

LATEST = 5

LABELS = {
    "state": _("State"),
    "assignee": _("Who answers it"),
    "priority": _("Priority"),
    "tags": _("Tags"),
    "area": _("Product area"),
    "site": _("Site"),
    "contract": _("Contract"),
    "contact": _("Who asks"),
    "fields": _("Details"),
}


def stale_page(request: StaffRequest, ticket: Ticket, field: str, refusal: str) -> HttpResponse:
    """Both versions of `field`, the last changes of others, and the same form once more for the ticket as it is now."""
    place = place_of(request)
    wanted = request.POST.get(field, "")
    events = lines_of(ticket)[:LATEST]
    context = {
        "ticket": ticket,
        "refusal": refusal,
        "label": LABELS.get(field, field),
        "theirs": _now(ticket, field),
        "mine": _fields(request) if field == "fields" else _wanted(field, wanted),
        "changes": [(*told(event), event.at) for event in events],
        "posted": [(name, wish) for name, wish in request.POST.items() if name not in _OURS],
        "action": request.get_full_path(),
        "back_url": ticket_url(request, ticket.number),
        "query": place.query if place else "",
    }
    return render(request, "desk/ticket/stale.html", context, status=409)


_OURS = {"csrfmiddlewaretoken", "version"}


def _now(ticket: Ticket, field: str) -> str:
    if field == "fields":
        return "; ".join(f"{each.field.name}: {each.said}" for each in fields_of(ticket) if each.said)
    if field == "tags":
        return ", ".join(ticket.tags.order_by("name").values_list("name", flat=True))
    if field == "state":
        return str(State(ticket.state).label)
    if field == "priority":
        return str(Priority(ticket.priority).label)
    return str(getattr(ticket, field, None) or "")


def _fields(request: StaffRequest) -> str:
    posted = {f"field{each.pk}": each.name for each in ticket_fields()}
    said = ((posted[name], text) for name, text in request.POST.items() if name in posted and text)
    return "; ".join(f"{name}: {text}" for name, text in said)


def _wanted(field: str, posted: str) -> str:
    """What the form asked for, in words; as it was posted where nothing is called so any more."""
    read = _READ.get(field)
    return (read(posted) if read and posted else "") or posted


def _named(model: type[User] | type[Contact] | type[ProductArea] | type[Site]) -> Callable[[str], str]:
    def read(posted: str) -> str:
        found = model.objects.filter(pk=posted).first() if posted.isdigit() and len(posted) < 19 else None
        return str(found or "")

    return read


_READ: dict[str, Callable[[str], str]] = {
    "state": lambda posted: str(State(posted).label) if posted in State.values else "",
    "priority": lambda posted: str(dict(Priority.choices).get(int(posted), "")) if posted.isdigit() else "",
    "assignee": _named(User),
    "contact": _named(Contact),
    "area": _named(ProductArea),
    "site": _named(Site),
}
