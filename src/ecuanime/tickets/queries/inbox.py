"""The lists of the desk: the inbox's views, queues and saved views, narrowed by a query; keyset pages in every order.

What a list holds is decided here alone, so that its page, its counter and what is new in it never disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from ecuanime.accounts.models import Role, User
from ecuanime.clients.models import Client, Contact
from ecuanime.foundation.paging import Page, page_of
from ecuanime.tickets.access import tickets_of_contact, visible_tickets
from ecuanime.tickets.filters import Unreadable, matching, read_query
from ecuanime.tickets.models import OPEN_STATES, Group, Order, Queue, SavedView, State, Ticket

COUNTED_UP_TO = 999
UNCOUNTED = "–"
SOLVED_LAST_FIRST = ("-solved_at", "-id")
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
SHOWN = ("client", "contact", "assignee", "area", "queue", "contract__version__plan")


class View(StrEnum):
    """The views of the inbox, by what their URL says."""

    FOR_ME = "para-mi"
    UNASSIGNED = "sin-asignar"
    TRIAGE = "por-identificar"
    WAITING_CLIENT = "esperan-al-cliente"
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
    def sorting(self) -> Sequence[str]:
        """The fields it is read along, each with an index."""
        if self.order in ORDERS:
            return ORDERS[self.order]
        if isinstance(self.source, SavedView):
            return ORDERS.get(self.source.order, ORDERS[Order.WAITING])
        if self.source == View.SOLVED:
            return SOLVED_LAST_FIRST
        return NEWEST_FIRST if self.source == View.ALL else ORDERS[Order.WAITING]


def listed(
    user: User, listing: Listing, *, now: datetime, after: str = "", size: int = 50, with_tags: bool = False
) -> Page[Ticket]:
    """One page of a list. Raises `Unreadable` for words that say nothing.

    Each ticket comes with `client`, `contact`, `assignee`, `queue`, `contract.version.plan` and `area` loaded, and
    with `inbox_group` (see `Group`). One query whatever the number of rows, and one more `with_tags`.
    """
    rows = rows_of(user, listing, now=now)
    return _page(rows.prefetch_related("tags") if with_tags else rows, listing.sorting, after, size)


def rows_of(user: User, listing: Listing, *, now: datetime) -> QuerySet[Ticket]:
    """Every ticket of a list that `user` may see, unordered; in the order of what is due, those with a promise alone.

    Raises `Unreadable`.
    """
    rows = _held(user, listing, now)
    if listing.sorting == ORDERS[Order.DUE]:
        return rows.filter(due_at__isnull=False, state__in=OPEN_STATES)
    return rows


def _held(user: User, listing: Listing, now: datetime) -> QuerySet[Ticket]:
    source = listing.source
    query = read_query(listing.query)
    if isinstance(source, SavedView):
        return matching(user, read_query(source.query) + query, now=now)
    rows = matching(user, query, now=now)
    if isinstance(source, Queue):
        return rows.filter(queue=source, state__in=OPEN_STATES, snoozed_until__isnull=True)
    return rows.filter(_in_view(user, source))


def news_in(user: User, listing: Listing, since: datetime, *, now: datetime, limit: int = 99) -> int:
    """How many tickets of a list have unread messages that came after an instant, at most `limit`."""
    fresh = rows_of(user, listing, now=now).filter(last_message_at__gt=since, unread_count__gt=0)
    return fresh.values("pk")[:limit].count()


def counts_of(user: User, sources: Sequence[Source], *, now: datetime) -> list[str]:
    """How many tickets each source has, exact up to 999 and then «999+», in one bounded query.

    A saved view that can no longer be read has no number.
    """
    parts: list[str] = []
    values: list[Any] = []
    for source in sources:
        try:
            bounded = rows_of(user, Listing(source), now=now).order_by().values("pk")[: COUNTED_UP_TO + 1]
        except Unreadable:
            parts.append("NULL")
            continue
        sql, params = bounded.query.sql_with_params()
        parts.append(f"(SELECT count(*) FROM ({sql}) AS counted)")  # noqa: S608  # SQL of the ORM, values apart
        values.extend(params)
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(parts), values)
        numbers = cursor.fetchone() or ()
    return [_shown(number) for number in numbers]


def queues_for(user: User) -> QuerySet[Queue]:
    """The queues a person works on: those of their teams and those of no team; supervisors see all."""
    rows = Queue.objects.filter(is_active=True).select_related("team")
    if user.has_role(Role.SUPERVISOR):
        return rows
    return rows.filter(Q(team__isnull=True) | Q(team__in=user.teams.values("pk")))


def saved_views_for(user: User) -> QuerySet[SavedView]:
    """The saved views a person has: their own, those of their teams and everybody's."""
    of_team = Q(audience=SavedView.Audience.TEAM, team__in=user.teams.values("pk"))
    for_all = Q(audience=SavedView.Audience.EVERYBODY)
    return SavedView.objects.filter(Q(owner=user) | of_team | for_all).select_related("owner", "team")


def tickets_in(user: User, view: View) -> QuerySet[Ticket]:
    """The tickets of a view that `user` may see, unordered. What was put off is out of sight, except among all open."""
    return visible_tickets(user).filter(_in_view(user, view))


def tickets_numbered(user: User, numbers: Sequence[int]) -> list[Ticket]:
    """The tickets with these numbers that `user` may see, as a list shows them; two queries whatever their number."""
    rows = visible_tickets(user).filter(number__in=numbers)
    return list(rows.select_related(*SHOWN).prefetch_related("tags"))


def tickets_version() -> int:
    """A number that has moved if any ticket has changed meanwhile; asking costs the least that a query can."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM tickets_version")
        found = cursor.fetchone()
    return int(found[0]) if found else 0


def tickets_of_client(user: User, client: Client, *, after: str = "", size: int = 50) -> Page[Ticket]:
    """A client's whole history that `user` may see, the latest message first."""
    return _page(visible_tickets(user).filter(client=client), NEWEST_FIRST, after, size)


def portal_tickets(contact: Contact, *, after: str = "", size: int = 30) -> Page[Ticket]:
    """What a contact may see in the portal, the latest message first."""
    return _page(tickets_of_contact(contact), NEWEST_FIRST, after, size)


def _in_view(user: User, view: View) -> Q:
    is_open = Q(state__in=OPEN_STATES)
    in_sight = is_open & Q(snoozed_until__isnull=True)
    return {
        View.FOR_ME: in_sight & Q(assignee=user),
        View.UNASSIGNED: in_sight & Q(assignee__isnull=True),
        View.TRIAGE: in_sight & Q(client__isnull=True),
        View.WAITING_CLIENT: in_sight & Q(inbox_group=Group.WAITING_CLIENT),
        View.SOLVED: Q(state=State.SOLVED),
        View.ALL_OPEN: is_open,
        View.ALL: Q(),
    }[view]


def _page(rows: QuerySet[Ticket], order: Sequence[str], after: str, size: int) -> Page[Ticket]:
    return page_of(rows.select_related(*SHOWN), order=order, after=after, size=size)


def _shown(number: int | None) -> str:
    if number is None:
        return UNCOUNTED
    return str(number) if number <= COUNTED_UP_TO else f"{COUNTED_UP_TO}+"
