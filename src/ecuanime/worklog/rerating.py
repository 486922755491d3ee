"""Approved work rated again as its contract stands now: what would come out otherwise, worked out without writing.

A change of plan, calendar, holiday or rate never touches what was rated; somebody asks for it and sees the
difference first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date

from ecuanime.contracts.models import Contract, Unit
from ecuanime.entitlements.models import Lot
from ecuanime.entitlements.queries import ContractLots
from ecuanime.rules.calendars import local_date
from ecuanime.worklog.figures import Figures, figures_of_rating, figures_of_work
from ecuanime.worklog.models import TimeEntry
from ecuanime.worklog.pending import ratings_in_force
from ecuanime.worklog.rating import Known, RatedWork, rate_entries, when_done
from ecuanime.worklog.replay import GivenBack, given_back, known_of, rate_as_approved


@dataclass(frozen=True)
class Change:
    """An approved entry that would come out otherwise: as it was rated, and as it would be rated now."""

    entry: TimeEntry
    before: Figures
    after: Figures


@dataclass(frozen=True)
class Replay:
    """What rating a contract's approved entries again would change, and what has to be booked anew for it, both in the
    order of their approval.

    Where hours go back to lots between the approvals, by a correction or for a settled overdraft, what comes out the
    same is booked anew too: only so does each find what it found in the comparison.
    """

    changes: list[Change]
    again: list[Change]


def changes_of(contract: Contract, entries: Sequence[TimeEntry]) -> list[Change]:
    """Those of a contract's approved entries that would come out otherwise; as `replay`."""
    return replay(contract, entries).changes


def replay(contract: Contract, entries: Sequence[TimeEntry]) -> Replay:
    """What rating a contract's approved entries again would change.

    They are rated in the order of their approval over what the others leave: what they drew is given back first. A
    constant number of queries; relations of `NEEDED` should be at hand.
    """
    if not entries:
        return Replay([], [])
    before = given_back(contract, entries)
    known = known_of(contract, entries, before)
    compared = _compared(contract, entries, rate_as_approved(entries, known, before), known)
    changes = [change for change in compared if not says_the_same(change.before, change.after)]
    return Replay(changes, compared if _gives_hours_back(entries, before) else changes)


def _compared(
    contract: Contract, entries: Sequence[TimeEntry], rated: Mapping[int, RatedWork], known: Known
) -> list[Change]:
    before, currency = figures_in_force(entries), contract.version.currency
    return [
        Change(work.entry, before[key], figures_of_work(work, known.lot_codes, currency))
        for key, work in rated.items()
    ]


def _gives_hours_back(entries: Iterable[TimeEntry], before: GivenBack) -> bool:
    """Whether hours go back to lots between the approvals: by a correction, or for what a lot has settled."""
    return before.settles_again or any(entry.takes_away for entry in entries)


@dataclass(frozen=True)
class Reattachment:
    """What a pack would take of work that nothing covered, were it let reach back to the day of the first of it.

    `again` is what has to be booked anew for it, the changes among it; `left` is the uncovered rest that the pack does
    not reach for, in hundredths of a minute.
    """

    reaches_back_to: date | None
    changes: list[Change]
    again: list[Change]
    left: int


def reattachment(lot: Lot, entries: Sequence[TimeEntry]) -> Reattachment:
    """What a lot would take of a contract's approved entries, the earliest work first; those that something covers
    whole are left alone. A constant number of queries; relations of `NEEDED` should be at hand.
    """
    before = figures_in_force(entries)
    uncovered = [entry for entry in entries if before[entry.pk].uncovered]
    if not uncovered:
        return Reattachment(None, [], [], 0)
    contract = lot.contract
    first_day = min(_day_that_decides(entry, lot) for entry in uncovered)
    found = given_back(contract, uncovered)
    found = replace(found, lots=_reaching_back(lot, first_day, found.lots))
    known = known_of(contract, uncovered, found)
    all_changes = _compared(contract, uncovered, rate_entries(uncovered, known=known), known)
    changes = [each for each in all_changes if not says_the_same(each.before, each.after)]
    changes.sort(key=lambda each: when_done(each.entry))
    again = all_changes if _gives_hours_back(uncovered, found) else changes
    return Reattachment(first_day, changes, again, sum(each.after.uncovered for each in all_changes))


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
