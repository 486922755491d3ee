"""What stands beside every list of the inbox: its views, queues and saved views, each with how many it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ecuanime.tickets.models import SavedView
from ecuanime.tickets.queries import Source, View, counts_of, queues_for, saved_views_for
from ecuanime.web.desk.place import Place, icon_of, label_of, slug_of, url_of
from ecuanime.web.guards import StaffRequest

MOST_QUEUES, MOST_VIEWS = 30, 40


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

    views: list[Entry]
    queues: list[Entry]
    saved: list[Entry]

    @property
    def entries(self) -> list[Entry]:
        """All of them."""
        return [*self.views, *self.queues, *self.saved]

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


def sidebar(request: StaffRequest, place: Place, *, now: datetime) -> Sidebar:
    """The bar of whoever asks, counted in one statement; three queries whatever it holds."""
    user = request.user
    views: list[Source] = list(View)
    queues: list[Source] = list(queues_for(user)[:MOST_QUEUES])
    saved: list[Source] = list(saved_views_for(user)[:MOST_VIEWS])
    sources = [*views, *queues, *saved]
    counts = dict(zip(map(slug_of, sources), counts_of(user, sources, now=now), strict=True))
    request.inbox_counts = counts  # type: ignore[attr-defined]  # for the frame
    entries = [_entry(source, counts, place) for source in sources]
    return Sidebar(
        entries[: len(views)],
        entries[len(views) : len(views) + len(queues)],
        sorted(entries[len(views) + len(queues) :], key=_own_last),
    )


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
