"""Changing a ticket from its menus: state, assignee, priority, tags, area, contract, contact, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.clients.models import Contact, Site
from ecuanime.contracts.models import Contract
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.staff.models import ProductArea
from ecuanime.tickets import actions
from ecuanime.tickets.access import DESK_ROLES
from ecuanime.tickets.models import Queue, State, Ticket
from ecuanime.web.components.toasts import say, say_refused
from ecuanime.web.desk.stale import stale_page
from ecuanime.web.desk.tickets import back_to_ticket, place_of, posted, ticket_or_404
from ecuanime.web.desk.words import names_in
from ecuanime.web.guards import StaffRequest, for_staff

Row = TypeVar("Row", bound=Model)

Change = Callable[[StaffRequest, Ticket, dict[str, Any]], None]


def _posted(change: Change) -> Callable[..., HttpResponse]:
    """A view that makes one change and returns to the ticket, saying what was refused; too late, both versions."""

    @for_staff(*DESK_ROLES)
    @posted
    def view(request: StaffRequest, number: int) -> HttpResponse:
        ticket = ticket_or_404(request, number)
        version = request.POST.get("version", "")
        common = {"by": request.user, "now": read_clock(), "expected_version": _whole(version)}
        try:
            change(request, ticket, common)
        except Refused as refusal:
            if refusal.code == "stale":
                return stale_page(request, ticket, change.__name__, str(refusal))
            say_refused(request, str(refusal))
        return back_to_ticket(request, number)

    view.__doc__ = change.__doc__
    return view


@_posted
def state(request: StaffRequest, ticket: Ticket, common: dict[str, Any]) -> None:
    """Move the ticket to another state, with a way back."""
    wanted = request.POST.get("state", "")
    actions.change_state(ticket=ticket, state=wanted, **common)
    words = {
        State.SOLVED: _("#%(number)s is solved"),
        State.WAITING_CLIENT: _("#%(number)s waits for the client"),
        State.CLOSED: _("#%(number)s is closed"),
    }.get(State(wanted), _("#%(number)s: now “%(state)s”"))
    place = place_of(request)
    query = place.query if place else ""
    values = {"number": ticket.number, "state": State(wanted).label}
    say(request, words % values, undo_url=reverse("ticket_undo", args=[ticket.number]) + query)


@_posted
def undo(request: StaffRequest, ticket: Ticket, common: dict[str, Any]) -> None:
    """Take back one's own last change of state."""
    now: datetime = common["now"]
    actions.undo_change(ticket=ticket, by=request.user, now=now)
    say(request, _("#%(number)s is as it was") % {"number": ticket.number})


@_posted
def assignee(request: StaffRequest, ticket: Ticket, common: dict[str, Any]) -> None:
    """Say who answers it, or nobody."""
    chosen = request.POST.get("assignee", "")
    person = User.objects.filter(pk=_key(chosen)).first() if chosen else None
    if chosen and person is None:
        raise Refused("unknown", _("That person is no longer here. Choose somebody else."))
    actions.assign(ticket=ticket, assignee=person, **common)


@_posted
def priority(request: StaffRequest, ticket: Ticket, common: dict[str, Any]) -> None:
    """Say how much it matters."""
    actions.set_priority(ticket=ticket, priority=_whole(request.POST.get("priority", "")) or 0, **common)


@_posted
def tags(request: StaffRequest, ticket: Ticket, common: dict[str, Any]) -> None:
    """Give it exactly these tags, written with commas between them."""
    actions.set_tags(ticket=ticket, names=names_in(request.POST.get("tags", "")), **common)


@_posted
def area(request: StaffRequest, ticket: Ticket, common: dict[str, Any]) -> None:
    """Say which product area it is about."""
    gone = _("There is no such product area any more. Choose one from the list.")
    actions.set_area(ticket=ticket, area=_chosen(request, "area", ProductArea, gone), **common)


@_posted
def site(request: StaffRequest, ticket: Ticket, common: dict[str, Any]) -> None:
    """Say at which of the client's sites its work is done, or that it is not known."""
    gone = _("There is no such site any more. Choose one from the list.")
    actions.set_site(ticket=ticket, site=_chosen(request, "site", Site, gone), **common)


@_posted
def queue(request: StaffRequest, ticket: Ticket, common: dict[str, Any]) -> None:
    """Put it into a queue, or into none."""
    gone = _("There is no such queue any more. Choose one from the list.")
    actions.move_to_queue(ticket=ticket, queue=_chosen(request, "queue", Queue, gone), **common)


@_posted
def contract(request: StaffRequest, ticket: Ticket, common: dict[str, Any]) -> None:
    """Say which contract its work goes to from now on."""
    number = request.POST.get("contract", "")
    found = Contract.objects.filter(number=number).first() if number else None
    if number and found is None:
        raise Refused("unknown", _("There is no such contract any more. Choose one from the list."))
    actions.choose_contract(ticket=ticket, contract=found, **common)


def _chosen(request: StaffRequest, name: str, kind: type[Row], gone: str) -> Row | None:
    """The row whose key a field of the form names, None for an empty one. Refuses `unknown`, saying `gone`."""
    key = request.POST.get(name, "")
    found = kind._default_manager.filter(pk=_key(key)).first() if key else None
    if key and found is None:
        raise Refused("unknown", gone)
    return found


@_posted
def contact(request: StaffRequest, ticket: Ticket, common: dict[str, Any]) -> None:
    """Say that another contact of the same client asks."""
    found = Contact.objects.filter(pk=_key(request.POST.get("contact", ""))).first()
    if found is None:
        raise Refused("unknown", _("That contact is no longer here. Choose somebody else."))
    actions.change_contact(ticket=ticket, contact=found, **common)


@_posted
def normal(request: StaffRequest, ticket: Ticket, common: dict[str, Any]) -> None:
    """Note that service is normal again, now or since a moment, or that it is not after all."""
    by, now = common["by"], common["now"]
    if request.POST.get("normal") == "no":
        actions.take_back_normal(ticket=ticket, by=by, now=now)
        return
    actions.note_normal(ticket=ticket, by=by, now=now, at=_moment(request.POST.get("since", "")))
    say(request, _("Noted: service is normal again."))


def _moment(text: str) -> datetime | None:
    """A moment as a form gives it, on the reader's clock; None for an empty one."""
    if not text:
        return None
    found = parse_datetime(text)
    if found is None:
        raise Refused("bad_moment", _("That is no moment. Choose a day and a time."))
    return timezone.make_aware(found) if timezone.is_naive(found) else found


@_posted
def fields(request: StaffRequest, ticket: Ticket, common: dict[str, Any]) -> None:
    """Fill in the firm's own fields."""
    keys = {name: _key(name.removeprefix("field")) for name in request.POST if name.startswith("field")}
    values = {key: str(request.POST.get(name, "")) for name, key in keys.items() if key}
    actions.fill_fields(ticket=ticket, values=values, **common)


def _whole(text: str) -> int | None:
    return int(text) if text.isdigit() and len(text) < 19 else None


def _key(text: str) -> int:
    """The key that a form names; 0, which nothing has, for nonsense."""
    return _whole(text) or 0
