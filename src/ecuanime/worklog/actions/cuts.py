"""The daily cut: closing a day for review, and asking each client for approval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ecuanime.accounts.models import User
from ecuanime.clients.models import Client
from ecuanime.worklog.models import Cut, TimeEntry, Timer


@dataclass(frozen=True)
class CutReport:
    """What closing a day did: how many entries it closed, what stays open for an overlap, and timers still running."""

    closed: int
    overlapping: Sequence[TimeEntry]
    stuck: Sequence[Timer]


def close_day(*, day: date, now: datetime, by: User | None = None) -> CutReport:
    """Close for review every open entry done up to `day`, into one Cut per client. Twice or at once is safe.

    Entries that overlap another of the same person stay open. A client whose cut of the day was already sent keeps
    later entries for the next day's cut. Without `by` the product does it at the firm's hour.
    Refused: `not_allowed`, `future` (the day has not begun in the firm's zone).
    """
    raise NotImplementedError


def send_cut(*, client: Client, day: date, by: User, now: datetime) -> Cut:
    """Ask the client's project leads to approve what was reviewed of that day's cut, by mail in their language.

    The term counts from this notice, in working days (`due_on`; of several contracts the longest). Entries reviewed
    later are sent by calling it again, and the term starts anew.
    Refused: `not_allowed`, `no_cut`, `nothing_to_send`, `no_lead` (no project lead with an address).
    """
    raise NotImplementedError
