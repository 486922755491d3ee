"""The inbox's views and counts, and other lists of tickets: keyset pages, each along an index of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from ecuanime.accounts.models import User
from ecuanime.clients.models import Client, Contact
from ecuanime.foundation.paging import Page, page_of
from ecuanime.tickets.access import tickets_of_contact, visible_tickets
from ecuanime.tickets.models import OPEN_STATES, Group, State, Ticket

COUNTED_UP_TO = 999
WAITED_LONGEST_FIRST = ("inbox_group", "inbox_at", "id")
SOLVED_LAST_FIRST = ("-solved_at", "-id")
NEWEST_FIRST = ("-last_message_at", "-id")
SHOWN = ("client", "contact", "assignee", "area", "contract__version__plan")


class View(StrEnum):
    """The views of the inbox, by what their URL says."""

    FOR_ME = "para-mi"
    UNASSIGNED = "sin-asignar"
    TRIAGE = "por-identificar"
    WAITING_CLIENT = "esperan-al-cliente"
    SOLVED = "resueltos"
    ALL_OPEN = "abiertos"


def inbox(
    user: User, view: View, *, client: str = "", tag: str = "", after: str = "", size: int = 50
) -> Page[Ticket]:
    """One page of a view, in the order `inbox_group`, `inbox_at` (who has waited longest first); solved by latest.

    `client` (a code) and `tag` (a name) keep only those. Each ticket comes with `client`, `contact`, `assignee`,
    `contract.version.plan` and `area` loaded, and with `inbox_group` (see `Group`) as the heading it stands under.
    One query whatever the number of rows.
    """
    rows = tickets_in(user, view)
    if client:
        rows = rows.filter(client__code=client)
    if tag:
        rows = rows.filter(tags__name__iexact=tag)
    return _page(rows, _order(view), after, size)


def news_in(user: User, view: View, since: datetime, *, limit: int = 99) -> int:
    """How many tickets of a view have unread messages that came after an instant, at most `limit`."""
    fresh = tickets_in(user, view).filter(last_message_at__gt=since, unread_count__gt=0)
    return fresh.values("pk")[:limit].count()


def inbox_counts(user: User) -> dict[View, str]:
    """How many tickets each view has, exact up to 999 and then «999+», in one bounded query."""
    parts: list[str] = []
    values: list[Any] = []
    for view in View:
        bounded = tickets_in(user, view).order_by(*_order(view)).values("pk")[: COUNTED_UP_TO + 1]
        sql, params = bounded.query.sql_with_params()
        parts.append(f"(SELECT count(*) FROM ({sql}) AS counted)")  # noqa: S608  # SQL of the ORM, values apart
        values.extend(params)
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(parts), values)
        numbers = cursor.fetchone() or ()
    return {view: _shown(number) for view, number in zip(View, numbers, strict=True)}


def tickets_in(user: User, view: View) -> QuerySet[Ticket]:
    """The tickets of a view that `user` may see, unordered. What was put off is out of sight, except among all open."""
    visible = visible_tickets(user)
    if view == View.SOLVED:
        return visible.filter(state=State.SOLVED)
    is_open = visible.filter(state__in=OPEN_STATES)
    in_sight = is_open.filter(snoozed_until__isnull=True)
    if view == View.FOR_ME:
        return in_sight.filter(assignee=user)
    if view == View.UNASSIGNED:
        return in_sight.filter(assignee__isnull=True)
    if view == View.TRIAGE:
        return in_sight.filter(client__isnull=True)
    if view == View.WAITING_CLIENT:
        return in_sight.filter(inbox_group=Group.WAITING_CLIENT)
    return is_open


def tickets_of_client(user: User, client: Client, *, after: str = "", size: int = 50) -> Page[Ticket]:
    """A client's whole history that `user` may see, the latest message first."""
    return _page(visible_tickets(user).filter(client=client), NEWEST_FIRST, after, size)


def portal_tickets(contact: Contact, *, after: str = "", size: int = 30) -> Page[Ticket]:
    """What a contact may see in the portal, the latest message first."""
    return _page(tickets_of_contact(contact), NEWEST_FIRST, after, size)


def _page(rows: QuerySet[Ticket], order: Sequence[str], after: str, size: int) -> Page[Ticket]:
    return page_of(rows.select_related(*SHOWN), order=order, after=after, size=size)


def _order(view: View) -> Sequence[str]:
    return SOLVED_LAST_FIRST if view == View.SOLVED else WAITED_LONGEST_FIRST


def _shown(number: int) -> str:
    return str(number) if number <= COUNTED_UP_TO else f"{COUNTED_UP_TO}+"
