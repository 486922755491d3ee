"""Time entries written by hand: record, edit, delete, until the daily cut closes them.

An overlap with another entry of the same person may be saved, so that nothing is lost, but neither is closed nor
reviewed until it is resolved: `queries.overlaps_of` shows them.
"""

from __future__ import annotations

from datetime import date, datetime

from ecuanime.accounts.models import User
from ecuanime.contracts.models import Contract, WorkType
from ecuanime.tickets.models import Ticket
from ecuanime.worklog.models import TimeEntry


def record_time(
    *,
    user: User,
    ticket: Ticket,
    work_type: WorkType,
    now: datetime,
    started_at: datetime | None = None,
    ended_at: datetime | None = None,
    work_on: date | None = None,
    seconds: int | None = None,
    note: str = "",
    contract: Contract | None = None,
    is_urgent: bool = False,
    billable_seconds: int | None = None,
    units: int | None = None,
) -> TimeEntry:
    """Record work, either from `started_at` to `ended_at`, or as `seconds` on the day `work_on` without clock times.

    The contract is the one given, the ticket's, or the client's that fits; it may stay empty and must then be chosen
    before the review. A day that was already cut takes the entry as a late one: the next cut closes it.
    Refused: `not_allowed`, `no_client`, `bad_times` (neither form whole), `future`, `end_before_start`, `too_short`,
    `too_long` (over 24 h), `foreign_contract`, `billable_above_elapsed`.
    """
    raise NotImplementedError


def edit_entry(
    *,
    entry: TimeEntry,
    by: User,
    work_type: WorkType,
    now: datetime,
    started_at: datetime | None = None,
    ended_at: datetime | None = None,
    work_on: date | None = None,
    seconds: int | None = None,
    note: str = "",
    contract: Contract | None = None,
    is_urgent: bool = False,
    billable_seconds: int | None = None,
    units: int | None = None,
) -> TimeEntry:
    """Replace what one's own entry says, while it is open; its version grows.

    Refused as `record_time` does, and `not_yours`, `closed`.
    """
    raise NotImplementedError


def delete_entry(*, entry: TimeEntry, by: User, now: datetime) -> None:
    """Delete one's own entry while it is open; the audit trail keeps what it said. Refused: `not_yours`, `closed`."""
    raise NotImplementedError
