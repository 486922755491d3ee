"""Approved work of one contract rated anew in the order of its approvals, without writing: over what it would find if
none of it had taken anything, each approval over what the earlier ones leave.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby

from django.db.models import Sum

from ecuanime.contracts.models import Contract
from ecuanime.entitlements.overdrafts import overdraft_of
from ecuanime.entitlements.queries import ContractLots, lots_of
from ecuanime.rules.overdraft import Account, Settled, settle_again, take_back
from ecuanime.rules.rating import Included, OveragePolicy, State, Terms
from ecuanime.worklog.models import RatedSegment, SegmentDraw, TimeEntry
from ecuanime.worklog.rating import Known, RatedWork, rate_run, when_done


@dataclass(frozen=True)
class GivenBack:
    """A contract's lots and overdraft as if some approved entries had taken nothing, and what of an overdraft returned
    to lots for each entry (by id).
    """

    lots: ContractLots
    overdraft: Account
    returned: Mapping[int, tuple[Settled, ...]] = field(default_factory=dict)

    @property
    def settles_again(self) -> bool:
        """Whether lots had settled what any of the entries had overdrawn."""
        return any(self.returned.values())


def in_order(entries: Iterable[TimeEntry]) -> list[TimeEntry]:
    """Entries in the order in which approval draws them; a correction never before what it corrects."""
    listed = list(entries)
    approved = {entry.pk: entry.approved_at for entry in listed}

    def key(entry: TimeEntry) -> tuple[object, ...]:
        is_consented = entry.overage_consented_at is not None
        return (_moment(entry, approved), entry.corrects_id is not None, is_consented, when_done(entry))

    return sorted(listed, key=key)


def runs_of(entries: Sequence[TimeEntry]) -> list[list[TimeEntry]]:
    """The same, those approved together as one run."""
    approved = {entry.pk: entry.approved_at for entry in entries}
    together = groupby(in_order(entries), key=lambda entry: _moment(entry, approved))
    return [list(run) for _at, run in together]


def _moment(entry: TimeEntry, approved: Mapping[int, datetime | None]) -> float:
    """When it was approved; a correction of what was approved anew counts from then on."""
    moments = (entry.approved_at, approved.get(entry.corrects_id or 0))
    return max((each.timestamp() for each in moments if each), default=0.0)


def given_back(contract: Contract, entries: Sequence[TimeEntry]) -> GivenBack:
    """What a contract's entries would find if they had taken nothing; the last of them is taken back first."""
    lots, account = lots_of([contract]), overdraft_of(contract)
    overdrawn, returned = _overdrawn(entries), {}
    for entry in reversed(in_order(entries)):
        if overdrawn.get(entry.pk):
            returned[entry.pk], account = take_back(account, overdrawn[entry.pk])
    back = _drawn(entries)
    for part in (part for parts in returned.values() for part in parts):
        back[part.lot_id] = back.get(part.lot_id, 0) + part.hundredths
    for_rating = {
        key: replace(lot, balance=lot.balance + back.get(key, 0)) for key, lot in lots.for_rating.items()
    }
    return GivenBack(replace(lots, for_rating=for_rating), account, returned)


def known_of(contract: Contract, entries: Sequence[TimeEntry], before: GivenBack) -> Known:
    """What rating these entries has to know, as if they had taken nothing."""
    known = Known(entries, lots=before.lots)
    if _overdraws(known.terms[contract.pk]):
        known.used_overage[contract.pk] = before.overdraft.owed
    return known


def _overdraws(terms: Terms) -> bool:
    return terms.overage.policy == OveragePolicy.OVERDRAFT


def _drawn(entries: Iterable[TimeEntry]) -> dict[int, int]:
    """What these entries have drawn, by lot."""
    in_force = SegmentDraw.objects.filter(
        segment__rating__entry__in=[entry.pk for entry in entries], segment__rating__superseded_at=None
    )
    return dict(in_force.order_by().values_list("lot").annotate(total=Sum("quantity")))


def _overdrawn(entries: Iterable[TimeEntry]) -> dict[int, int]:
    """What each of these entries has overdrawn, less what its corrections took off."""
    by_id = {entry.pk: entry for entry in entries}
    rows = RatedSegment.objects.filter(rating__entry__in=by_id, rating__superseded_at=None)
    found: dict[int, int] = {}
    for pk, total in rows.order_by().values_list("rating__entry").annotate(total=Sum("overdraft")):
        entry = by_id[pk]
        key = entry.corrects_id if entry.takes_away else pk
        found[key or pk] = found.get(key or pk, 0) + total
    return found


def rate_as_approved(entries: Sequence[TimeEntry], known: Known, before: GivenBack) -> dict[int, RatedWork]:
    """Rate approved entries of one contract in the order of their approval, each approval as a run of its own."""
    if not entries:
        return {}
    contract_id = entries[0].contract_id or 0
    terms, state = known.terms[contract_id], known.state_of(contract_id)
    rated: dict[int, RatedWork] = {}
    account = before.overdraft
    for run in runs_of(entries):
        part, state = rate_run(run, terms, state, known)
        state = _after_corrections(state, part.values())
        state, account = _after_overdraft(state, account, part.values(), before.returned)
        if _overdraws(terms):
            state = replace(state, used_overage=account.owed)
        rated |= part
    return rated


def _after_corrections(state: State, works: Iterable[RatedWork]) -> State:
    """What corrections that took away leave to the next run: hours in their lots, minutes of covers and of a limit."""
    taking = [work for work in works if work.entry.takes_away]
    segments = [(work.entry, segment) for work in taking for segment in work.segments]
    covers = [
        Included(entry.ticket_id, segment.cover_id, segment.included_hundredths)
        for entry, segment in segments
        if segment.cover_id is not None
    ]
    used = sum(
        segment.overage_hundredths - segment.held_hundredths - segment.consented_hundredths
        for _entry, segment in segments
    )
    back = [(take.lot_id, -take.hundredths) for work in taking for take in work.takes]
    state = _with_hours(state, back)
    return replace(state, included=(*state.included, *covers), used_overage=state.used_overage + used)


def _after_overdraft(
    state: State,
    account: Account,
    works: Iterable[RatedWork],
    returned: Mapping[int, tuple[Settled, ...]],
) -> tuple[State, Account]:
    """What a run leaves of the overdraft: more owed, some of it taken off again by corrections or settled again."""
    listed = list(works)
    account = replace(account, owed=account.owed + sum(max(0, work.overdraft) for work in listed))
    overdrawn = {work.entry.pk: work.overdraft for work in listed if work.overdraft > 0}
    for work in listed:
        if work.overdraft < 0:
            back, account = take_back(account, -work.overdraft)
            state = _with_hours(state, [(part.lot_id, part.hundredths) for part in back])
            corrected = work.entry.corrects_id or 0
            if corrected in overdrawn:
                overdrawn[corrected] += work.overdraft
    for pk, hundredths in overdrawn.items():
        available = {lot.id: lot.balance + lot.expired for lot in state.lots}
        parts = settle_again(returned.get(pk, ()), min(account.owed, hundredths), available)
        state = _with_hours(state, [(part.lot_id, -part.hundredths) for part in parts])
        paid = sum(part.hundredths for part in parts)
        account = Account(account.owed - paid, (*reversed(parts), *account.settled))
    return state, account


def _with_hours(state: State, changes: Iterable[tuple[int, int]]) -> State:
    lots = {lot.id: lot for lot in state.lots}
    for lot_id, hundredths in changes:
        lots[lot_id] = replace(lots[lot_id], balance=lots[lot_id].balance + hundredths)
    return replace(state, lots=tuple(lots.values()))
