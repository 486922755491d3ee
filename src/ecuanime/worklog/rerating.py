"""Approved work rated again as its contract stands now: what would come out otherwise, worked out without writing.

A change of plan, calendar, holiday or rate never touches what was rated; somebody asks for it and sees the
difference first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date

from django.db.models import Sum

from ecuanime.contracts.models import Contract, Unit
from ecuanime.entitlements.models import Lot
from ecuanime.entitlements.queries import ContractLots, lots_of
from ecuanime.rules.calendars import local_date
from ecuanime.worklog.figures import Figures, figures_of_rating, figures_of_work
from ecuanime.worklog.models import SegmentDraw, TimeEntry
from ecuanime.worklog.pending import ratings_in_force
from ecuanime.worklog.rating import Known, rate_as_approved, rate_entries, when_done


@dataclass(frozen=True)
class Change:
    """An approved entry that would come out otherwise: as it was rated, and as it would be rated now."""

    entry: TimeEntry
    before: Figures
    after: Figures


def changes_of(contract: Contract, entries: Sequence[TimeEntry]) -> list[Change]:
    """Those of a contract's approved entries that would come out otherwise, in the order of their approval.

    They are rated in that order over what the others leave: what they drew is given back first. A constant number
    of queries; relations of `NEEDED` should be at hand.
    """
    if not entries:
        return []
    known = Known(entries, lots=_without(contract, entries))
    rated = rate_as_approved(entries, known)
    before = figures_in_force(entries)
    currency = contract.version.currency
    changes = [
        Change(work.entry, before[key], figures_of_work(work, known.lot_codes, currency))
        for key, work in rated.items()
    ]
    return [change for change in changes if not says_the_same(change.before, change.after)]


@dataclass(frozen=True)
class Reattachment:
    """What a pack would take of work that nothing covered, were it let reach back to the day of the first of it.

    `left` is the uncovered rest that the pack does not reach for, in hundredths of a minute.
    """

    reaches_back_to: date | None
    changes: list[Change]
    left: int


def reattachment(lot: Lot, entries: Sequence[TimeEntry]) -> Reattachment:
    """What a lot would take of a contract's approved entries, the earliest work first; those that something covers
    whole are left alone. A constant number of queries; relations of `NEEDED` should be at hand.
    """
    before = figures_in_force(entries)
    uncovered = [entry for entry in entries if before[entry.pk].uncovered]
    if not uncovered:
        return Reattachment(None, [], 0)
    contract = lot.contract
    first_day = min(_day_that_decides(entry, lot) for entry in uncovered)
    known = Known(uncovered, lots=_reaching_back(lot, first_day, _without(contract, uncovered)))
    rated = rate_entries(uncovered, known=known)
    currency = contract.version.currency
    all_changes = [
        Change(work.entry, before[key], figures_of_work(work, known.lot_codes, currency))
        for key, work in rated.items()
    ]
    changes = [each for each in all_changes if not says_the_same(each.before, each.after)]
    changes.sort(key=lambda each: when_done(each.entry))
    return Reattachment(first_day, changes, sum(each.after.uncovered for each in all_changes))


def _day_that_decides(entry: TimeEntry, lot: Lot) -> date:
    """The day by which the lot is chosen: that of the work, or for incidents the one on which the ticket was opened."""
    zone = lot.contract.time_zone
    if lot.unit == Unit.INCIDENTS:
        return local_date(entry.ticket.created_at, zone)
    return entry.work_on if entry.started_at is None else local_date(entry.started_at, zone)


def _reaching_back(lot: Lot, day: date, lots: ContractLots) -> ContractLots:
    """The lots as if this one and its bonus reached back so far, and could be used."""
    rows = [row for row in lots.rows if row.pk == lot.pk or (row.is_bonus and row.belongs_to_id == lot.pk)]
    for_rating = dict(lots.for_rating)
    for row in rows:
        known = for_rating[row.pk]
        is_usable = row.voided_at is None
        for_rating[row.pk] = replace(known, valid_from=min(day, known.valid_from), usable=is_usable)
    return replace(lots, for_rating=for_rating)


def figures_in_force(entries: Iterable[TimeEntry]) -> dict[int, Figures]:
    """What approved entries came to, by their ids."""
    by_id = {entry.pk: entry for entry in entries}
    return {
        rating.entry_id: figures_of_rating(by_id[rating.entry_id], rating)
        for rating in ratings_in_force(by_id)
    }


def says_the_same(one: Figures, other: Figures) -> bool:
    """Whether a person would see no difference; the trace only explains."""
    return _said(one) == _said(other)


def mark_of(changes: Iterable[Change]) -> str:
    """A mark of exactly these changes of exactly these versions: whoever confirms them sends it back."""
    told = [
        (change.entry.pk, change.entry.version, _said(change.before), _said(change.after))
        for change in changes
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _said(figures: Figures) -> tuple[object, ...]:
    return astuple(replace(figures, draws=tuple(sorted(figures.draws)), trace=[], currency="", is_final=True))


def _without(contract: Contract, entries: Sequence[TimeEntry]) -> ContractLots:
    """The contract's lots as if these entries had drawn nothing."""
    lots = lots_of([contract])
    in_force = SegmentDraw.objects.filter(
        segment__rating__entry__in=[entry.pk for entry in entries], segment__rating__superseded_at=None
    )
    drawn = dict(in_force.order_by().values_list("lot").annotate(total=Sum("quantity")))
    given_back = {
        key: replace(lot, balance=lot.balance + drawn.get(key, 0)) for key, lot in lots.for_rating.items()
    }
    return replace(lots, for_rating=given_back)
