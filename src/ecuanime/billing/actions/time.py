"""Taking approved time back, which worklog cannot decide alone: it must not stand on a live line."""

from __future__ import annotations

from datetime import datetime

from ecuanime.accounts.models import User
from ecuanime.worklog.models import TimeEntry


def free_time(*, entry: TimeEntry, reason: str, by: User, now: datetime) -> TimeEntry:
    """Hand an approved entry back to review, unless it stands on a draft or an invoice.

    Refused: `on_draft` (discard the draft first), `invoiced` (credit the invoice), and as `worklog.free_entry`.
    """
    raise NotImplementedError


def rate_time_again(*, entry: TimeEntry, reason: str, by: User, now: datetime) -> TimeEntry:
    """Rate an approved entry anew, unless it stands on a draft or an invoice. Refused: as `free_time`."""
    raise NotImplementedError
