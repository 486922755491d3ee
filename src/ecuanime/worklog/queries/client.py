"""Time as the client sees it in the portal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from ecuanime.clients.models import Contact
from ecuanime.foundation.paging import Page, page_of
from ecuanime.worklog.access import may_approve_time, visible_to_contact
from ecuanime.worklog.figures import Totals
from ecuanime.worklog.models import Cut, EntryState, TimeEntry
from ecuanime.worklog.queries.lines import EntryLine, lines_of, totals_of_lines
from ecuanime.worklog.rating import with_relations


@dataclass(frozen=True)
class AwaitingDay:
    """One day's cut with the lines that wait for the contact. `by_silence` says that silence will approve some."""

    cut: Cut
    lines: tuple[EntryLine, ...]
    totals: Totals
    due_on: date | None
    by_silence: bool


def entries_awaiting(contact: Contact) -> list[AwaitingDay]:
    """What waits for this project lead (also what is disputed), the oldest day first; nothing for other contacts."""
    if not may_approve_time(contact):
        return []
    waiting = visible_to_contact(contact).filter(
        state__in=[EntryState.REVIEWED, EntryState.DISPUTED], cut__isnull=False
    )
    rows = with_relations(waiting).select_related("cut")
    ordered = rows.order_by("cut__day", "work_on", F("started_at").asc(nulls_last=True), "id")
    by_cut: dict[int, list[EntryLine]] = {}
    for line in lines_of(list(ordered)):
        by_cut.setdefault(line.entry.cut_id or 0, []).append(line)
    return [_day(lines) for lines in by_cut.values()]


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
    """The entries of the contact's client from the notice on, the latest first."""
    rows = with_relations(visible_to_contact(contact)).select_related("cut")
    return page_of(rows, order=["-id"], after=after, size=size)


def entries_by_cause(causes: Iterable[str]) -> dict[str, TimeEntry]:
    """The entries that ledger movements name as their cause (`entry:512`), with ticket and person, by that cause."""
    ids = {cause.removeprefix("entry:") for cause in causes if cause.startswith("entry:")}
    entries = with_relations(TimeEntry.objects.filter(pk__in=[int(key) for key in ids if key.isdigit()]))
    return {f"entry:{entry.pk}": entry for entry in entries}
