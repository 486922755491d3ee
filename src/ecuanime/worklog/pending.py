"""What work that is not approved yet would cost, by the same engine and without writing anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Prefetch

from ecuanime.contracts.models import Contract
from ecuanime.entitlements.models import Lot
from ecuanime.worklog.figures import Figures, figures_of_rating, figures_of_work
from ecuanime.worklog.models import EntryState, RatedEntry, RatedSegment, SegmentDraw, TimeEntry
from ecuanime.worklog.rating import RatedWork, rate_entries, with_relations

UNDECIDED = (EntryState.OPEN, EntryState.CLOSED, EntryState.REVIEWED, EntryState.DISPUTED)
"""Worked, and not approved by all whose approval the contract asks for."""


@dataclass(frozen=True)
class Pending:
    """What waits on a contract, in hundredths of a minute: in all, what each lot (by id) would give, what none would.

    `amount` is the exact money that the uncovered part would cost, in minor units of the contract's currency.
    """

    entries: int
    weighted: int
    by_lot: Mapping[int, int]
    uncovered: int
    amount: Fraction

    @property
    def covered(self) -> int:
        """What the lots would give: `balance.less(pending.covered)` is what would be left."""
        return sum(self.by_lot.values())


NOTHING = Pending(entries=0, weighted=0, by_lot={}, uncovered=0, amount=Fraction(0))


def preview(entries: Sequence[TimeEntry]) -> dict[int, Figures]:
    """What each entry would come to if these were approved together now, by its id.

    Entries without a contract have none, rejected ones neither; an approved one gives its rating. A constant number
    of queries.
    """
    undecided = [entry for entry in entries if entry.state in UNDECIDED]
    approved = {entry.pk: entry for entry in entries if entry.state == EntryState.APPROVED}
    rated = rate_entries(undecided)
    codes = _codes_of_lots(rated.values())
    figures = {
        key: figures_of_work(work, codes, work.entry.contract.version.currency)
        for key, work in rated.items()
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


def pending_of(contract: Contract) -> Pending:
    """What waits on one contract: everything worked and not approved by all whose approval it asks for."""
    return pending_for([contract])[contract.pk]


def pending_for(contracts: Sequence[Contract]) -> dict[int, Pending]:
    """What waits on each contract, by its id, in a constant number of queries."""
    waiting = with_relations(TimeEntry.objects.filter(contract__in=contracts, state__in=UNDECIDED))
    works: dict[int, list[RatedWork]] = {contract.pk: [] for contract in contracts}
    for work in rate_entries(list(waiting)).values():
        works[work.entry.contract_id or 0].append(work)
    return {contract_id: _sum(rows) for contract_id, rows in works.items()}


def _sum(works: Sequence[RatedWork]) -> Pending:
    by_lot: dict[int, int] = {}
    for take in (take for work in works for take in work.takes):
        by_lot[take.lot_id] = by_lot.get(take.lot_id, 0) + take.hundredths
    segments = [segment for work in works for segment in work.segments]
    return Pending(
        entries=len(works),
        weighted=sum(segment.weighted_hundredths for segment in segments),
        by_lot=by_lot,
        uncovered=sum(segment.overage_hundredths for segment in segments),
        amount=sum((segment.amount or Fraction(0) for segment in segments), Fraction(0)),
    )


def _codes_of_lots(works: Iterable[RatedWork]) -> dict[int, str]:
    ids = {take.lot_id for work in works for take in work.takes}
    return dict(Lot.objects.filter(pk__in=ids).values_list("pk", "code"))
