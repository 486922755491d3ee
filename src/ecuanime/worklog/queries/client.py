"""Time as the client sees it in the portal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ecuanime.clients.models import Contact
from ecuanime.foundation.paging import Page
from ecuanime.worklog.figures import Totals
from ecuanime.worklog.models import Cut, TimeEntry
from ecuanime.worklog.queries.cuts import EntryLine


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
    raise NotImplementedError


def portal_entries(contact: Contact, *, after: str = "", size: int = 50) -> Page[TimeEntry]:
    """The entries of the contact's client from the notice on, the latest work first."""
    raise NotImplementedError


def entries_by_cause(causes: Iterable[str]) -> dict[str, TimeEntry]:
    """The entries that ledger movements name as their cause (`entry:512`), with ticket and person, by that cause."""
    raise NotImplementedError
