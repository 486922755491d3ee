"""Time as the client sees it in the portal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F

from ecuanime.clients.models import Contact
from ecuanime.contracts.models import Contract
from ecuanime.entitlements.queries import Balance, balances_for, lots_of
from ecuanime.foundation.paging import Page, page_of
from ecuanime.worklog.access import may_approve_time, visible_to_contact
from ecuanime.worklog.figures import Totals
from ecuanime.worklog.models import Cut, EntryState, TimeEntry
from ecuanime.worklog.pending import Pending, pending_among, waiting_on
from ecuanime.worklog.queries.lines import EntryLine, lines_of, totals_of_lines
from ecuanime.worklog.rating import Known, with_relations


@dataclass(frozen=True)
class AwaitingDay:
    """One day's cut with the lines that wait for the contact. `by_silence` says that silence will approve some."""

    cut: Cut
    lines: tuple[EntryLine, ...]
    totals: Totals
    due_on: date | None
    by_silence: bool


@dataclass(frozen=True)
class ClientHours:
    """What waits for a contact, day by day, and by their id what contracts have and what waits on them."""

    awaiting: list[AwaitingDay]
    balances: Mapping[int, Balance]
    pending: Mapping[int, Pending]


def client_hours(contact: Contact, contracts: Sequence[Contract], *, now: datetime) -> ClientHours:
    """What waits for this contact and the hours of these contracts; what rating has to know is read once for both."""
    entries, waiting = _awaiting(contact, now), list(waiting_on(contracts))
    concerned = {entry.contract.pk: entry.contract for entry in entries if entry.contract is not None}
    lots = lots_of((concerned | {contract.pk: contract for contract in contracts}).values())
    known = Known([*entries, *waiting], lots=lots)
    return ClientHours(
        awaiting=_days(lines_of(entries, known=known)),
        balances=balances_for(contracts, now=now, lots=lots),
        pending=pending_among(waiting, contracts, known=known),
    )


def entries_awaiting(contact: Contact, *, now: datetime) -> list[AwaitingDay]:
    """What waits for this project lead or who stands in for one (also what is disputed), the oldest day first; nothing
    for other contacts.
    """
    return _days(lines_of(_awaiting(contact, now)))


def _awaiting(contact: Contact, now: datetime) -> list[TimeEntry]:
    if not may_approve_time(contact, now=now):
        return []
    waiting = visible_to_contact(contact).filter(
        state__in=[EntryState.REVIEWED, EntryState.DISPUTED], cut__isnull=False
    )
    rows = with_relations(waiting).select_related("cut")
    return list(rows.order_by("cut__day", "work_on", F("started_at").asc(nulls_last=True), "id"))


def _days(lines: Iterable[EntryLine]) -> list[AwaitingDay]:
    by_cut: dict[int, list[EntryLine]] = {}
    for line in lines:
        by_cut.setdefault(line.entry.cut_id or 0, []).append(line)
    return [_day(those) for those in by_cut.values()]


def _day(lines: list[EntryLine]) -> AwaitingDay:
    cut = lines[0].entry.cut
    if cut is None:
        raise ValueError("a waiting entry belongs to a cut")
    contracts = [line.entry.contract for line in lines if line.entry.contract is not None]
    return AwaitingDay(
        cut=cut,
        lines=tuple(lines),
        totals=totals_of_lines(lines),
        due_on=cut.due_on,
        by_silence=any(contract.version.silence_is_consent for contract in contracts),
    )


def portal_entries(contact: Contact, *, after: str = "", size: int = 50) -> Page[TimeEntry]:
    """The entries of the contact's client from the notice on, the latest day first."""
    rows = with_relations(visible_to_contact(contact)).select_related("cut")
    return page_of(rows, order=["-work_on", "-id"], after=after, size=size)


def entries_by_cause(causes: Iterable[str]) -> dict[str, TimeEntry]:
    """The entries that ledger movements name as their cause (`entry:512`), with ticket and person, by that cause."""
    ids = {cause.removeprefix("entry:") for cause in causes if cause.startswith("entry:")}
    entries = with_relations(TimeEntry.objects.filter(pk__in=[int(key) for key in ids if key.isdigit()]))
    return {f"entry:{entry.pk}": entry for entry in entries}
