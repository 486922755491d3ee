"""The last approval draws: rating, ledger and the entry's state change in one transaction.

Locks are always taken in the same order: entries by id, then contracts by id, then each contract's lots by id.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ecuanime.accounts.models import User
from ecuanime.worklog.models import TimeEntry


def draw_entries(*, entries: Sequence[TimeEntry], now: datetime) -> list[TimeEntry]:
    """Approve, rate and draw entries whose last approval was just given, in this transaction.

    `entries` must be locked by the caller. Those of one contract are rated together, the earliest work first. An
    entry that was already drawn is left as it is.
    """
    raise NotImplementedError


def free_entry(*, entry: TimeEntry, reason: str, now: datetime, by: User | None = None) -> TimeEntry:
    """Take an approved entry back: reverse what it drew, supersede its rating, and let it wait for review again.

    The caller makes sure that no live invoice line charges it (a credit note frees its entries with this).
    Repeated, it changes nothing. Refused: `not_approved`, `no_reason`.
    """
    raise NotImplementedError


def rate_again(*, entry: TimeEntry, by: User, reason: str, now: datetime) -> TimeEntry:
    """Rate an approved entry anew, as lots and rates stand now, keeping its approvals: a pack that was bought later
    can take what was held or uncovered. The caller makes sure that it is on no invoice.

    Refused: `not_allowed`, `not_approved`, `no_reason`.
    """
    raise NotImplementedError
