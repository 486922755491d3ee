"""The supervisor's side: approve, adjust with a reason, reject.

Each call names the version that the person had seen; a newer one is refused (`changed`), so that nobody approves what
they have not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ecuanime.accounts.models import User
from ecuanime.contracts.models import Contract, WorkType
from ecuanime.worklog.models import TimeEntry

AS_IT_IS = -1


def review_entry(*, entry: TimeEntry, by: User, now: datetime, version: int | None = None) -> TimeEntry:
    """Approve one closed entry as supervisor; see `review_entries`."""
    raise NotImplementedError


def review_entries(*, seen: Mapping[int, int], by: User, now: datetime) -> list[TimeEntry]:
    """Approve closed entries as supervisor, all or none. `seen` is the version of each by its id.

    Where the contract asks for no more (or nothing is charged: goodwill), this is the last approval and draws;
    otherwise they wait for the client, who is told by `send_cut`. Repeated, it changes nothing.
    Refused: `not_allowed`, `changed`, `not_closed`, `no_contract`, `overlap`, `no_rate`, `outside_contract`,
    `own_time` (somebody else can approve it).
    """
    raise NotImplementedError


def adjust_entry(
    *,
    entry: TimeEntry,
    by: User,
    reason: str,
    now: datetime,
    version: int | None = None,
    billable_seconds: int | None = AS_IT_IS,
    work_type: WorkType | None = None,
    contract: Contract | None = None,
    note: str | None = None,
    is_urgent: bool | None = None,
) -> TimeEntry:
    """Change what counts of an entry that is not approved yet; what was worked stays. It must be reviewed (anew).

    `billable_seconds` 0 is goodwill, None counts all that was worked. The version grows and earlier approvals of the
    entry no longer count.
    Refused: `not_allowed`, `no_reason`, `changed`, `not_adjustable`, `billable_above_elapsed`, `foreign_contract`,
    `nothing_changed`.
    """
    raise NotImplementedError


def choose_contract(*, entry: TimeEntry, contract: Contract, by: User, now: datetime) -> TimeEntry:
    """Say which contract an entry without one belongs to; its person while it is open, else a supervisor.

    Refused: `not_allowed`, `has_contract` (adjust it with a reason), `foreign_contract`, `not_adjustable`.
    """
    raise NotImplementedError


def reject_entry(
    *, entry: TimeEntry, by: User, reason: str, now: datetime, version: int | None = None
) -> TimeEntry:
    """Refuse an entry that is not approved yet: it is kept, and never charged. Repeated, it changes nothing.

    Refused: `not_allowed`, `no_reason`, `changed`, `not_adjustable`.
    """
    raise NotImplementedError
