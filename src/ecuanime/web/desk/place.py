"""Where in which list a ticket was opened: it travels in the query string, so that "back" returns to the same row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from ecuanime.accounts.models import Role, User
from ecuanime.tickets.access import works_at_desk
from ecuanime.tickets.models import Queue, SavedView
from ecuanime.tickets.queries import ORDERS, Listing, Source, View, queue_for, saved_view_for

LABELS = {
    View.FOR_ME: gettext_lazy("For me"),
    View.UNASSIGNED: gettext_lazy("Not assigned"),
    View.TRIAGE: gettext_lazy("To identify"),
    View.WAITING_CLIENT: pgettext_lazy("view", "Waiting for the client"),
    View.SNOOZED: pgettext_lazy("view", "Put off"),
    View.SOLVED: pgettext_lazy("view", "Solved"),
    View.ALL_OPEN: gettext_lazy("All open"),
    View.ALL: pgettext_lazy("view", "All tickets"),
}
ICONS = {
    View.FOR_ME: "user-check",
    View.UNASSIGNED: "inbox",
    View.TRIAGE: "user-question",
    View.WAITING_CLIENT: "player-pause",
    View.SNOOZED: "alarm",
    View.SOLVED: "circle-check",
    View.ALL_OPEN: "list",
    View.ALL: "list-details",
}
QUEUE, SAVED = "cola", "vista"

_KNOWN = frozenset(view.value for view in View)
_NUMBERED = re.compile(rf"({QUEUE}|{SAVED})-(\d{{1,15}})")


@dataclass(frozen=True)
class Place:
    """A list with the cursor of the page one stands on."""

    listing: Listing
    after: str = ""

    @property
    def slug(self) -> str:
        """What its address calls the list."""
        return slug_of(self.listing.source)

    @property
    def label(self) -> str:
        """What the list is called."""
        return label_of(self.listing.source)

    @property
    def filters(self) -> dict[str, str]:
        """What narrows the list, its order and the page as the query string has them, empty ones left out."""
        named = {"q": self.listing.query, "orden": self.listing.order, "despues": self.after}
        return {name: value for name, value in named.items() if value}

    @cached_property
    def query(self) -> str:
        """What a ticket's address carries along, with its question mark."""
        return "?" + urlencode({"vista": self.slug, **self.filters})

    @property
    def url(self) -> str:
        """The list itself."""
        plain = url_of(self.listing.source)
        return f"{plain}?{urlencode(self.filters)}" if self.filters else plain

    def at(self, after: str) -> Place:
        """Another page of the same list."""
        return replace(self, after=after)

    def ticket_url(self, number: int) -> str:
        """A ticket opened from here."""
        return ticket_path(number) + self.query

    def row_url(self, number: int) -> str:
        """Back to the row of a ticket."""
        return f"{self.url}#t{number}"


def ticket_path(number: int, name: str = "ticket") -> str:
    """The address of a ticket, or with `name` of a part of it."""
    before, after = _around_number(name)
    return f"{before}{number}{after}"


@cache
def _around_number(name: str) -> tuple[str, str]:
    """What stands around the number in an address: a page has a hundred of them, and looking one up takes long."""
    before, _number, after = reverse(name, args=[0]).rpartition("0")
    return before, after


def place_in(query: Mapping[str, str], slug: str, user: User) -> Place | None:
    """The place that a list's or a ticket's query string names; None when `user` has no such list."""
    source = source_of(slug, user)
    if source is None:
        return None
    order = query.get("orden", "")
    listing = Listing(source, query.get("q", "")[:2000].strip(), order if order in ORDERS else "")
    return Place(listing, query.get("despues", "")[:400])


def source_of(slug: str, user: User) -> Source | None:
    """The view, queue or saved view that an address names, if the person has it."""
    if slug in _KNOWN:
        return View(slug)
    numbered = _NUMBERED.fullmatch(slug)
    if numbered is None:
        return None
    find = queue_for if numbered[1] == QUEUE else saved_view_for
    return find(user, int(numbered[2]))


def slug_of(source: Source) -> str:
    """What an address calls a list."""
    if isinstance(source, View):
        return source.value
    return f"{QUEUE if isinstance(source, Queue) else SAVED}-{source.pk}"


def label_of(source: Source) -> str:
    """What a list is called."""
    return str(LABELS[source]) if isinstance(source, View) else source.name


def icon_of(source: Source) -> str:
    """The icon it stands beside."""
    if isinstance(source, View):
        return ICONS[source]
    if isinstance(source, Queue):
        return "layout-list"
    return "user" if source.audience == SavedView.Audience.OWNER else "users"


def url_of(source: Source) -> str:
    """The address of a list."""
    return reverse("inbox_view", args=[slug_of(source)])


def first_view(user: User) -> View:
    """The view a person lands on: supervisors hand out work, the others do theirs, billing looks at all."""
    if user.has_role(Role.SUPERVISOR):
        return View.UNASSIGNED
    return View.FOR_ME if works_at_desk(user) else View.ALL_OPEN
