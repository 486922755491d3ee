"""What stands beside every list of the inbox: its views, queues and saved views, each with how many it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from ecuanime.accounts.models import User
from ecuanime.foundation.keeping import Kept
from ecuanime.tickets.models import Queue, SavedView
from ecuanime.tickets.queries import Source, Versions, View, counts_of, queues_for, saved_views_for
from ecuanime.web.desk.place import Place, icon_of, label_of, slug_of, url_of
from ecuanime.web.guards import StaffRequest

MOST_QUEUES, MOST_VIEWS = 30, 40
COUNTS_HOLD = 30
"""Seconds. What a saved view counts may hang on the hour and on what moves no version, such as a client's name."""
PEOPLE = 500

_lists: Kept[tuple[Source, ...]] = Kept(PEOPLE)
_counts: Kept[tuple[str, ...]] = Kept(PEOPLE)


@dataclass(frozen=True)
class Entry:
    """A list with its address and its number."""

    source: Source
    slug: str
    url: str
    label: str
    icon: str
    count: str
    is_current: bool


@dataclass(frozen=True)
class Sidebar:
    """The three groups, in the order in which they stand."""

    views: tuple[Entry, ...]
    queues: tuple[Entry, ...]
    saved: tuple[Entry, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All of them."""
        return (*self.views, *self.queues, *self.saved)

    def count_of(self, source: Source) -> str:
        """How many a list holds; empty for one that the bar has no room for."""
        return next((entry.count for entry in self.entries if entry.source == source), "")

    def useful_next(self) -> dict[str, Any] | None:
        """Where there is something to do when the current list is empty."""
        useful = (View.UNASSIGNED, View.TRIAGE, View.ALL_OPEN)
        for entry in self.views:
            if entry.source in useful and not entry.is_current and entry.count != "0":
                return {"label": entry.label, "count": entry.count, "url": entry.url}
        return None


def sidebar(request: StaffRequest, place: Place, seen: Versions, *, now: datetime) -> Sidebar:
    """The bar of whoever asks. While the versions stand still it is known; else it takes three statements, however much
    it holds, and one each for all tags and all fields of the firm's own where a saved view names any.
    """
    user = request.user
    sources = _lists.ask(partial(_lists_of, user), user.pk, version=seen.of_around)
    held = seen.of_all and (*seen.of_all, int(now.timestamp()) // COUNTS_HOLD)
    counted = _counts.ask(partial(_counted, user, sources, now, seen.of_around), user.pk, version=held)
    counts = dict(zip(map(slug_of, sources), counted, strict=True))
    request.inbox_counts = counts  # type: ignore[attr-defined]  # for the frame
    entries = [_entry(source, counts, place) for source in sources]
    return Sidebar(
        tuple(entry for entry in entries if isinstance(entry.source, View)),
        tuple(entry for entry in entries if isinstance(entry.source, Queue)),
        tuple(sorted((entry for entry in entries if isinstance(entry.source, SavedView)), key=_own_last)),
    )


def _lists_of(user: User) -> tuple[Source, ...]:
    return (*View, *queues_for(user)[:MOST_QUEUES], *saved_views_for(user)[:MOST_VIEWS])


def _counted(user: User, sources: tuple[Source, ...], now: datetime, version: int | None) -> tuple[str, ...]:
    return tuple(counts_of(user, sources, now=now, version=version))


def _own_last(entry: Entry) -> bool:
    return isinstance(entry.source, SavedView) and entry.source.audience == SavedView.Audience.OWNER


def _entry(source: Source, counts: dict[str, str], place: Place) -> Entry:
    slug = slug_of(source)
    return Entry(
        source=source,
        slug=slug,
        url=url_of(source),
        label=label_of(source),
        icon=icon_of(source),
        count=counts[slug],
        is_current=slug == place.slug,
    )
