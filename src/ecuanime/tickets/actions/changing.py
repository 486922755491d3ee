"""Changing what a ticket says about itself: state, assignee, priority, tags, area, contract."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from ecuanime.accounts.models import User
from ecuanime.clients.actions import require_sites_of
from ecuanime.clients.models import Site
from ecuanime.contracts.models import Contract
from ecuanime.delivery.text import one_line
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish
from ecuanime.foundation.rounds import work_through
from ecuanime.staff.models import ProductArea
from ecuanime.tickets.access import works_at_desk
from ecuanime.tickets.actions.checklists import refuse_unfinished
from ecuanime.tickets.actions.clocks import keep_clocks
from ecuanime.tickets.actions.common import (
    TRANSITIONS,
    leave_line,
    lock,
    move,
    refuse_closed,
    save,
    waits_since,
)
from ecuanime.tickets.events import TicketAssigned
from ecuanime.tickets.models import OPEN_STATES, Priority, State, Tag, Ticket, Turn
from ecuanime.tickets.notices import page_of, tell_assigned, tell_state
from ecuanime.tickets.queries import fits, proposed_contract

UNDO_WITHIN = timedelta(minutes=1)
MOST_TAGS = 20
LONGEST_TAG = 40
CLOSING_BATCH = 500
CLOSING = gettext_noop("Closing solved tickets")


@transaction.atomic
def change_state(
    *, ticket: Ticket, state: str, by: User | None, now: datetime, expected_version: int | None = None
) -> Ticket:
    """Move a ticket to another state, see `common.TRANSITIONS`. The same state is no change.

    Solving sets when it closes by itself. Refuses `stale`, `closed`, `bad_transition` and `checklist_open`. Publishes
    TicketStateChanged.
    """
    ticket = lock(ticket, expected_version)
    if state == ticket.state:
        return ticket
    refuse_closed(ticket)
    if state not in TRANSITIONS[ticket.state]:
        text = _("A ticket cannot go from “%(before)s” to “%(after)s”.")
        after = State(state).label if state in State.values else one_line(state, 20)
        raise Refused("bad_transition", text % {"before": State(ticket.state).label, "after": after})
    if state == State.SOLVED:
        refuse_unfinished(ticket)
    move(ticket, state, by=by, now=now)
    save(ticket)
    tell_state(ticket, by=by, now=now)
    return ticket


@transaction.atomic
def undo_change(*, ticket: Ticket, by: User, now: datetime) -> Ticket:
    """Take back one's own last change of state, within a minute. Refuses `nothing_to_undo` and `too_late`."""
    ticket = lock(ticket)
    last = ticket.events.filter(field__in=["state", "state_undone"]).order_by("-at", "-id").first()
    if last is None or last.field != "state" or last.actor_id != by.pk or last.after != ticket.state:
        raise Refused("nothing_to_undo", _("There is no change of yours to undo on this ticket."))
    if now - last.at > UNDO_WITHIN:
        raise Refused("too_late", _("It is too late to undo this. Change the state instead."))
    move(ticket, last.before, by=by, now=now, field="state_undone")
    if last.before not in (State.SOLVED, State.CLOSED, State.WAITING_CLIENT):
        ticket.waits_since = waits_since(ticket)
    save(ticket)
    return ticket


@transaction.atomic
def assign(
    *,
    ticket: Ticket,
    assignee: User | None,
    by: User | None,
    now: datetime,
    expected_version: int | None = None,
) -> Ticket:
    """Say who answers a ticket, or nobody.

    Refuses `stale`, `closed` and `not_at_desk`. Publishes TicketAssigned when there is somebody.
    """
    ticket = lock(ticket, expected_version)
    if ticket.assignee_id == (assignee.pk if assignee else None):
        return ticket
    refuse_closed(ticket)
    if assignee is not None and not works_at_desk(assignee):
        text = _("%(name)s does not answer tickets. Choose somebody who does.")
        raise Refused("not_at_desk", text % {"name": assignee.name})
    before, ticket.assignee = ticket.assignee, assignee
    save(ticket)
    leave_line(ticket, "assignee", before or "", assignee or "", by=by, now=now)
    if assignee is not None:
        Turn.objects.update_or_create(user=assignee, defaults={"given_at": now})
        publish(TicketAssigned(ticket.pk, assignee.pk, by.pk if by else None))
        tell_assigned(ticket, by=by, now=now)
    return ticket


@transaction.atomic
def set_priority(
    *, ticket: Ticket, priority: int, by: User | None, now: datetime, expected_version: int | None = None
) -> Ticket:
    """Say how much it matters (a value of `Priority`). Refuses `stale`, `closed` and `bad_priority`."""
    ticket = lock(ticket, expected_version)
    if ticket.priority == priority:
        return ticket
    refuse_closed(ticket)
    if priority not in Priority.values:
        raise Refused("bad_priority", _("There is no such priority. Choose one from the list."))
    before, ticket.priority = ticket.priority, priority
    keep_clocks(ticket, now=now)
    save(ticket)
    leave_line(ticket, "priority", before, int(priority), by=by, now=now)
    return ticket


@transaction.atomic
def set_tags(
    *, ticket: Ticket, names: Sequence[str], by: User, now: datetime, expected_version: int | None = None
) -> Ticket:
    """Give a ticket exactly these tags, making those that are new; case does not tell them apart.

    Refuses `stale`, `too_many` (20) and `bad_tag` (longer than 40 characters).
    """
    ticket = lock(ticket, expected_version)
    wanted = {name.casefold(): name for name in (one_line(each, 200) for each in names) if name}
    if len(wanted) > MOST_TAGS:
        raise Refused("too_many", _("A ticket can have %(number)s tags at most.") % {"number": MOST_TAGS})
    if any(len(name) > LONGEST_TAG for name in wanted.values()):
        raise Refused("bad_tag", _("A tag can have %(number)s characters at most.") % {"number": LONGEST_TAG})
    before = sorted(tag.name for tag in ticket.tags.all())
    tags = tags_named(wanted.values())
    after = sorted(tag.name for tag in tags)
    if before == after:
        return ticket
    ticket.tags.set(tags)
    save(ticket)
    leave_line(ticket, "tags", ", ".join(before), ", ".join(after), by=by, now=now)
    return ticket


@transaction.atomic
def set_area(
    *,
    ticket: Ticket,
    area: ProductArea | None,
    by: User,
    now: datetime,
    expected_version: int | None = None,
) -> Ticket:
    """Say which product area it is about; a contract that no longer fits gives way to the proposal.

    Refuses `stale` and `closed`.
    """
    ticket = lock(ticket, expected_version)
    if ticket.area_id == (area.pk if area else None):
        return ticket
    refuse_closed(ticket)
    before, ticket.area = ticket.area, area
    _place_anew(ticket, "area", before or "", area or "", by, now)
    return ticket


@transaction.atomic
def set_site(
    *, ticket: Ticket, site: Site | None, by: User, now: datetime, expected_version: int | None = None
) -> Ticket:
    """Say at which of the client's sites its work is done; a contract that no longer fits gives way to the proposal.

    Time already entered keeps its own. Refuses `stale`, `closed` and `not_their_site`.
    """
    ticket = lock(ticket, expected_version)
    if ticket.site_id == (site.pk if site else None):
        return ticket
    refuse_closed(ticket)
    require_sites_of(ticket.client_id, [site] if site else [])
    before, ticket.site = ticket.site, site
    _place_anew(ticket, "site", before or "", site or "", by, now)
    return ticket


def _place_anew(ticket: Ticket, field: str, before: object, after: object, by: User, now: datetime) -> None:
    """Save what its work is about or where it is done, with the contract that this asks for."""
    contract = ticket.contract
    if contract is None or not fits(contract, ticket.area, ticket.site):
        ticket.contract = proposed_contract(ticket.client, ticket.area, ticket.site, now=now)
        keep_clocks(ticket, now=now)
    save(ticket)
    leave_line(ticket, field, before, after, by=by, now=now)
    if ticket.contract != contract:
        leave_line(ticket, "contract", contract or "", ticket.contract or "", by=by, now=now)


@transaction.atomic
def choose_contract(
    *,
    ticket: Ticket,
    contract: Contract | None,
    by: User,
    now: datetime,
    expected_version: int | None = None,
) -> Ticket:
    """Say which contract its work goes to from now on; time already entered keeps its own.

    Refuses `stale`, `contract_of_another` and `contract_ended`.
    """
    ticket = lock(ticket, expected_version)
    if ticket.contract_id == (contract.pk if contract else None):
        return ticket
    if contract is not None and contract.client_id != ticket.client_id:
        raise Refused("contract_of_another", _("That contract belongs to another client."))
    if contract is not None and contract.state != Contract.State.ACTIVE:
        text = _("Contract %(number)s has ended. Choose one that is active.")
        raise Refused("contract_ended", text % {"number": contract.number})
    before, ticket.contract = ticket.contract, contract
    keep_clocks(ticket, now=now)
    save(ticket)
    leave_line(ticket, "contract", before or "", contract or "", by=by, now=now)
    return ticket


@transaction.atomic
def follow_contract(*, contract: Contract, now: datetime) -> int:
    """Give it the open tickets of the contract that it has replaced; returns how many. Again it changes nothing."""
    if contract.replaces is None:
        return 0
    keys = Ticket.objects.filter(contract=contract.replaces, state__in=OPEN_STATES).order_by("pk")
    followed = 0
    for key in keys.values_list("pk", flat=True):
        ticket = lock(Ticket(pk=key))
        if ticket.contract_id == contract.replaces_id:
            ticket.contract = contract
            keep_clocks(ticket, now=now)
            save(ticket)
            leave_line(ticket, "contract", contract.replaces, contract, by=None, now=now)
            followed += 1
    return followed


def close_silent_tickets(*, now: datetime) -> int:
    """Close the solved tickets whose silence has lasted long enough, each by itself; returns how many."""
    due = Ticket.objects.filter(next_due_at__isnull=False, next_due_at__lte=now).order_by("next_due_at")
    tickets = due.only("number")[:CLOSING_BATCH]
    return sum(work_through(tickets, lambda ticket: _close_if_due(ticket, now), work=CLOSING, page=page_of))


@transaction.atomic
def _close_if_due(ticket: Ticket, now: datetime) -> bool:
    ticket = lock(ticket)
    if ticket.state != State.SOLVED or ticket.next_due_at is None or ticket.next_due_at > now:
        return False
    move(ticket, State.CLOSED, by=None, now=now)
    save(ticket)
    return True


def tags_named(names: Iterable[str]) -> list[Tag]:
    """The tags of these names, made when they are new; case does not tell them apart."""
    return [_tag(name) for name in names]


def _tag(name: str) -> Tag:
    return Tag.objects.filter(name__iexact=name).first() or Tag.objects.get_or_create(name=name)[0]
