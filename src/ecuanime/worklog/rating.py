"""The bridge to the pure engine: entries, terms, lots and what is already booked go in, rated entries come out.

Nothing is written here. Whoever wants to draw gives the lots they have locked; a preview reads them as they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum

from ecuanime.contracts.models import Contract, RoundingGroup
from ecuanime.contracts.terms import terms_for
from ecuanime.entitlements.models import Lot
from ecuanime.entitlements.queries import ContractLots, lots_for_rating, lots_of
from ecuanime.rules import packs
from ecuanime.rules.calendars import local_date
from ecuanime.rules.hours import Group
from ecuanime.rules.rating import (
    Booked,
    Code,
    Rated,
    Segment,
    State,
    Terms,
    Work,
    approve,
    as_json,
    group_of,
    total_booked,
)
from ecuanime.staff.models import Competence
from ecuanime.worklog import earlier
from ecuanime.worklog.corrections import Change, Corrected, correction_step, kind_of
from ecuanime.worklog.models import RatedEntry, TimeEntry

NEEDED = ("ticket", "client", "user", "work_type", "area", "site", "contract__version__calendar")
"""The relations that rating and showing an entry read: `entries.select_related(*NEEDED)`."""


@dataclass(frozen=True)
class RatedWork:
    """One entry as the engine rated it: its segments, its own part of the trace, what it adds to its group, and the
    incident that its ticket draws with it.
    """

    entry: TimeEntry
    segments: tuple[Segment, ...]
    trace: list[dict[str, Any]]
    group: str
    booked_seconds: int
    incident: packs.Drawdown | None = None
    takes_from: tuple[int, ...] = ()
    """Of a correction that takes away: the stored segment that each of its own takes from."""

    @property
    def rounded_minutes(self) -> int:
        """Minutes after rounding."""
        return sum(segment.rounded_minutes for segment in self.segments)

    @property
    def overdraft(self) -> int:
        """Hundredths of a minute that the next lot settles."""
        return sum(segment.overdraft_hundredths for segment in self.segments)

    @property
    def takes(self) -> list[packs.Drawdown]:
        """What it draws, one take for each lot, in the order in which the lots are drawn."""
        taken: dict[int, packs.Drawdown] = {}
        for part in (drawdown for segment in self.segments for drawdown in segment.drawdowns):
            so_far = taken.get(part.lot_id, packs.Drawdown(part.lot_id, 0))
            taken[part.lot_id] = packs.Drawdown(
                part.lot_id,
                so_far.hundredths + part.hundredths,
                so_far.from_expired + part.from_expired,
            )
        return list(taken.values())


def with_relations(entries: QuerySet[TimeEntry]) -> QuerySet[TimeEntry]:
    """The entries with all that rating and screens read of them."""
    return entries.select_related(*NEEDED)


def rate_entries(
    entries: Sequence[TimeEntry], lots: Sequence[Lot] | None = None, *, known: Known | None = None
) -> dict[int, RatedWork]:
    """Rate entries, those of one contract together with the earliest work first; by the entry's id.

    Entries without a contract are left out. `lots` are those the caller has locked; without them they are read.
    `known` was read for these entries, and perhaps for others. The number of queries is constant. Relations of
    `NEEDED` should be at hand.
    """
    known = known or Known(entries, locked=lots)
    by_contract: dict[int, list[TimeEntry]] = {}
    for entry in sorted(entries, key=when_done):
        if entry.contract_id is not None:
            by_contract.setdefault(entry.contract_id, []).append(entry)
    rated: dict[int, RatedWork] = {}
    for contract_id, rows in by_contract.items():
        part, _left = rate_run(rows, known.terms[contract_id], known.state_of(contract_id), known)
        rated |= part
    return rated


class Known:
    """Everything rating has to know besides the entries. Read once, it serves any of the entries it was read for.

    `lots` are used if they are of all contracts concerned; `lot_codes` is what those are called, by id.
    """

    def __init__(
        self,
        entries: Sequence[TimeEntry],
        *,
        locked: Sequence[Lot] | None = None,
        lots: ContractLots | None = None,
    ) -> None:
        contracts = list({entry.contract.pk: entry.contract for entry in entries if entry.contract}.values())
        first, last = _span(entries)
        self.terms: Mapping[int, Terms] = terms_for(contracts, first, last)
        self.levels = _levels(entries)
        rows, for_rating = _lots(contracts, locked, lots)
        self.lot_codes = {lot.pk: lot.code for lot in rows}
        self.lots: dict[int, list[packs.Lot]] = {}
        for lot in rows:
            self.lots.setdefault(lot.contract_id, []).append(for_rating[lot.pk])
        self.corrected = Corrected(entries)
        self.booked = _booked(contracts, entries, self.corrected.groups)
        self.included = earlier.included(self.terms, entries)
        self.incidents = earlier.incidents(self.terms, entries)
        self.used_overage = earlier.used_overage(self.terms, entries)

    def state_of(self, contract_id: int) -> State:
        """What a contract has to draw from, what its groups were rounded to so far, and what was included and charged
        beyond it.
        """
        return State(
            lots=tuple(self.lots.get(contract_id, ())),
            booked=tuple(self.booked.get(contract_id, ())),
            used_overage=self.used_overage.get(contract_id, 0),
            included=tuple(self.included.get(contract_id, ())),
            incidents=frozenset(self.incidents.get(contract_id, ())),
        )


def _lots(
    contracts: Sequence[Contract], locked: Sequence[Lot] | None, lots: ContractLots | None
) -> tuple[Sequence[Lot], Mapping[int, packs.Lot]]:
    if locked is not None:
        return locked, {lot.id: lot for lot in lots_for_rating(locked)}
    if lots is None or not lots.contracts.issuperset(contract.pk for contract in contracts):
        lots = lots_of(contracts)
    return lots.rows, lots.for_rating


def rate_run(
    entries: Sequence[TimeEntry], terms: Terms, state: State, known: Known
) -> tuple[dict[int, RatedWork], State]:
    """Rate one contract's entries, and the state it leaves. Those whose overage the client let be charged are rated so,
    after the others; and corrections last, each by itself.
    """
    rated: dict[int, RatedWork] = {}
    plain = [entry for entry in entries if entry.corrects_id is None]
    consented = [entry for entry in plain if entry.overage_consented_at is not None]
    others = [entry for entry in plain if entry.overage_consented_at is None]
    billing = replace(terms, overage=replace(terms.overage, is_consented=True))
    for part, its_terms in ((others, terms), (consented, billing)):
        works = [work_of(entry, terms.zone, known.levels, order) for order, entry in enumerate(part)]
        run, state = approve(state, works, its_terms)
        for entry, work in zip(part, works, strict=True):
            group = group_of(work, terms.rounding.group)
            rated[entry.pk] = _of_entry(entry, run.rated, group)
    for each in rated.values():
        booked = Booked(each.group, each.booked_seconds, each.rounded_minutes)
        known.corrected.note(each.entry, each.segments, each.takes, booked)
    for entry in entries:
        if entry.corrects_id is not None:
            its_terms = terms if entry.overage_consented_at is None else billing
            rated[entry.pk], state = _rate_correction(entry, its_terms, state, known)
    return rated, state


def _rate_correction(entry: TimeEntry, terms: Terms, state: State, known: Known) -> tuple[RatedWork, State]:
    """What a correction adds, as any late entry of the same group, or takes away; nothing while what it corrects is
    not approved.
    """
    change = known.corrected.change_of(entry, terms)
    if change is None:
        return RatedWork(entry, (), [], "", 0), state
    if change.seconds > 0:
        return _add(entry, change, terms, state, known)
    if kind_of(entry, terms).unit_price is not None:
        away = known.corrected.take_units(entry, change, terms)
    else:
        away = known.corrected.take_away(entry, change, terms, state.booked)
    booked = tuple(total_booked((*state.booked, away.booked)).values())
    work = RatedWork(
        entry,
        away.segments,
        as_json(away.trace),
        away.booked.group,
        away.booked.billable_seconds,
        takes_from=away.takes_from,
    )
    return work, replace(state, booked=booked)


def _add(
    entry: TimeEntry, change: Change, terms: Terms, state: State, known: Known
) -> tuple[RatedWork, State]:
    """Rate what a correction adds; its type's threshold was looked at for the whole and is not looked at again."""
    types = tuple(replace(row, free_under=None) for row in terms.work_types)
    work = replace(work_of(entry, terms.zone, known.levels, 0), billable_seconds=change.seconds)
    run, state = approve(state, [work], replace(terms, work_types=types))
    group = group_of(work, terms.rounding.group)
    added = _of_entry(entry, run.rated, group)
    known.corrected.note_added(entry, change)
    trace = [correction_step(entry, change).as_json(), *added.trace[1:]]
    return replace(added, trace=trace, booked_seconds=change.seconds), state


def work_of(entry: TimeEntry, zone: str, levels: Mapping[tuple[int, int], str], order: int) -> Work:
    """The entry as the engine takes it. Its day is that of the contract's zone, where it has clock times.

    A correction goes by the id of what it corrects, so that both are rounded together; the engine knows no negatives.
    """
    on = entry.work_on if entry.started_at is None else local_date(entry.started_at, zone)
    return Work(
        id=_work_id(entry),
        ticket_id=entry.ticket_id,
        work_on=on,
        elapsed_seconds=max(0, entry.elapsed_seconds),
        billable_seconds=max(0, entry.billed_seconds),
        work_type=entry.work_type.code,
        approved_order=order,
        started_at=entry.started_at,
        ended_at=entry.ended_at,
        area=entry.area.code if entry.area else None,
        site=entry.site.code if entry.site else None,
        level=levels.get((entry.user_id, entry.area_id)) if entry.area_id else None,
        urgent=entry.is_urgent,
        units=Decimal(1 if entry.units is None else max(0, entry.units)),
        ticket_opened_on=local_date(entry.ticket.created_at, zone),
    )


def _work_id(entry: TimeEntry) -> int:
    return entry.corrects_id or entry.pk


def _of_entry(entry: TimeEntry, rated: Rated, group: str) -> RatedWork:
    work_id = _work_id(entry)
    segments = rated.of_work(work_id)
    why = rated.why(work_id)
    is_free = any(step.code == Code.FREE_UNDER_THRESHOLD for step in why)
    is_by_unit = any(segment.group is None for segment in segments)
    seconds = 0 if is_free or is_by_unit else entry.billed_seconds
    incident = next((row.drawdown for row in rated.incidents if row.work_id == work_id), None)
    return RatedWork(entry, segments, as_json(why), "" if is_by_unit else group, seconds, incident)


def when_done(entry: TimeEntry) -> tuple[date, bool, float, int]:
    """Work without clock times counts as done at the beginning of its day."""
    started = entry.started_at
    return (entry.work_on, started is not None, started.timestamp() if started else 0.0, entry.pk)


def _span(entries: Sequence[TimeEntry]) -> tuple[date, date]:
    """The days that rating may look at, with one more on each side for other time zones."""
    if not entries:
        return date.min, date.min
    ends = [entry.ended_at.date() for entry in entries if entry.ended_at]
    days = [entry.work_on for entry in entries]
    return min(days) - timedelta(days=1), max(days + ends) + timedelta(days=1)


def _levels(entries: Sequence[TimeEntry]) -> dict[tuple[int, int], str]:
    """How well each person knows each area that occurs, by their ids."""
    users = {entry.user_id for entry in entries}
    areas = {entry.area_id for entry in entries if entry.area_id}
    rows = Competence.objects.filter(user__in=users, area__in=areas)
    return {(user, area): level for user, area, level in rows.values_list("user_id", "area_id", "level")}


def _booked(
    contracts: Sequence[Contract], entries: Sequence[TimeEntry], corrected: set[str]
) -> dict[int, list[Booked]]:
    """What approved entries added to the groups that these entries may fall into, and to the `corrected`, by contract.

    Superseded ratings do not count, nor do those of the entries themselves.
    """
    prefixes = {RoundingGroup(contract.version.rounding_group) for contract in contracts}
    groups = _possible_groups(entries, prefixes) | corrected
    rows = (
        RatedEntry.objects.filter(Q(superseded_at=None), contract__in=contracts, group__in=groups)
        .exclude(entry__in=[entry.pk for entry in entries])
        .values("contract_id", "group")
        .annotate(seconds=Sum("booked_seconds"), minutes=Sum("rounded_minutes"))
        .order_by()
    )
    found: dict[int, list[Booked]] = {}
    for row in rows:
        found.setdefault(row["contract_id"], []).append(Booked(row["group"], row["seconds"], row["minutes"]))
    return found


def _possible_groups(entries: Sequence[TimeEntry], policies: Iterable[str]) -> set[str]:
    """The names of every group an entry may be rounded in, in its contract's zone, under these policies."""
    names = set()
    for entry in entries:
        if entry.contract is not None:
            work = work_of(entry, entry.contract.time_zone, {}, 0)
            names |= {group_of(work, Group(policy)) for policy in policies}
    return names
