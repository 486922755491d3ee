"""What work that nobody has done yet would come to under a contract: its scenario, now or as things stood."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime

from django.db.models import Q, Sum

from ecuanime.contracts.models import Contract
from ecuanime.entitlements.history import lots_as_of
from ecuanime.rules.rating import Booked, State, Work, group_of
from ecuanime.rules.scenario import Entry, Scenario
from ecuanime.worklog.models import RatedEntry, TimeEntry
from ecuanime.worklog.rating import Known, work_of


def scenario_of(entry: TimeEntry, contract: Contract, *, as_of: datetime | None = None) -> Scenario:
    """The scenario of an entry that is not stored, under its contract's real terms, lots and roundings.

    They are taken as they stand; with `as_of` lots and roundings are taken as they stood at that instant.
    """
    known = Known([entry])
    terms, state = known.terms[contract.pk], known.state_of(contract.pk)
    work = work_of(entry, terms.zone, known.levels, 0)
    if as_of is not None:
        state = _as_of(state, contract, group_of(work, terms.rounding.group), as_of)
    return Scenario(contract=terms, entries=(_said(work),), before=state)


def _said(work: Work) -> Entry:
    """The work as a scenario says it."""
    return Entry(**asdict(work))


def _as_of(state: State, contract: Contract, group: str, at: datetime) -> State:
    stood = RatedEntry.objects.filter(
        Q(superseded_at=None) | Q(superseded_at__gt=at), contract=contract, group=group, rated_at__lte=at
    )
    sums = stood.aggregate(seconds=Sum("booked_seconds"), minutes=Sum("rounded_minutes"))
    booked = (Booked(group, sums["seconds"], sums["minutes"]),) if sums["seconds"] is not None else ()
    return replace(state, lots=lots_as_of(contract, at), booked=booked)
