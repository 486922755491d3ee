"""What hangs together with a ticket, for the team: children, merged tickets, links; and a merge to be undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet, Value

from ecuanime.tickets.actions.merging import UNDO_MERGE_WITHIN
from ecuanime.tickets.models import OPEN_STATES, Merge, State, Ticket, TicketLink

SHOWN_OF_A_KIND = 50


@dataclass(frozen=True)
class Related:
    """A ticket that hangs together with another. `kind`: child, merged, or that of `TicketLink.Kind`."""

    kind: str
    number: int
    subject: str
    state: str
    client: str

    @property
    def is_open(self) -> bool:
        """Whether there is still something to do on it."""
        return self.state in OPEN_STATES

    @property
    def state_label(self) -> str:
        """Its state in words."""
        return str(State(self.state).label)


def related_to(ticket: Ticket) -> list[Related]:
    """The ticket's children, those merged into it, and those linked with it, at most 50 of each, in one query."""
    parts = [
        _rows(Ticket.objects.filter(parent=ticket), Value("child")),
        _rows(Ticket.objects.filter(merged_into=ticket), Value("merged")),
        _linked(TicketLink.objects.filter(first=ticket), "second"),
        _linked(TicketLink.objects.filter(second=ticket), "first"),
    ]
    found = parts[0].union(*parts[1:], all=True).order_by("number")
    return [Related(str(kind), int(number), *texts) for kind, number, *texts in found]


def merge_to_undo(ticket: Ticket, *, now: datetime) -> Merge | None:
    """The merge of this ticket into another that may still be taken back, if nothing has changed since."""
    merges = Merge.objects.select_related("into").filter(Q(merged=ticket) | Q(into=ticket), undone_at=None)
    merge = merges.filter(at__gte=now - UNDO_MERGE_WITHIN).order_by("-at", "-pk").first()
    return merge if merge and merge.into.version == merge.into_version else None


def _rows(tickets: QuerySet[Ticket], kind: Value) -> QuerySet[Ticket, Any]:
    rows = tickets.annotate(kind=kind, of=F("client__name")).order_by("-number")
    return rows.values_list("kind", "number", "subject", "state", "of")[:SHOWN_OF_A_KIND]


def _linked(links: QuerySet[TicketLink], end: str) -> QuerySet[TicketLink, Any]:
    rows = links.order_by("-pk").values_list(
        "kind", f"{end}__number", f"{end}__subject", f"{end}__state", f"{end}__client__name"
    )
    return rows[:SHOWN_OF_A_KIND]
