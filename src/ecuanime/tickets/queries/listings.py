"""The lists of the desk: the inbox's views, queues and saved views, narrowed by a query, and what each holds.

That is decided here alone, so that a list's page, its counter and what is new in it never disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Q, QuerySet

from ecuanime.accounts.models import User
from ecuanime.tickets.filters import (
    Asker,
    groups_of,
    hangs_on_time,
    matching_for,
    read_query,
    speaks_of_snoozed,
)
from ecuanime.tickets.models import OPEN_STATES, Group, Order, Queue, SavedView, State, Ticket

SOLVED_LAST_FIRST = ("-solved_at", "-id")
BACK_FIRST = ("snoozed_until", "id")
NEWEST_FIRST = ("-last_message_at", "-id")
ORDERS: dict[str, Sequence[str]] = {
    Order.WAITING: ("inbox_group", "inbox_at", "id"),
    Order.UPDATED: NEWEST_FIRST,
    Order.STALEST: ("last_message_at", "id"),
    Order.NEWEST: ("-created_at", "-id"),
    Order.OLDEST: ("created_at", "id"),
    Order.PRIORITY: ("priority", "inbox_at", "id"),
    Order.DUE: ("due_at", "id"),
}
_NOT_PUT_OFF = Q(snoozed_until__isnull=True)


class View(StrEnum):
    """The views of the inbox, by what their URL says."""

    FOR_ME = "para-mi"
    UNASSIGNED = "sin-asignar"
    TRIAGE = "por-identificar"
    WAITING_CLIENT = "esperan-al-cliente"
    SNOOZED = "pospuestos"
    SOLVED = "resueltos"
    ALL_OPEN = "abiertos"
    ALL = "todos"


Source = View | Queue | SavedView
"""What a list is drawn from."""


@dataclass(frozen=True)
class Listing:
    """A list of tickets: its source, the words that narrow it, and its order, empty for the source's own."""

    source: Source
    query: str = ""
    order: str = ""

    @property
    def has_words(self) -> bool:
        """Whether words say what it holds."""
        return bool(self.query) or isinstance(self.source, SavedView)

    @property
    def sorting(self) -> Sequence[str]:
        """The fields it is read along, each with an index."""
        if self.order in ORDERS:
            return ORDERS[self.order]
        if isinstance(self.source, SavedView):
            return ORDERS.get(self.source.order, ORDERS[Order.WAITING])
        if self.source == View.SOLVED:
            return SOLVED_LAST_FIRST
        if self.source == View.SNOOZED:
            return BACK_FIRST
        return NEWEST_FIRST if self.source == View.ALL else ORDERS[Order.WAITING]


def rows_of(user: User, listing: Listing, *, now: datetime) -> QuerySet[Ticket]:
    """Every ticket of a list that `user` may see, unordered; in the order of what is due, those with a promise alone.

    Queues and saved views leave out what was put off, unless their words or those that narrow them speak of it.
    Raises `Unreadable`.
    """
    return rows_for(Asker(user, now), listing)


def rows_for(asker: Asker, listing: Listing) -> QuerySet[Ticket]:
    """The same for whoever asks at an instant."""
    rows = _held(asker, listing)
    return _promised(rows) if listing.sorting == ORDERS[Order.DUE] else rows


def _promised(rows: QuerySet[Ticket]) -> QuerySet[Ticket]:
    return rows.filter(due_at__isnull=False, state__in=OPEN_STATES)


def _held(asker: Asker, listing: Listing) -> QuerySet[Ticket]:
    source = listing.source
    query = read_query(listing.query)
    if isinstance(source, View):
        return matching_for(asker, query).filter(_in_view(asker.user.pk, source))
    if isinstance(source, SavedView):
        query = read_query(source.query) + query
    rows = matching_for(asker, query)
    if isinstance(source, Queue):
        rows = rows.filter(_in_queue(source.pk))
    return rows if speaks_of_snoozed(query) else rows.filter(_NOT_PUT_OFF)


def of_firm(user: int, source: View | int) -> QuerySet[Ticket]:
    """The tickets of a view, or of the queue with an id, for whoever sees all tickets."""
    condition = _in_view(user, source) if isinstance(source, View) else _in_queue(source) & _NOT_PUT_OFF
    return Ticket.objects.filter(condition)


def ordered(rows: QuerySet[Ticket], order: Sequence[str]) -> QuerySet[Ticket]:
    """Rows in one of the orders; in that of what is due, those with a promise alone."""
    return (_promised(rows) if order == ORDERS[Order.DUE] else rows).order_by(*order)


def all_in(user: int, listing: Listing) -> QuerySet[Ticket]:
    """All that a list would hold if no words narrowed it, under the headings where what fits them may stand."""
    source = listing.source
    rows = Ticket.objects.all()
    if listing.sorting == ORDERS[Order.WAITING]:
        held = groups_of(read_query(own_words(source))) & groups_of(read_query(listing.query))
        rows = rows if held == set(Group) else rows.filter(inbox_group__in=sorted(held))
    if isinstance(source, View):
        rows = rows.filter(_in_view(user, source))
    elif isinstance(source, Queue):
        rows = rows.filter(_in_queue(source.pk))
    return _promised(rows) if listing.sorting == ORDERS[Order.DUE] else rows


def _in_queue(queue: int) -> Q:
    return Q(queue=queue, state__in=OPEN_STATES)


def _in_view(user: int, view: View) -> Q:
    """What was put off is out of sight, except in the view of its own and among all open."""
    is_open = Q(state__in=OPEN_STATES)
    in_sight = is_open & _NOT_PUT_OFF
    return {
        View.FOR_ME: in_sight & Q(assignee=user),
        View.UNASSIGNED: in_sight & Q(assignee__isnull=True),
        View.TRIAGE: in_sight & Q(client__isnull=True),
        View.WAITING_CLIENT: in_sight & Q(inbox_group=Group.WAITING_CLIENT),
        View.SNOOZED: is_open & Q(snoozed_until__isnull=False),
        View.SOLVED: Q(state=State.SOLVED),
        View.ALL_OPEN: is_open,
        View.ALL: Q(),
    }[view]


def source_key(source: Source) -> View | int:
    """A view, or the key of a queue or saved view."""
    return source if isinstance(source, View) else source.pk


def own_words(source: Source) -> str:
    """The words of a saved view; the other lists have none."""
    return source.query if isinstance(source, SavedView) else ""


def kept_by(version: int | None, *queries: str) -> int | None:
    """The version by which what queries ask for may be kept: what they name is looked up when it is put together."""
    return None if any(hangs_on_time(read_query(query)) for query in queries) else version
