"""What work that is not approved yet would cost, by the same engine and without writing anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db.models import Prefetch, QuerySet

from ecuanime.contracts.models import Contract
from ecuanime.entitlements.queries import Balance, ContractLots, balances_for, lots_of
from ecuanime.worklog.figures import Figures, figures_of_rating, figures_of_work
from ecuanime.worklog.models import EntryState, RatedEntry, RatedSegment, SegmentDraw, TimeEntry
from ecuanime.worklog.rating import Known, RatedWork, rate_entries, with_relations

UNDECIDED = (EntryState.OPEN, EntryState.CLOSED, EntryState.REVIEWED, EntryState.DISPUTED)
"""Worked, and not approved by all whose approval the contract asks for."""


@dataclass(frozen=True)
class Pending:
    """What waits on a contract, in hundredths of a minute: in all, what the plan itself includes, what each lot (by id,
    in its unit) would give, what nothing covers. `incidents` is how many tickets would draw one.

    `amount` is the exact money that the uncovered part would cost, in minor units of the contract's currency. What a
    correction would take away counts only once it is approved.
    """

    entries: int
    weighted: int
    included: int
    covered: int
    by_lot: Mapping[int, int]
    uncovered: int
    incidents: int
    amount: Fraction


NOTHING = Pending(
    0, weighted=0, included=0, covered=0, by_lot={}, uncovered=0, incidents=0, amount=Fraction(0)
)


def preview(entries: Sequence[TimeEntry], *, known: Known | None = None) -> dict[int, Figures]:
    """What each entry would come to if these were approved together now, by its id.

    Entries without a contract have none, rejected ones neither; an approved one gives its rating. A constant number
    of queries; fewer with what rating has to know of them at hand (`known`).
    """
    waiting = undecided(entries)
    approved = {entry.pk: entry for entry in entries if entry.state == EntryState.APPROVED}
    known = known or Known(waiting)
    figures = {
        key: figures_of_work(work, known.lot_codes, work.entry.contract.version.currency)
        for key, work in rate_entries(waiting, known=known).items()
        if work.entry.contract is not None
    }
    for rating in ratings_in_force(approved):
        figures[rating.entry_id] = figures_of_rating(approved[rating.entry_id], rating)
    return figures


def ratings_in_force(entries: Iterable[int]) -> list[RatedEntry]:
    """The ratings in force of these entries (by id), with segments, draws and lots."""
    draws = Prefetch("draws", SegmentDraw.objects.select_related("lot").order_by("id"))
    segments = Prefetch("segments", RatedSegment.objects.order_by("position").prefetch_related(draws))
    return list(
        RatedEntry.objects.filter(entry__in=list(entries), superseded_at=None).prefetch_related(segments)
    )


def undecided(entries: Iterable[TimeEntry]) -> list[TimeEntry]:
    """Those of these entries that wait for an approval."""
    return [entry for entry in entries if entry.state in UNDECIDED]


def waiting_on(contracts: Sequence[Contract]) -> QuerySet[TimeEntry]:
    """Everything worked on these contracts and not approved by all whose approval they ask for."""
    return with_relations(TimeEntry.objects.filter(contract__in=contracts, state__in=UNDECIDED))


def pending_of(contract: Contract) -> Pending:
    """What waits on one contract: everything worked and not approved by all whose approval it asks for."""
    return pending_for([contract])[contract.pk]


def pending_for(contracts: Sequence[Contract], *, lots: ContractLots | None = None) -> dict[int, Pending]:
    """What waits on each contract, by its id, in a constant number of queries; `lots` are theirs, if at hand."""
    waiting = list(waiting_on(contracts))
    return pending_among(waiting, contracts, known=Known(waiting, lots=lots))


def pending_among(
    waiting: Sequence[TimeEntry], contracts: Iterable[Contract], *, known: Known
) -> dict[int, Pending]:
    """The same of contracts whose waiting entries are at hand, with what rating has to know of them. No query."""
    works: dict[int, list[RatedWork]] = {contract.pk: [] for contract in contracts}
    for work in rate_entries(waiting, known=known).values():
        works[work.entry.contract_id or 0].append(work)
    return {contract_id: _sum(rows) for contract_id, rows in works.items()}


def hours_for(
    contracts: Sequence[Contract], *, now: datetime
) -> tuple[dict[int, Balance], dict[int, Pending]]:
    """What contracts have and what waits on them, each by their id; their lots are read once for both."""
    lots = lots_of(contracts)
    return balances_for(contracts, now=now, lots=lots), pending_for(contracts, lots=lots)


def hours_of(contract: Contract, *, now: datetime) -> tuple[Balance, Pending]:
    """What one contract has and what waits on it."""
    balances, pending = hours_for([contract], now=now)
    return balances[contract.pk], pending[contract.pk]


def _sum(works: Sequence[RatedWork]) -> Pending:
    works = [work for work in works if not work.entry.takes_away]
    by_lot: dict[int, int] = {}
    incidents = [work.incident for work in works if work.incident is not None]
    for take in (*(take for work in works for take in work.takes), *incidents):
        by_lot[take.lot_id] = by_lot.get(take.lot_id, 0) + take.hundredths
    segments = [segment for work in works for segment in work.segments]
    return Pending(
        entries=len(works),
        weighted=sum(segment.weighted_hundredths for segment in segments),
        included=sum(segment.included_hundredths for segment in segments),
        covered=sum(segment.drawn_hundredths for segment in segments),
        by_lot=by_lot,
        incidents=len(incidents),
        uncovered=sum(segment.overage_hundredths for segment in segments),
        amount=sum((segment.amount or Fraction(0) for segment in segments), Fraction(0)),
    )
