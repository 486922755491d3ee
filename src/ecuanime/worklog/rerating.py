"""Approved work rated again as its contract stands now: what would come out otherwise, worked out without writing.

A change of plan, calendar, holiday or rate never touches what was rated; somebody asks for it and sees the
difference first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, replace

from django.db.models import Sum

from ecuanime.contracts.models import Contract
from ecuanime.entitlements.queries import ContractLots, lots_of
from ecuanime.worklog.figures import Figures, figures_of_rating, figures_of_work
from ecuanime.worklog.models import SegmentDraw, TimeEntry
from ecuanime.worklog.pending import ratings_in_force
from ecuanime.worklog.rating import Known, rate_as_approved


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
