"""Pages of the desk's lists, by key in every order, with what a row shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import F, QuerySet, prefetch_related_objects

from ecuanime.accounts.models import User
from ecuanime.clients.models import Client, Contact
from ecuanime.contracts.models import Contract
from ecuanime.foundation.keeping import Kept
from ecuanime.foundation.paging import Page, among_next, cut, found_apart, page_of
from ecuanime.foundation.prepared import Prepared, prepared
from ecuanime.staff.models import ProductArea
from ecuanime.tickets.access import tickets_of_contact, visible_tickets
from ecuanime.tickets.filters import Asker
from ecuanime.tickets.models import Queue, Ticket
from ecuanime.tickets.queries.listings import (
    NEWEST_FIRST,
    Listing,
    View,
    all_in,
    kept_by,
    of_firm,
    ordered,
    own_words,
    rows_for,
    rows_of,
    source_key,
)

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
_asked: Kept[tuple[Prepared[Ticket], Prepared[Ticket]]] = Kept(KEPT)


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
        words = (listing.query, own_words(source))
        put_together = partial(_first_of_words, Asker(user, now), listing, size)
        key = (user.pk, type(source), source_key(source), *words, order, size)
        near, everywhere = _asked.ask(put_together, *key, version=kept_by(version, *words))
        batch = near.rows()
        return cut(batch if len(batch) > size else everywhere.rows(), order=order, size=size)
    return cut(_first(source_key(source), order, size, user=user.pk), order=order, size=size)


def _first_of_words(asker: Asker, listing: Listing, size: int) -> tuple[Prepared[Ticket], Prepared[Ticket]]:
    """The same as `_first`, of a list that words narrow: among the next tickets of the list, and among all."""
    order = listing.sorting
    rows = _joined(rows_for(asker, listing), order)
    near = among_next(rows, all_in(asker.user.pk, listing), order)
    return Prepared(near[: size + 1]), Prepared(found_apart(rows, order, size + 1))


def _along(user: User, listing: Listing) -> QuerySet[Ticket] | None:
    """What a narrowed list is looked for along, see `page_of`; None where there is no need, or no index."""
    return all_in(user.pk, listing) if user.is_of_firm and listing.has_words else None


@prepared
def _first(source: View | int, order: Sequence[str], size: int, /, *, user: int) -> QuerySet[Ticket]:
    """The first page of a view, or of the queue with an id, with one ticket more."""
    return _joined(ordered(of_firm(user, source), order), order)[: size + 1]


def numbers_listed(
    user: User, listing: Listing, *, now: datetime, after: str = "", size: int = 50
) -> list[int]:
    """The numbers of the tickets on one page of a list, in its order. Raises `Unreadable`. One
    query, and one more where words narrow the list.
    """
    source = listing.source
    if user.is_of_firm and not (after or listing.has_words):
        return _first_numbers(source_key(source), tuple(listing.sorting), size, user=user.pk)
    fields = [name.removeprefix("-") for name in listing.sorting]
    rows = rows_of(user, listing, now=now).only("number", *fields)
    along = _along(user, listing)
    page = page_of(rows, order=listing.sorting, after=after, size=size, along=along)
    return [ticket.number for ticket in page.rows]


@prepared
def _first_numbers(
    source: View | int, order: Sequence[str], size: int, /, *, user: int
) -> QuerySet[Ticket, int]:
    return ordered(of_firm(user, source), order)[:size].values_list("number", flat=True)


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


def _latest(rows: QuerySet[Ticket], after: str, size: int) -> Page[Ticket]:
    return page_of(rows.select_related(*_PEOPLE), order=NEWEST_FIRST, after=after, size=size)
