"""The lists of the desk: the inbox's views, queues and saved views, narrowed by a query; keyset pages in every order.

What a list holds is decided here alone, so that its page, its counter and what is new in it never disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache, partial
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F, Q, QuerySet, prefetch_related_objects

from ecuanime.accounts.models import Role, User
from ecuanime.clients.models import Client, Contact
from ecuanime.contracts.models import Contract
from ecuanime.foundation.keeping import Kept
from ecuanime.foundation.paging import Page, among_next, cut, page_of, sorted_apart
from ecuanime.foundation.prepared import Prepared, prepared
from ecuanime.staff.models import ProductArea, Team
from ecuanime.tickets.access import tickets_of_contact, visible_tickets
from ecuanime.tickets.filters import (
    Asker,
    Unreadable,
    groups_of,
    hangs_on_time,
    matching_for,
    read_query,
    speaks_of_snoozed,
)
from ecuanime.tickets.models import OPEN_STATES, Group, Order, Queue, SavedView, State, Ticket

COUNTED_UP_TO = 999
UNCOUNTED = "–"
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
KEPT = 1_000
SHOWN = (
    "number",
    "version",
    "subject",
    "channel",
    "state",
    "priority",
    "requester_name",
    "requester_email",
    "unread_count",
    "last_message_at",
    "last_snippet",
    "waits_since",
    "due_at",
    "due_metric",
    "solved_at",
    "snoozed_until",
    "inbox_group",
    "contract",
    "queue",
    "area",
    "client",
    "contact",
    "assignee",
)
"""What a row of a list shows."""
_NAMES = {
    "of_client": F("client__name"),
    "of_contact": F("contact__name"),
    "of_assignee": F("assignee__name"),
}
_NAMES_OF = attrgetter(*_NAMES)
_PEOPLE = ("client", "contact", "assignee")
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
Statement = tuple[str, tuple[Any, ...]]
_asked: Kept[tuple[Prepared[Ticket], Prepared[Ticket]]] = Kept(KEPT)
_counted: Kept[Statement] = Kept(KEPT)


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


def listed(
    user: User,
    listing: Listing,
    *,
    now: datetime,
    after: str = "",
    size: int = 50,
    with_tags: bool = False,
    version: int | None = None,
) -> Page[Ticket]:
    """One page of a list. Raises `Unreadable` for words that say nothing.

    With the `version` of what stands around the lists, see `Versions`, the question is put together once for it.

    Each ticket comes with what `completed` loads, and with `inbox_group` (see `Group`). At most four queries whatever
    the number of rows, one more where words narrow the list, and one more `with_tags`.
    """
    page = _page(user, listing, now, after, size, version)
    completed(page.rows)
    if with_tags:
        prefetch_related_objects(page.rows, "tags")
    return page


def _page(
    user: User, listing: Listing, now: datetime, after: str, size: int, version: int | None
) -> Page[Ticket]:
    source, order = listing.source, tuple(listing.sorting)
    if after or not user.is_of_firm:
        rows = _joined(rows_of(user, listing, now=now), order)
        return page_of(rows, order=order, after=after, size=size, along=_along(user, listing))
    if listing.has_words:
        words = (listing.query, _own_words(source))
        put_together = partial(_first_of_words, Asker(user, now), listing, size)
        key = (user.pk, type(source), _known(source), *words, order, size)
        near, everywhere = _asked.ask(put_together, *key, version=_lasting(version, *words))
        batch = near.rows()
        return cut(batch if len(batch) > size else everywhere.rows(), order=order, size=size)
    return cut(_first(_known(source), order, size, user=user.pk), order=order, size=size)


def _first_of_words(asker: Asker, listing: Listing, size: int) -> tuple[Prepared[Ticket], Prepared[Ticket]]:
    """The same as `_first`, of a list that words narrow: among the next tickets of the list, and among all."""
    order = listing.sorting
    rows = _joined(_rows(asker, listing), order)
    near = among_next(rows, _all_in(asker.user.pk, listing), order)
    return Prepared(near[: size + 1]), Prepared(sorted_apart(rows, order)[: size + 1])


def _along(user: User, listing: Listing) -> QuerySet[Ticket] | None:
    """What a narrowed list is looked for along, see `page_of`; None where there is no need, or no index."""
    return _all_in(user.pk, listing) if user.is_of_firm and listing.has_words else None


def _all_in(user: int, listing: Listing) -> QuerySet[Ticket]:
    """All that a list would hold if no words narrowed it, under the headings where what fits them may stand."""
    source = listing.source
    rows = Ticket.objects.all()
    if listing.sorting == ORDERS[Order.WAITING]:
        held = groups_of(read_query(_own_words(source))) & groups_of(read_query(listing.query))
        rows = rows if held == set(Group) else rows.filter(inbox_group__in=sorted(held))
    if isinstance(source, View):
        rows = rows.filter(_in_view(user, source))
    elif isinstance(source, Queue):
        rows = rows.filter(_in_queue(source.pk))
    return _promised(rows) if listing.sorting == ORDERS[Order.DUE] else rows


def _lasting(version: int | None, *queries: str) -> int | None:
    """The version by which what queries ask for may be kept: what they name is looked up when it is put together."""
    return None if any(hangs_on_time(read_query(query)) for query in queries) else version


def _known(source: Source) -> View | int:
    """A view, or the key of a queue or saved view."""
    return source if isinstance(source, View) else source.pk


def _own_words(source: Source) -> str:
    """The words of a saved view; the other lists have none."""
    return source.query if isinstance(source, SavedView) else ""


@prepared
def _first(source: View | int, order: Sequence[str], size: int, /, *, user: int) -> QuerySet[Ticket]:
    """The first page of a view, or of the queue with an id, with one ticket more."""
    return _joined(_ordered(_of_firm(user, source), order), order)[: size + 1]


def _ordered(rows: QuerySet[Ticket], order: Sequence[str]) -> QuerySet[Ticket]:
    return (_promised(rows) if order == ORDERS[Order.DUE] else rows).order_by(*order)


def numbers_listed(
    user: User, listing: Listing, *, now: datetime, after: str = "", size: int = 50
) -> list[int]:
    """The numbers of the tickets on one page of a list, in its order. Raises `Unreadable`. One
    query, and one more where words narrow the list.
    """
    source = listing.source
    if user.is_of_firm and not (after or listing.has_words):
        return _first_numbers(_known(source), tuple(listing.sorting), size, user=user.pk)
    fields = [name.removeprefix("-") for name in listing.sorting]
    rows = rows_of(user, listing, now=now).only("number", *fields)
    along = _along(user, listing)
    page = page_of(rows, order=listing.sorting, after=after, size=size, along=along)
    return [ticket.number for ticket in page.rows]


@prepared
def _first_numbers(
    source: View | int, order: Sequence[str], size: int, /, *, user: int
) -> QuerySet[Ticket, int]:
    return _ordered(_of_firm(user, source), order)[:size].values_list("number", flat=True)


def as_shown(rows: QuerySet[Ticket]) -> list[Ticket]:
    """Tickets as a list shows them, with what `completed` loads."""
    return completed(list(_joined(rows)))


def tickets_by_key(keys: Sequence[int]) -> dict[int, Ticket]:
    """The tickets with these ids as a list shows them; whether somebody may see them was asked before."""
    return {ticket.pk: ticket for ticket in completed(_with_keys(keys=list(keys)))} if keys else {}


@prepared
def _with_keys(*, keys: list[int]) -> QuerySet[Ticket]:
    return _joined(Ticket.objects.filter(pk__any_of=keys))


class Names(NamedTuple):
    """What those around a ticket of a list are called; empty where there is nobody."""

    client: str
    contact: str
    assignee: str


def names_of(ticket: Ticket) -> Names:
    """The names that were read with a ticket of a list: fifty rows need no hundred and fifty people at hand."""
    return Names(*(name or "" for name in _NAMES_OF(ticket)))


def _joined(rows: QuerySet[Ticket], order: Sequence[str] = ()) -> QuerySet[Ticket]:
    """With what a list shows, what `names_of` tells, and the fields of its order."""
    return rows.annotate(**_NAMES).only(*SHOWN, *(name.removeprefix("-") for name in order))


def completed(tickets: list[Ticket]) -> list[Ticket]:
    """The tickets with their `queue`, `area` and `contract.version.plan`.

    Many have none of them: they are asked for apart, each kind where any ticket has one, since planning a join of nine
    tables takes longer than reading fifty tickets.
    """
    for name, known in _APART.items():
        key_of = attrgetter(f"{name}_id")
        having = [ticket for ticket in tickets if key_of(ticket) is not None]
        found = {each.pk: each for each in known(keys=list({*map(key_of, having)}))} if having else {}
        for ticket in having:
            setattr(ticket, name, found.get(key_of(ticket)))
    return tickets


def _with_key(rows: QuerySet[Any]) -> Callable[..., list[Any]]:
    """The way to those of `rows` with some keys."""

    @prepared
    def known(*, keys: list[int]) -> QuerySet[Any]:
        return rows.filter(pk__any_of=keys)

    return known


_APART = {
    "queue": _with_key(Queue.objects.all()),
    "area": _with_key(ProductArea.objects.all()),
    "contract": _with_key(Contract.objects.select_related("version__plan")),
}


def rows_of(user: User, listing: Listing, *, now: datetime) -> QuerySet[Ticket]:
    """Every ticket of a list that `user` may see, unordered; in the order of what is due, those with a promise alone.

    Queues and saved views leave out what was put off, unless their words or those that narrow them speak of it.
    Raises `Unreadable`.
    """
    return _rows(Asker(user, now), listing)


def _rows(asker: Asker, listing: Listing) -> QuerySet[Ticket]:
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


def news_in(user: User, listing: Listing, since: datetime, *, now: datetime, limit: int = 99) -> int:
    """How many tickets of a list have unread messages that came after an instant, at most `limit`."""
    fresh = rows_of(user, listing, now=now).filter(last_message_at__gt=since, unread_count__gt=0)
    return fresh.values("pk")[:limit].count()


def counts_of(
    user: User, sources: Sequence[Source], *, now: datetime, version: int | None = None
) -> list[str]:
    """How many tickets each source has, exact up to 999 and then «999+», in one bounded query,
    and one more each if any of them names a tag or a field of the firm's own.

    A saved view that can no longer be read has no number. With a `version`, as `listed` has it, the words of one are
    put together once for it.
    """
    parts: list[str] = []
    values: list[Any] = []
    asker = Asker(user, now)
    for source in sources:
        try:
            sql, params = _bounded(asker, source, version)
        except Unreadable:
            parts.append("NULL")
            continue
        parts.append(f"(SELECT count(*) FROM ({sql}) AS counted)")  # noqa: S608  # SQL of the ORM, values apart
        values.extend(params)
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(parts), values)
        numbers = cursor.fetchone() or ()
    return [_shown(number) for number in numbers]


def _bounded(asker: Asker, source: Source, version: int | None) -> Statement:
    """The statement of what is counted of a list."""
    user, words = asker.user, _own_words(source)
    if user.is_of_firm and not isinstance(source, SavedView):
        return _bounded_for_firm(user.pk, _known(source))
    held = _lasting(version, words) if user.is_of_firm else None
    sorting = tuple(Listing(source).sorting)
    return _counted.ask(partial(_bounded_of_words, asker, source), user.pk, words, sorting, version=held)


def _bounded_of_words(asker: Asker, source: Source) -> Statement:
    return _statement(_rows(asker, Listing(source)))


@lru_cache(maxsize=KEPT)
def _bounded_for_firm(user: int, source: View | int) -> Statement:
    """The same of a view, or of the queue with an id, for whoever sees all tickets: it never changes, and is kept since
    putting it together takes longer than asking it.
    """
    return _statement(_of_firm(user, source))


def _of_firm(user: int, source: View | int) -> QuerySet[Ticket]:
    """The tickets of a view, or of the queue with an id, for whoever sees all tickets."""
    condition = _in_view(user, source) if isinstance(source, View) else _in_queue(source) & _NOT_PUT_OFF
    return Ticket.objects.filter(condition)


def _statement(rows: QuerySet[Ticket]) -> Statement:
    sql, params = rows.order_by().values("pk")[: COUNTED_UP_TO + 1].query.sql_with_params()
    return sql, tuple(params)


def queues_for(user: User) -> QuerySet[Queue]:
    """The queues a person works on: those of their teams and those of no team; supervisors see all."""
    return _queues(user.pk, sees_all=user.has_role(Role.SUPERVISOR))


def _queues(user: int, *, sees_all: bool) -> QuerySet[Queue]:
    rows = Queue.objects.filter(is_active=True).select_related("team")
    return rows if sees_all else rows.filter(Q(team__isnull=True) | Q(team__in=_teams_of(user)))


def saved_views_for(user: User) -> QuerySet[SavedView]:
    """The saved views a person has: their own, those of their teams and everybody's."""
    return _saved_views(user.pk)


def _saved_views(user: int) -> QuerySet[SavedView]:
    of_team = Q(audience=SavedView.Audience.TEAM, team__in=_teams_of(user))
    for_all = Q(audience=SavedView.Audience.EVERYBODY)
    return SavedView.objects.filter(Q(owner=user) | of_team | for_all).select_related("owner", "team")


def _teams_of(user: int) -> QuerySet[Team, Any]:
    return Team.objects.filter(members=user).values("pk")


def queue_for(user: User, key: int) -> Queue | None:
    """The queue with that id, if the person works on it."""
    return next(iter(_queue(user.has_role(Role.SUPERVISOR), user=user.pk, key=key)), None)


@prepared
def _queue(sees_all: bool, /, *, user: int, key: int) -> QuerySet[Queue]:
    return _queues(user, sees_all=sees_all).filter(pk=key)


def saved_view_for(user: User, key: int) -> SavedView | None:
    """The saved view with that id, if the person has it."""
    return next(iter(_saved_view(user=user.pk, key=key)), None)


@prepared
def _saved_view(*, user: int, key: int) -> QuerySet[SavedView]:
    return _saved_views(user).filter(pk=key)


def tickets_numbered(user: User, numbers: Sequence[int]) -> list[Ticket]:
    """The tickets with these numbers that `user` may see, as a list shows them; five queries whatever their number."""
    rows = visible_tickets(user).filter(number__in=numbers)
    tickets = as_shown(rows)
    prefetch_related_objects(tickets, "tags")
    return tickets


def tickets_of_client(user: User, client: Client, *, after: str = "", size: int = 50) -> Page[Ticket]:
    """A client's whole history that `user` may see, the latest message first."""
    return _latest(visible_tickets(user).filter(client=client), after, size)


def portal_tickets(contact: Contact, *, after: str = "", size: int = 30) -> Page[Ticket]:
    """What a contact may see in the portal, the latest message first."""
    return _latest(tickets_of_contact(contact), after, size)


def portal_tickets_among(contact: Contact, keys: Sequence[int]) -> list[Ticket]:
    """Those of the tickets with these ids that a contact may see in the portal, in the order of the ids."""
    known = tickets_of_contact(contact).select_related(*_PEOPLE).in_bulk(keys)
    return [known[key] for key in keys if key in known]


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


def _latest(rows: QuerySet[Ticket], after: str, size: int) -> Page[Ticket]:
    return page_of(rows.select_related(*_PEOPLE), order=NEWEST_FIRST, after=after, size=size)


def _shown(number: int | None) -> str:
    if number is None:
        return UNCOUNTED
    return str(number) if number <= COUNTED_UP_TO else f"{COUNTED_UP_TO}+"
