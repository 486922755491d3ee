"""The time of one ticket, and of one entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import F, Q

from ecuanime.entitlements.queries import ContractLots
from ecuanime.tickets.models import Ticket
from ecuanime.worklog.figures import Figures, Totals, totals_of
from ecuanime.worklog.models import EntryState, TimeEntry
from ecuanime.worklog.pending import Pending, pending_among, preview, undecided, waiting_on
from ecuanime.worklog.queries.day import overlaps_of
from ecuanime.worklog.queries.lines import EntryLine, lines_of
from ecuanime.worklog.rating import Known, with_relations


@dataclass(frozen=True)
class TicketLine:
    """An entry of the ticket, what it comes to (None while it has no contract), and what it overlaps."""

    entry: TimeEntry
    figures: Figures | None
    overlaps: tuple[TimeEntry, ...]


@dataclass(frozen=True)
class TicketTime:
    """A ticket's entries in the order of the work, and their sums.

    `pending` is what waits on the ticket's contract, on all its tickets, and None when it has no contract.
    `lot_codes` says what the lots concerned are called, by their id.
    """

    lines: tuple[TicketLine, ...]
    totals: Totals
    pending: Pending | None
    lot_codes: Mapping[int, str]


def time_of_ticket(ticket: Ticket, *, limit: int = 200, lots: ContractLots | None = None) -> TicketTime:
    """What was worked on a ticket and on those merged into it, the latest `limit`, and what waits on its contract.

    Those of the ticket not approved yet are previewed as if they were approved together now, those of the contract
    likewise; what rating has to know is read once for both. `lots` are the contract's, if at hand.
    """
    merged_here = Ticket.objects.filter(Q(pk=ticket.pk) | Q(merged_into=ticket)).values("pk")
    rows = TimeEntry.objects.filter(ticket__in=merged_here).order_by(
        "-work_on", F("started_at").desc(nulls_last=True), "-id"
    )
    contracts = [ticket.contract] if ticket.contract else []
    here = list(rows.values_list("pk", flat=True)[:limit])
    on_contract = list(waiting_on(contracts).values_list("pk", flat=True)) if contracts else []
    # Most tickets have no time, and planning what `with_relations` joins takes longer than reading it: once for both.
    found = with_relations(TimeEntry.objects.filter(pk__in={*here, *on_contract})).in_bulk()
    entries = [found[key] for key in reversed(here) if key in found]
    waiting = [found[key] for key in on_contract if key in found]
    known = Known([*undecided(entries), *waiting], lots=lots)
    figures, overlaps = preview(entries, known=known), overlaps_of(entries)
    lines = tuple(TicketLine(entry, figures.get(entry.pk), overlaps.get(entry.pk, ())) for entry in entries)
    return TicketTime(
        lines=lines,
        totals=totals_of(
            (line.entry, line.figures) for line in lines if line.entry.state != EntryState.REJECTED
        ),
        pending=next(iter(pending_among(waiting, contracts, known=known).values()), None),
        lot_codes=known.lot_codes,
    )


def entry_line(entry: TimeEntry) -> EntryLine:
    """One entry with all that its page shows."""
    rows = with_relations(TimeEntry.objects.filter(pk=entry.pk)).select_related("cut")
    return lines_of(list(rows))[0]
